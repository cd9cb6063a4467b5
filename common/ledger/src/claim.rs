//! Operations of a worker on the ledger: claim, release, begin, settle, convict.
//!
//! Each waits a limited time for its answer. An operation whose answer is lost may have taken effect; all but a claim
//! can be repeated.

use chrono::{DateTime, Utc};
use connect::postgres::{self, Limits, answered};
use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres};

use crate::db;
use crate::db::delivery::{Begin, Claimed, Settlement};
use crate::delivery::Delivery;
use crate::error::Result;
use crate::id::{JobId, ProcessId};
use crate::judge::{self, Course};
use crate::{Outcome, Terms};

/// Claims those of `deliveries` that are still available.
///
/// # Errors
/// Database errors only. The claim may have succeeded nevertheless: call [`release_unknown`] then.
pub async fn claim(pool: &PgPool, process_id: ProcessId, deliveries: &[Delivery]) -> Result<Vec<Claimed>> {
    on_connection(pool, |mut conn| async move {
        db::delivery::claim(&mut conn, process_id, deliveries).await
    })
    .await
}

/// Releases the jobs that a claim of `deliveries` took when its response was lost.
///
/// # Errors
/// Database errors only.
pub async fn release_unknown(
    pool: &PgPool,
    process_id: ProcessId,
    now: DateTime<Utc>,
    deliveries: &[Delivery],
) -> Result<u64> {
    let jobs: Vec<_> = deliveries
        .iter()
        .map(|delivery| (delivery.job_id, delivery.attempt.saturating_add(1)))
        .collect();
    on_connection(pool, |mut conn| async move {
        db::delivery::release(&mut conn, process_id, &jobs, now).await
    })
    .await
}

/// Gives back a claimed job that cannot begin now, uncounted; it is tried again at `run_at`.
///
/// # Errors
/// Database errors only.
pub async fn release(pool: &PgPool, process_id: ProcessId, claimed: &Claimed, run_at: DateTime<Utc>) -> Result<()> {
    on_connection(pool, |mut conn| async move {
        db::delivery::release(&mut conn, process_id, &[(claimed.id, claimed.attempt)], run_at).await?;
        Ok(())
    })
    .await
}

/// Starts (or extends) the deadlines of claimed jobs, and returns those that may run.
///
/// # Errors
/// Database errors only.
pub async fn begin(pool: &PgPool, process_id: ProcessId, jobs: &[Begin]) -> Result<Vec<JobId>> {
    on_connection(pool, |mut conn| async move {
        db::delivery::begin(&mut conn, process_id, jobs).await
    })
    .await
}

/// Derives the verdict on a job with these terms from the outcome of an attempt.
#[must_use]
pub fn judge(claimed: &Claimed, terms: &Terms, outcome: Outcome, now: DateTime<Utc>) -> Settlement {
    let course = Course {
        attempt: claimed.attempt,
        max_attempts: claimed.max_attempts,
        backoff: terms.backoff,
        hold_limit: terms.hold_limit,
        held_since: claimed.held_since,
    };
    Settlement {
        job_id: claimed.id,
        claimed_at: claimed.claimed_at,
        verdict: judge::judge(&course, outcome, now),
    }
}

/// Records the outcomes of attempts and returns how many it recorded. If a job was taken from the process, only a final
/// outcome is recorded, and only if the job has not been claimed or retried since.
///
/// # Errors
/// Database errors only.
pub async fn settle(
    pool: &PgPool,
    process_id: ProcessId,
    now: DateTime<Utc>,
    settlements: &[Settlement],
) -> Result<u64> {
    on_connection(pool, |mut conn| async move {
        let held = db::delivery::settle(&mut conn, process_id, now, settlements).await?;
        if usize::try_from(held).is_ok_and(|held| held < settlements.len()) {
            return Ok(held + db::delivery::settle_late(&mut conn, process_id, now, settlements).await?);
        }
        Ok(held)
    })
    .await
}

/// Counts a crash that a job certainly caused: it ran in a process of its own, which died. If the job is dead then,
/// its companions in earlier crashes are cleared. Returns whether the job is dead; `None` if it had not begun or was
/// taken away.
///
/// # Errors
/// Database errors only.
pub async fn convict(
    pool: &PgPool,
    process_id: ProcessId,
    claimed: &Claimed,
    now: DateTime<Utc>,
) -> Result<Option<bool>> {
    answered(Limits::JOBS, async {
        let mut tx = postgres::begin(pool).await?;
        let is_dead = db::reclaim::convict(&mut tx, process_id, claimed, now).await?;
        if is_dead == Some(true) {
            db::reclaim::clear_companions(&mut tx, claimed.id).await?;
        }
        tx.commit().await?;
        Ok(is_dead)
    })
    .await
}

/// Does `work` on a connection of the pool, and waits a limited time for both.
async fn on_connection<T, F>(pool: &PgPool, work: impl FnOnce(PoolConnection<Postgres>) -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    answered(Limits::JOBS, async { work(pool.acquire().await?).await }).await
}
