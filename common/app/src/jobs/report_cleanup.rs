//! Removes files of reports that are past their retention, in bounded batches.
//!
//! Cause: every hour (`scheduler/src/housekeeping.rs`).

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use kernel::chain;
use ledger::{Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{outcome, queue, terms};
use crate::report::{self, CleanupError, ReportRemover};

/// Remove old files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportCleanup {}

impl Job for ReportCleanup {
    const KIND: &'static str = "report_cleanup";
    const QUEUE: Queue = queue::REPORT;
    const TERMS: Terms = Terms {
        max_attempts: 5,
        timeout: TimeDelta::minutes(5),
        backoff: TimeDelta::seconds(30),
        hold_limit: terms::HOLD_LIMIT,
        priority: Priority::Normal,
    };
    type Data = ReportRemover;
}

/// Removes what is past its retention; files that are already gone are no error.
pub async fn run(_: ReportCleanup, remover: Data<ReportRemover>) -> Outcome {
    match report::cleanup(&remover).await {
        Ok(reports) => {
            if reports > 0 {
                tracing::info!(reports, "report files deleted");
            }
            Outcome::Done
        }
        Err(CleanupError::TurnedAway(turned_away)) => outcome::postponed(turned_away),
        Err(error) => {
            if error.needs_people() {
                outcome::alert(&chain(&error));
            }
            Outcome::of_failure(&error)
        }
    }
}
