//! Requests the report of a schedule that was due.
//!
//! Cause: a scheduled report is due (`scheduler/src/report_schedule.rs`).

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use domain::id::ReportRunId;
use ledger::{Cause, Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{queue, terms};
use crate::report::generator::ReportGenerator;
use crate::report::run;

/// Request one scheduled report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportStart {
    /// The run of the schedule.
    pub run_id: ReportRunId,
}

impl Job for ReportStart {
    const KIND: &'static str = "report_start";
    const QUEUE: Queue = queue::REPORT;
    const TERMS: Terms = Terms {
        max_attempts: 12,
        timeout: TimeDelta::seconds(30),
        backoff: TimeDelta::seconds(5),
        hold_limit: terms::HOLD_LIMIT,
        // It takes milliseconds, and must not wait behind the writing of files.
        priority: Priority::Urgent,
    };
    type Data = ReportGenerator;
}

/// The key of the job: it is written once.
#[must_use]
pub fn key(run_id: ReportRunId) -> String {
    format!("{}:{run_id}", ReportStart::KIND)
}

/// Requests it; a repeat changes nothing.
pub async fn run(job: ReportStart, cause: Cause, generator: Data<ReportGenerator>) -> Outcome {
    match run::start(&generator, job.run_id, &cause).await {
        Ok(()) => Outcome::Done,
        Err(error) => Outcome::of_failure(&error),
    }
}
