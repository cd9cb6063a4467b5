//! Deletes finished jobs that are past their retention.

use common::app::housekeeping::{self, BUDGET};
use common::jobs::Outcome;

use super::Handlers;

/// Deletes what is due, or as much of it as there is time for; a repeat finds less to do.
pub async fn run(handlers: &Handlers) -> Outcome {
    let (now, retention) = (handlers.clock.now(), handlers.job_retention);
    let cleared = housekeeping::delete_jobs(&handlers.pool, now, retention, BUDGET).await;
    super::cleared("jobs", cleared)
}
