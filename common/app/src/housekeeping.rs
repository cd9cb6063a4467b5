//! Deletes obsolete rows in bounded batches, each in a transaction of its own. What is left when the time is over is
//! left to the next run; concurrent runs share the work.
//!
//! **Dedupe keys.** A row of the ledger reserves its key for as long as it exists, so a deleted job could be written again.
//! This does not happen: a key consists of an id that is new with its cause (a notification, a report) or of the
//! instant of a tick, and a schedule never returns to an earlier one (it advances in the transaction that writes the
//! jobs). Moreover, every effect recognises its own repetition by its own row (the state of a message, of a ticket, of
//! a report), not by the ledger. A new kind of key that can recur after `JOB_RETENTION_DAYS` (in the queue `geo`: after
//! [`GEO_RETENTION`]) must not rely on the ledger alone.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::idempotency::LIFETIME;
use kernel::clock::Clock;
use sqlx::PgPool;

use crate::error::AppResult;

/// Rows that one statement deletes.
pub const BATCH: i64 = 1000;

/// Longest duration of one run; half of the time-out of its job.
pub const BUDGET: Duration = Duration::from_secs(30);

/// How long sessions and invitations are kept after their end, for inquiries.
pub const SESSION_RETENTION: TimeDelta = TimeDelta::days(7);

/// How long finished jobs of the queue `geo` are kept, unless `JOB_RETENTION_DAYS` is less. They are nearly the whole
/// ledger (an account is polled twice a minute), and their outcome is stored with the account.
pub const GEO_RETENTION: TimeDelta = TimeDelta::days(1);

/// What the jobs of the queue `sweep` work with.
#[derive(Debug, Clone)]
pub struct Housekeeping {
    /// The truth.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// How long finished jobs are kept.
    pub job_retention: TimeDelta,
    /// How long positions of buses are kept.
    pub position_retention: TimeDelta,
}

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cleared {
    /// Rows that it deleted.
    pub rows: u64,
    /// Whether nothing is left.
    pub is_all: bool,
}

/// Deletes sessions that ended, and invitations that expired, longer than [`SESSION_RETENTION`] ago. Each may take half
/// of the time.
///
/// # Errors
/// Database errors only; what earlier batches deleted stays deleted.
pub async fn delete_sessions(pool: &PgPool, now: DateTime<Utc>, budget: Duration) -> AppResult<Cleared> {
    let before = now - SESSION_RETENTION;
    let sessions = in_batches(pool, Old::Sessions, before, budget / 2).await?;
    let invitations = in_batches(pool, Old::Invitations, before, budget / 2).await?;
    Ok(Cleared {
        rows: sessions.rows + invitations.rows,
        is_all: sessions.is_all && invitations.is_all,
    })
}

/// Deletes jobs that were done or canceled longer than `retention` ago, those of the queue `geo` that were done longer than
/// [`GEO_RETENTION`] ago. Each may take a third of the time, so that a flood of one does not prevent the deletion of the
/// others.
///
/// # Errors
/// Database errors only; what earlier batches deleted stays deleted.
pub async fn delete_jobs(
    pool: &PgPool,
    now: DateTime<Utc>,
    retention: TimeDelta,
    budget: Duration,
) -> AppResult<Cleared> {
    let polls = in_batches(pool, Old::GeoJobs, now - retention.min(GEO_RETENTION), budget / 3).await?;
    let others = in_batches(pool, Old::Jobs, now - retention, budget / 3).await?;
    let canceled = in_batches(pool, Old::CanceledJobs, now - retention, budget / 3).await?;
    Ok(Cleared {
        rows: polls.rows + others.rows + canceled.rows,
        is_all: polls.is_all && others.is_all && canceled.is_all,
    })
}

/// Deletes answers to idempotency keys that are not replayed any more.
///
/// # Errors
/// Database errors only; what earlier batches deleted stays deleted.
pub async fn delete_answers(pool: &PgPool, now: DateTime<Utc>, budget: Duration) -> AppResult<Cleared> {
    in_batches(pool, Old::Answers, now - LIFETIME, budget).await
}

#[derive(Debug, Clone, Copy)]
enum Old {
    Sessions,
    Invitations,
    GeoJobs,
    Jobs,
    CanceledJobs,
    Answers,
}

/// Deletes batches until one is not full or the time is over; at least one.
async fn in_batches(pool: &PgPool, old: Old, before: DateTime<Utc>, budget: Duration) -> AppResult<Cleared> {
    let start = Instant::now();
    let mut rows = 0;
    loop {
        let mut conn = pool.acquire().await?;
        let deleted = match old {
            Old::Sessions => db::housekeeping::delete_ended_sessions(&mut conn, before, BATCH).await?,
            Old::Invitations => db::housekeeping::delete_invitations(&mut conn, before, BATCH).await?,
            Old::GeoJobs => db::housekeeping::delete_done_geo_jobs(&mut conn, before, BATCH).await?,
            Old::Jobs => db::housekeeping::delete_done_jobs(&mut conn, before, BATCH).await?,
            Old::CanceledJobs => db::housekeeping::delete_canceled_jobs(&mut conn, before, BATCH).await?,
            Old::Answers => db::housekeeping::delete_answers(&mut conn, before, BATCH).await?,
        };
        drop(conn);
        rows += deleted;
        let is_all = deleted < BATCH.unsigned_abs();
        if is_all || start.elapsed() >= budget {
            return Ok(Cleared { rows, is_all });
        }
    }
}
