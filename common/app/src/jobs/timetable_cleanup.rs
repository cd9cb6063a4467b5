//! Removes archives of uploaded timetables that are past their retention, in bounded batches.
//!
//! Cause: every hour (`scheduler/src/housekeeping.rs`).

use apalis_core::task::data::Data;
use kernel::chain;
use ledger::{Job, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{outcome, queue, terms};
use crate::timetable::upload::{self, TimetableCleanupError, TimetableImporter};

/// Remove old archives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimetableCleanup {}

impl Job for TimetableCleanup {
    const KIND: &'static str = "timetable_cleanup";
    const QUEUE: Queue = queue::TIMETABLE;
    const TERMS: Terms = terms::CLEANUP;
    type Data = TimetableImporter;
}

/// Removes what is past its retention; archives that are already gone are no error.
pub async fn run(_: TimetableCleanup, importer: Data<TimetableImporter>) -> Outcome {
    match upload::cleanup(&importer).await {
        Ok(uploads) => {
            if uploads > 0 {
                tracing::info!(uploads, "archives of timetables deleted");
            }
            Outcome::Done
        }
        Err(TimetableCleanupError::TurnedAway(turned_away)) => outcome::postponed(turned_away),
        Err(error) => {
            if error.needs_people() {
                outcome::alert(&chain(&error));
            }
            Outcome::of_failure(&error)
        }
    }
}
