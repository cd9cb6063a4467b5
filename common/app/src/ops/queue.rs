//! Queues: how they stand, and whether the relay sends into them.

use chrono::{DateTime, Utc};
use ledger::Queue;
use ledger::inspect::{ProcessRow, QueueStatus, ScheduleRow};
use serde_json::json;
use sqlx::PgPool;

use super::Operator;
use crate::error::AppResult;
use crate::jobs::queue::ALL;
use crate::work::Work;

/// How all queues stand.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, now: DateTime<Utc>) -> AppResult<Vec<QueueStatus>> {
    Ok(ledger::inspect::queues(&mut *pool.acquire().await?, &ALL, now).await?)
}

/// Worker processes that are alive, by name, the first thousand.
///
/// # Errors
/// Database errors only.
pub async fn processes(pool: &PgPool) -> AppResult<Vec<ProcessRow>> {
    Ok(ledger::inspect::processes(&mut *pool.acquire().await?).await?)
}

/// Schedules, by name, the first thousand.
///
/// # Errors
/// Database errors only.
pub async fn schedules(pool: &PgPool) -> AppResult<Vec<ScheduleRow>> {
    Ok(ledger::inspect::schedules(&mut *pool.acquire().await?).await?)
}

/// Pauses a queue ([`ledger::handle::pause`]), and says how it stands. Pausing a queue again only leaves an entry in the
/// trail.
///
/// # Errors
/// Database errors only.
pub async fn pause(work: &Work, now: DateTime<Utc>, by: &Operator, queue: Queue) -> AppResult<Option<QueueStatus>> {
    let mut tx = work.begin().await?;
    let changed = ledger::handle::pause(&mut tx, queue).await?;
    let details = json!({ "changed": changed });
    by.record(&mut tx, now, "queue.pause", queue.name(), details).await?;
    let status = ledger::inspect::queues(&mut tx, &[queue], now).await?;
    tx.commit().await?;
    Ok(status.into_iter().next())
}

/// Resumes a queue, and says how it stands. Resuming one that is not paused only leaves an entry in the trail.
///
/// # Errors
/// Database errors only.
pub async fn resume(work: &Work, now: DateTime<Utc>, by: &Operator, queue: Queue) -> AppResult<Option<QueueStatus>> {
    let mut tx = work.begin().await?;
    let changed = ledger::handle::resume(&mut tx, queue).await?;
    let details = json!({ "changed": changed });
    by.record(&mut tx, now, "queue.resume", queue.name(), details).await?;
    let status = ledger::inspect::queues(&mut tx, &[queue], now).await?;
    tx.commit().await?;
    Ok(status.into_iter().next())
}
