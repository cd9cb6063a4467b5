//! Deletes obsolete rows in bounded batches, each in a transaction of its own. The next run continues after the time
//! limit; concurrent runs share the work.
//!
//! Jobs that are done are in partitions by day, which are dropped whole ([`roll_job_days`]).
//!
//! **Dedupe keys.** The ledger reserves a key for as long as it has its job, so a deleted job could be written again.
//! This does not happen: a key consists of an id that is new with its cause (a notification, a report) or of the
//! instant of a tick, and a schedule never returns to an earlier one (it advances in the transaction that writes the
//! jobs). Moreover, every effect recognises its own repetition by its own row (the state of a message, of a ticket, of
//! a report), not by the ledger. A new kind of key that can recur after `JOB_RETENTION_DAYS` (in the queue `geo`: after
//! [`GEO_RETENTION`]) must not rely on the ledger alone.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use connect::postgres::begin;
use db::housekeeping::UNSENT_RETENTION;
use db::partition::{DailyTable, FINISHED_GEO_JOBS, FINISHED_JOBS};
use domain::idempotency::LIFETIME;
use domain::position::is_past;
use kernel::clock::Clock;
use sqlx::PgPool;

use crate::error::AppResult;
use crate::ops::{self, Operator};

/// Rows that one statement deletes.
pub const BATCH: i64 = 1000;

/// Longest duration of one run; half of the time-out of its job.
pub const BUDGET: Duration = Duration::from_secs(30);

/// How long sessions and invitations are kept after their end, for inquiries.
pub const SESSION_RETENTION: TimeDelta = TimeDelta::days(7);

/// How long dead jobs wait for an operator.
pub const DEAD_RETENTION: TimeDelta = TimeDelta::days(90);

/// Days after today whose partitions exist: the time within which new ones must be created.
pub const DAYS_AHEAD: usize = 2;

/// How long finished jobs of the queue `geo` are kept, unless `JOB_RETENTION_DAYS` is less. They are nearly the whole
/// ledger (an account is polled twice a minute), and their outcome is stored with the account.
pub const GEO_RETENTION: TimeDelta = TimeDelta::days(1);

/// Dependencies of the jobs of the queue `sweep`.
#[derive(Debug, Clone)]
pub struct Housekeeping {
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// How long finished jobs are kept.
    pub job_retention: TimeDelta,
    /// How long positions of buses are kept.
    pub position_retention: TimeDelta,
}

/// The result of a run.
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

/// Deletes what [`roll_job_days`] leaves: jobs that were canceled longer than `retention` ago (those of messages that
/// were not sent, also longer than [`UNSENT_RETENTION`] ago), and jobs that were done longer ago than that (in the
/// queue `geo` longer than [`GEO_RETENTION`]) and are in no partition of a day. Each kind may take a sixth of the time,
/// so that a flood of one does not prevent the deletion of the others.
///
/// # Errors
/// Database errors only; what earlier batches deleted stays deleted.
pub async fn delete_jobs(
    pool: &PgPool,
    now: DateTime<Utc>,
    retention: TimeDelta,
    budget: Duration,
) -> AppResult<Cleared> {
    let mut sum = Cleared { rows: 0, is_all: true };
    for (old, before) in [
        (Old::Strays(FINISHED_GEO_JOBS), now - retention.min(GEO_RETENTION)),
        (Old::Strays(FINISHED_JOBS), now - retention),
        (Old::GeoJobs, now - retention.min(GEO_RETENTION)),
        (Old::Jobs, now - retention),
        (Old::UnsentJobs, now - retention.max(UNSENT_RETENTION)),
        (Old::CanceledJobs, now - retention),
    ] {
        let cleared = in_batches(pool, old, before, budget / 6).await?;
        sum.rows += cleared.rows;
        sum.is_all &= cleared.is_all;
    }
    Ok(sum)
}

