//! Makes one report.

use common::app::report::{self, Made, MakeError};
use common::error::chain;
use common::id::ReportId;
use common::jobs::Outcome;

use super::Handlers;

/// Makes the report; one that is finished is left alone.
pub async fn run(handlers: &Handlers, report_id: ReportId) -> Outcome {
    let Some(maker) = &handlers.maker else {
        return super::misdirected();
    };
    match report::generate(maker, report_id).await {
        Ok(Made::Now | Made::Before) => Outcome::Done,
        Ok(Made::Overtaken) => {
            tracing::warn!(%report_id, "another attempt has begun; this attempt was discarded");
            Outcome::Done
        }
        Err(MakeError::TurnedAway(turned_away)) => super::postponed(turned_away),
        Err(error) => {
            if error.needs_people() {
                super::alert(&chain(&error));
            }
            Outcome::of_failure(&error)
        }
    }
}
