//! Drops the partitions of days of finished jobs that are past their retention, creates those of the next days,
//! discards jobs that have been dead for too long, and deletes other old jobs, both in bounded batches.
//!
//! Cause: every hour (`scheduler/src/housekeeping.rs`).

use apalis_core::task::data::Data;
use ledger::{Job, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::outcome::cleared::cleared;
use super::{queue, terms};
use crate::housekeeping::{self, BUDGET, Cleared, Housekeeping};

/// Delete old jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCleanup {}

impl Job for JobCleanup {
    const KIND: &'static str = "job_cleanup";
    const QUEUE: Queue = queue::SWEEP;
    const TERMS: Terms = terms::CLEANUP;
    type Data = Housekeeping;
}

/// Drops, discards and deletes what is due, as far as time allows; a repeat finds less to do.
pub async fn run(_: JobCleanup, data: Data<Housekeeping>) -> Outcome {
    match housekeeping::roll_job_days(&data.pool, data.clock.now(), data.job_retention).await {
        Ok(0) => {}
        Ok(days) => tracing::info!(days, "old jobs dropped"),
        Err(error) => return Outcome::of_failure(&error),
    }
    match housekeeping::discard_dead_jobs(&data.pool, data.clock.now(), BUDGET / 5).await {
        Ok(Cleared { rows: 0, .. }) => {}
        Ok(Cleared { rows, is_all }) => tracing::warn!(rows, is_all, "unhandled dead jobs discarded"),
        Err(error) => return Outcome::of_failure(&error),
    }
    let deleted = housekeeping::delete_jobs(&data.pool, data.clock.now(), data.job_retention, BUDGET).await;
    cleared("jobs", deleted)
}
