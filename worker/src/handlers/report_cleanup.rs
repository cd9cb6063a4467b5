//! Removes files of reports.

use common::app::report::{self, CleanupError};
use common::error::chain;
use common::jobs::Outcome;

use super::Handlers;

/// Removes what is past its retention; what is gone already is fine.
pub async fn run(handlers: &Handlers) -> Outcome {
    let Some(generator) = &handlers.generator else {
        return super::misdirected();
    };
    match report::cleanup(
        &generator.pool,
        &generator.storage,
        &generator.clock,
        handlers.report_retention_days,
    )
    .await
    {
        Ok(reports) => {
            if reports > 0 {
                tracing::info!(reports, "report files deleted");
            }
            Outcome::Done
        }
        Err(CleanupError::TurnedAway(turned_away)) => super::postponed(turned_away),
        Err(error) => {
            if error.needs_people() {
                super::alert(&chain(&error));
            }
            Outcome::of_failure(&error)
        }
    }
}