/// Discards jobs that have been dead for longer than [`DEAD_RETENTION`], in the way an operator does: each batch has an
/// entry in the audit trail, and [`delete_jobs`] deletes the jobs later.
///
/// # Errors
/// Database errors only; what earlier batches discarded stays discarded.
pub async fn discard_dead_jobs(pool: &PgPool, now: DateTime<Utc>, budget: Duration) -> AppResult<Cleared> {
    let by = Operator::new("system", "dead for 90 days and not handled", None)?;
    let start = Instant::now();
    let mut rows = 0;
    loop {
        let discarded = ops::job::discard_forgotten(pool, now, &by, now - DEAD_RETENTION, BATCH).await?;
        let discarded = u64::try_from(discarded).unwrap_or(u64::MAX);
        rows += discarded;
        let is_all = discarded < BATCH.unsigned_abs();
        if is_all || start.elapsed() >= budget {
            return Ok(Cleared { rows, is_all });
        }
    }
}

/// Creates the partitions for jobs that will be done today and on the next days. Days on which jobs were already done
/// without one are left as they are, so schedulers do this when they start: after a pause of days, or on a restored
/// dump, jobs are done before the first clean-up.
///
/// # Errors
/// Database errors only.
pub async fn make_job_days(pool: &PgPool, now: DateTime<Utc>) -> AppResult<()> {
    let ahead: Vec<_> = now.date_naive().iter_days().take(1 + DAYS_AHEAD).collect();
    for table in [FINISHED_GEO_JOBS, FINISHED_JOBS] {
        let mut tx = begin(pool).await?;
        table.make_days(&mut tx, &ahead).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Creates the partitions for jobs that will be done on the next days ([`make_job_days`]), and drops those of days that
/// are past the retention: `retention`, or in the queue `geo` [`GEO_RETENTION`] if that is less. Returns how many days it
/// dropped.
///
/// # Errors
/// Database errors only; later days may then not have been dropped.
pub async fn roll_job_days(pool: &PgPool, now: DateTime<Utc>, retention: TimeDelta) -> AppResult<usize> {
    make_job_days(pool, now).await?;
    let polls = drop_days(pool, FINISHED_GEO_JOBS, now, retention.min(GEO_RETENTION)).await?;
    Ok(polls + drop_days(pool, FINISHED_JOBS, now, retention).await?)
}

/// Drops the partitions of days that are past the retention, and returns how many.
///
/// # Errors
/// Database errors only; later days may then not have been dropped.
pub async fn drop_days(pool: &PgPool, table: DailyTable, now: DateTime<Utc>, retention: TimeDelta) -> AppResult<usize> {
    let mut conn = pool.acquire().await?;
    let days = table.days(&mut conn).await?;
    drop(conn);
    let past: Vec<_> = days.into_iter().filter(|day| is_past(*day, now, retention)).collect();
    for day in &past {
        // One transaction each: a day that cannot be dropped now does not delay the others.
        let mut tx = begin(pool).await?;
        table.drop_day(&mut tx, *day).await?;
        tx.commit().await?;
    }
    Ok(past.len())
}

/// Deletes responses to idempotency keys that are no longer replayed.
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
    Strays(DailyTable),
    GeoJobs,
    Jobs,
    UnsentJobs,
    CanceledJobs,
    Answers,
}

/// Deletes batches until one is not full or the time limit is reached; at least one.
async fn in_batches(pool: &PgPool, old: Old, before: DateTime<Utc>, budget: Duration) -> AppResult<Cleared> {
    let start = Instant::now();
    let mut rows = 0;
    loop {
        let mut conn = pool.acquire().await?;
        let deleted = match old {
            Old::Sessions => db::housekeeping::delete_ended_sessions(&mut conn, before, BATCH).await?,
            Old::Invitations => db::housekeeping::delete_invitations(&mut conn, before, BATCH).await?,
            Old::Strays(table) => table.delete_strays(&mut conn, before, BATCH).await?,
            Old::GeoJobs => db::housekeeping::delete_done_geo_jobs(&mut conn, before, BATCH).await?,
            Old::Jobs => db::housekeeping::delete_done_jobs(&mut conn, before, BATCH).await?,
            Old::UnsentJobs => db::housekeeping::delete_jobs_of_unsent(&mut conn, before, BATCH).await?,
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
