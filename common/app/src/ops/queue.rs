//! Queues: their status, and whether the relay sends into them.

use chrono::{DateTime, Utc};
use ledger::Queue;
use ledger::inspect::QueueStatus;
use sqlx::{PgConnection, PgPool};

use super::Operator;
use crate::error::AppResult;
use crate::jobs::queue::ALL;
use crate::work::Work;

/// A queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueReport {
    /// Its status.
    pub status: QueueStatus,
    /// Jobs that were done in each of the last minutes, the oldest first ([`ledger::inspect::done_per_minute`]).
    pub done_per_minute: Vec<i64>,
}

/// The status of all queues.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, now: DateTime<Utc>) -> AppResult<Vec<QueueReport>> {
    reports(&mut *pool.acquire().await?, &ALL, now).await
}

async fn reports(conn: &mut PgConnection, queues: &[Queue], now: DateTime<Utc>) -> AppResult<Vec<QueueReport>> {
    let statuses = ledger::inspect::queues(conn, queues, now).await?;
    let rates = ledger::inspect::done_per_minute(conn, queues, now).await?;
    let both = statuses.into_iter().zip(rates);
    let reports = both.map(|(status, done_per_minute)| QueueReport {
        status,
        done_per_minute,
    });
    Ok(reports.collect())
}

/// Pauses a queue ([`ledger::handle::pause`]), and returns its status. Pausing a queue again only leaves an entry in
/// the trail.
///
/// # Errors
/// Database errors only.
pub async fn pause(work: &Work, now: DateTime<Utc>, by: &Operator, queue: Queue) -> AppResult<Option<QueueReport>> {
    let mut tx = work.begin().await?;
    let changed = ledger::handle::pause(&mut tx, queue).await?;
    let details = [("changed", changed.into())];
    by.record(&mut tx, now, "queue.pause", queue.name(), details).await?;
    let reports = reports(&mut tx, &[queue], now).await?;
    tx.commit().await?;
    Ok(reports.into_iter().next())
}

/// Resumes a queue, and returns its status. Resuming one that is not paused only leaves an entry in the trail.
///
/// # Errors
/// Database errors only.
pub async fn resume(work: &Work, now: DateTime<Utc>, by: &Operator, queue: Queue) -> AppResult<Option<QueueReport>> {
    let mut tx = work.begin().await?;
    let changed = ledger::handle::resume(&mut tx, queue).await?;
    let details = [("changed", changed.into())];
    by.record(&mut tx, now, "queue.resume", queue.name(), details).await?;
    let reports = reports(&mut tx, &[queue], now).await?;
    tx.commit().await?;
    Ok(reports.into_iter().next())
}
