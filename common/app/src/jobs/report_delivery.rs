//! Writes the mails about a scheduled report that has ended.
//!
//! Cause: a scheduled report has completed or failed (`scheduler/src/report_schedule.rs`).

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use domain::id::ReportRunId;
use ledger::{Cause, Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{queue, terms};
use crate::report::run::{self, ReportCourier};

/// Write the mails of one scheduled report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDelivery {
    /// The run of the schedule.
    pub run_id: ReportRunId,
}

impl Job for ReportDelivery {
    const KIND: &'static str = "report_delivery";
    // Its workers can sign links to files.
    const QUEUE: Queue = queue::REPORT;
    const TERMS: Terms = Terms {
        max_attempts: 12,
        timeout: TimeDelta::minutes(3),
        backoff: TimeDelta::seconds(5),
        hold_limit: terms::HOLD_LIMIT,
        priority: Priority::Urgent,
    };
    type Data = ReportCourier;
}

/// The key of the job: it is written once.
#[must_use]
pub fn key(run_id: ReportRunId) -> String {
    format!("{}:{run_id}", ReportDelivery::KIND)
}

/// Writes them; a repeat writes none.
pub async fn run(job: ReportDelivery, cause: Cause, courier: Data<ReportCourier>) -> Outcome {
    match run::deliver(&courier, job.run_id, &cause).await {
        Ok(mails) => {
            tracing::info!(run_id = %job.run_id, mails, "mails about a scheduled report created");
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
