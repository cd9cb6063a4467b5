//! What an attempt at an uploaded timetable means for its job.

use domain::id::TimetableUploadId;
use kernel::chain;
use ledger::Outcome;

use super::{alert, postponed};
use crate::timetable::upload::importer::TimetableError;
use crate::timetable::upload::process::Processed;

/// The outcome of an attempt at an uploaded timetable.
pub fn processed(upload_id: TimetableUploadId, processed: Result<Processed, TimetableError>) -> Outcome {
    match processed {
        Ok(Processed::Now | Processed::Before | Processed::Refused) => Outcome::Done,
        Ok(Processed::Overtaken) => {
            tracing::warn!(%upload_id, "another attempt has begun; this attempt was discarded");
            Outcome::Done
        }
        Err(TimetableError::TurnedAway(turned_away)) => postponed(turned_away),
        Err(error @ TimetableError::NoArchive) => Outcome::Fail(chain(&error)),
        Err(error) => {
            if error.needs_people() {
                alert(&chain(&error));
            }
            Outcome::of_failure(&error)
        }
    }
}
