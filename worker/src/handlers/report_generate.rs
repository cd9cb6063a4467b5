//! Makes one report.

use common::app::report::{self, GenerateError, Generated};
use common::error::chain;
use common::id::ReportId;
use common::jobs::Outcome;

use super::Handlers;

/// Makes the report; one that is finished is left alone.
pub async fn run(handlers: &Handlers, report_id: ReportId) -> Outcome {
    let Some(generator) = &handlers.generator else {
        return super::misdirected();
    };
    match report::generate(generator, report_id).await {
        Ok(Generated::Now | Generated::Before) => Outcome::Done,
        Ok(Generated::Overtaken) => {
            tracing::warn!(%report_id, "another attempt has begun; this attempt was discarded");
            Outcome::Done
        }
        Err(GenerateError::TurnedAway(turned_away)) => super::postponed(turned_away),
        Err(error) => {
            if error.needs_people() {
                super::alert(&chain(&error));
            }
            Outcome::of_failure(&error)
        }
    }
}
