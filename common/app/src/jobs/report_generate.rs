//! Writes the file of a report.
//!
//! Cause: a requested report was admitted.

use apalis_core::task::data::Data;
use chrono::{DateTime, TimeDelta, Utc};
use domain::id::ReportId;
use kernel::chain;
use ledger::{Job, NewJob, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{outcome, queue, terms};
use crate::report::generate::{Generated, generate};
use crate::report::generator::{GenerateError, ReportGenerator};

/// Generate one report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportGenerate {
    /// The report.
    pub report_id: ReportId,
}

impl Job for ReportGenerate {
    const KIND: &'static str = "report_generate";
    const QUEUE: Queue = queue::REPORT;
    const TERMS: Terms = Terms {
        // Enough for two and a half hours without the store.
        max_attempts: 12,
        timeout: TimeDelta::minutes(30),
        backoff: TimeDelta::seconds(5),
        hold_limit: terms::HOLD_LIMIT,
        priority: Priority::Urgent,
    };
    type Data = ReportGenerator;
}

/// The job that generates a report. A report finds its job by the job's key.
///
/// # Errors
/// Never: a payload of ids encodes.
pub fn new_job(report_id: ReportId, run_at: DateTime<Utc>) -> ledger::Result<NewJob> {
    Ok(NewJob::new(&ReportGenerate { report_id }, run_at)?.with_key(format!("report:{report_id}")))
}

/// Generates the report; one that is finished is left alone.
pub async fn run(job: ReportGenerate, generator: Data<ReportGenerator>) -> Outcome {
    let report_id = job.report_id;
    trace::note("report", report_id);
    match generate(&generator, report_id).await {
        Ok(Generated::Now | Generated::Before) => Outcome::Done,
        Ok(Generated::Overtaken) => {
            tracing::warn!(%report_id, "another attempt has begun; this attempt was discarded");
            Outcome::Done
        }
        Err(GenerateError::TurnedAway(turned_away)) => outcome::postponed(turned_away),
        Err(error) => {
            if error.needs_people() {
                outcome::alert(&chain(&error));
            }
            Outcome::of_failure(&error)
        }
    }
}
