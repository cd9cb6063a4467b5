//! What a worker does with the ledger: claim, begin, settle.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

use crate::db;
use crate::db::delivery::{Claimed, Settlement};
use crate::domain::job;
use crate::error::AppResult;
use crate::id::ProcessId;
use crate::jobs::delivery::Delivery;
use crate::jobs::{Outcome, Queue};

/// Claims those of `deliveries` that are still to be had.
///
/// # Errors
/// Database errors only.
pub async fn claim(
    pool: &PgPool,
    process_id: ProcessId,
    queue: Queue,
    deliveries: &[Delivery],
) -> AppResult<Vec<Claimed>> {
    let mut conn = pool.acquire().await?;
    db::delivery::claim(&mut conn, process_id, queue.lease(), deliveries).await
}

/// Starts the deadline of a job that waited to run alone; false when it was taken away meanwhile.
///
/// # Errors
/// Database errors only.
pub async fn begin_alone(pool: &PgPool, process_id: ProcessId, queue: Queue, claimed: &Claimed) -> AppResult<bool> {
    let mut conn = pool.acquire().await?;
    db::delivery::begin_alone(&mut conn, process_id, queue.lease(), claimed.id, claimed.attempt).await
}

/// Judges how an attempt of a job with this back-off ended.
#[must_use]
pub fn judge(claimed: &Claimed, backoff: TimeDelta, outcome: Outcome, now: DateTime<Utc>) -> Settlement {
    Settlement {
        job_id: claimed.id,
        attempt: claimed.attempt,
        verdict: job::judge(backoff, claimed.attempt, claimed.max_attempts, outcome, now),
    }
}

/// Records how attempts ended and returns how many of them the process still held.
///
/// # Errors
/// Database errors only.
pub async fn settle(
    pool: &PgPool,
    process_id: ProcessId,
    now: DateTime<Utc>,
    settlements: &[Settlement],
) -> AppResult<u64> {
    let mut conn = pool.acquire().await?;
    db::delivery::settle(&mut conn, process_id, now, settlements).await
}
