//! Corrects the times in the ledger after the clock of the database was set. A statement that is repeated, also by
//! another scheduler, changes nothing more, except [`put_off_deadlines`].
//!
//! When a job was claimed is never changed, since it identifies the claim; [`super::reclaim`] takes back claims of the
//! future. Of a job that has begun, the claim shows whether its deadline is one of the present clock: it is, if it is
//! no later than the claim. A deadline after the claim may be one of a clock that was ahead; it is never less after the
//! claim than the time that the job may still take. All that write deadlines keep to this, here and in
//! [`super::delivery::begin`].

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::error::Result;
use crate::job::Queue;

/// Draws heartbeats that lie in the future back to the present, and times of sending after `limit` to just before
/// `base`: from now on, they age. The order of what was sent stays, also beside what is sent by the new clock, if that
/// has not shown `base` before it was set.
///
/// # Errors
/// Database errors only.
pub async fn draw_back_signs(
    conn: &mut PgConnection,
    queues: &[Queue],
    limit: DateTime<Utc>,
    base: DateTime<Utc>,
) -> Result<()> {
    sqlx::query!("update processes set beat_at = now() where beat_at > now() + interval '2 seconds'")
        .execute(&mut *conn)
        .await?;
    // What is sent fits into Redis, so the statement is bounded. Naming the queues, it uses their index.
    let queues: Vec<String> = queues.iter().map(|queue| queue.name().to_owned()).collect();
    sqlx::query!(
        "update jobs set sent_at = $3::timestamptz - ahead.place * interval '1 microsecond'
         from (
             select id, row_number() over (order by sent_at desc) as place from jobs
             where queue = any($1) and state = 'sent' and sent_at > $2::timestamptz
         ) as ahead
         where jobs.id = ahead.id and jobs.state = 'sent' and jobs.sent_at > $2::timestamptz",
        &queues,
        limit,
        base,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives jobs that were claimed in the future, and have begun, the time from their claim to their deadline once more
/// from now on, if that is no later than the claim. A job that may run for longer than the clock was set back keeps its
/// deadline: at worst, it then has twice its time. So does one whose deadline is no later than its claim, since that is
/// corrected. If the clock is then set back again by S, a corrected deadline stays, and the job is found stuck up to S
/// late, unless its deadline is extended.
///
/// # Errors
/// Database errors only.
pub async fn draw_back_deadlines(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "update jobs set deadline_at = now() + (deadline_at - claimed_at)
         where state = 'running' and claimed_at > now() + interval '2 seconds' and deadline_at > claimed_at
           and deadline_at - claimed_at <= claimed_at - now()"
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves the deadlines that had not passed at `then`, just before the clock was set forward, by as much as the clock:
/// those of jobs that were claimed before, or in the future, before the clock was set back. If such a deadline would
/// then lie after the claim, the time that was left is counted from the claim.
/// Several schedulers each move them, so a job that is stuck may be found later; no job is taken back too early.
///
/// # Errors
/// Database errors only.
pub async fn put_off_deadlines(conn: &mut PgConnection, then: DateTime<Utc>, by: TimeDelta) -> Result<()> {
    sqlx::query!(
        "update jobs
         set deadline_at = case when claimed_at < $1::timestamptz + $2::bigint * interval '1 millisecond'
                                  or claimed_at >= deadline_at + $2::bigint * interval '1 millisecond'
                                then deadline_at + $2::bigint * interval '1 millisecond'
                                else claimed_at + (deadline_at - $1::timestamptz) end
         where state = 'running' and deadline_at > $1::timestamptz
           and (claimed_at < $1::timestamptz + $2::bigint * interval '1 millisecond' or claimed_at >= deadline_at)",
        then,
        by.num_milliseconds(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves the due times of waiting jobs after `range.0` and until `range.1` back, of each queue at most `limit`; not
/// those that are due by now, which another scheduler has moved. Rows that a relay is just sending are left to it.
/// Returns the due time from which on jobs of a queue are left, if there may be any: only after it has moved `limit` of
/// that queue, so repeated calls come to an end.
///
/// # Errors
/// Database errors only.
pub async fn draw_back_due(
    conn: &mut PgConnection,
    queues: &[Queue],
    range: (DateTime<Utc>, DateTime<Utc>),
    by: TimeDelta,
    limit: i64,
) -> Result<Option<DateTime<Utc>>> {
    let queues: Vec<String> = queues.iter().map(|queue| queue.name().to_owned()).collect();
    Ok(sqlx::query_scalar!(
        r#"with early as materialized (
               select job.id, job.run_at, waiting.queue
               from unnest($1::text[]) as waiting (queue)
               cross join lateral (
                   select id, run_at from jobs
                   where state = 'ready' and queue = waiting.queue
                     and run_at > $2::timestamptz and run_at <= $3::timestamptz and run_at > clock_timestamp()
                   order by run_at, id limit $5 for update skip locked
               ) as job
           ), moved as (
               update jobs set run_at = run_at - $4::bigint * interval '1 millisecond'
               where id in (select id from early)
           )
           select min(last) as last
           from (select max(run_at) as last from early group by queue having count(*) >= $5) as full_batches"#,
        &queues,
        range.0,
        range.1,
        by.num_milliseconds(),
        limit,
    )
    .fetch_one(conn)
    .await?)
}
