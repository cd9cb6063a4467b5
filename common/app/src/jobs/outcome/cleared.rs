//! What a run of housekeeping means for its job.

use ledger::Outcome;

use crate::error::AppResult;
use crate::housekeeping::Cleared;

/// The outcome of a run of housekeeping; the next tick deletes what it left.
pub fn cleared(what: &'static str, cleared: AppResult<Cleared>) -> Outcome {
    match cleared {
        Ok(Cleared { rows: 0, .. }) => Outcome::Done,
        Ok(Cleared { rows, is_all }) => {
            tracing::info!(what, rows, is_all, "old rows deleted");
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
