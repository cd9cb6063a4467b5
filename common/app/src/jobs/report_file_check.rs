//! Checks whether the files of complete reports and the archives of timetables are in the store ([`crate::invariant`]).
//!
//! Cause: every minute, when none waits (`scheduler/src/invariant.rs`).

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use kernel::chain;
use ledger::{Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{queue, terms};
use crate::invariant::files::{self, FileCheck, FileCheckError};

/// Check the files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportFileCheck {}

impl Job for ReportFileCheck {
    const KIND: &'static str = "report_file_check";
    const QUEUE: Queue = queue::REPORT;
    const TERMS: Terms = Terms {
        max_attempts: 3,
        timeout: TimeDelta::minutes(2),
        backoff: TimeDelta::seconds(10),
        hold_limit: terms::HOLD_LIMIT,
        priority: Priority::Normal,
    };
    type Data = FileCheck;
}

/// Runs the check. If the store does not answer, the results stay as they are, and the check is repeated in a minute.
pub async fn run(_: ReportFileCheck, check: Data<FileCheck>) -> Outcome {
    match files::run(&check).await {
        Ok(()) => Outcome::Done,
        Err(FileCheckError::Database(error)) => Outcome::of_failure(&error),
        Err(error) => {
            tracing::warn!(
                error = chain(&error),
                "could not check the files of reports and timetables"
            );
            Outcome::Done
        }
    }
}
