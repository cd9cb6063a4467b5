//! What the reconciler asks and repairs: jobs that Redis lost, and jobs whose process died or got stuck.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::job::MAX_CRASHES;
use crate::error::AppResult;
use crate::jobs::Queue;
use crate::jobs::delivery::Delivery;

/// Rows that one call repairs; what is left waits for the next.
const BATCH: i64 = 1000;

/// The clock of the database.
///
/// # Errors
/// Database errors only.
pub async fn database_time(conn: &mut PgConnection) -> AppResult<DateTime<Utc>> {
    Ok(sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#)
        .fetch_one(conn)
        .await?)
}

/// When a delivery was sent; `None` when it is not waiting to be claimed (a duplicate, or claimed long ago).
///
/// # Errors
/// Database errors only.
pub async fn sent_at(conn: &mut PgConnection, delivery: Delivery) -> AppResult<Option<DateTime<Utc>>> {
    let sent_at = sqlx::query_scalar!(
        "select sent_at from jobs where id = $1 and attempt = $2 and state = 'sent'",
        delivery.job_id.0,
        delivery.attempt,
    )
    .fetch_optional(conn)
    .await?;
    Ok(sent_at.flatten())
}

/// Makes ready again what was sent into a Redis whose contents are gone. Returns how many jobs.
///
/// # Errors
/// Database errors only.
pub async fn resend_other_epochs(conn: &mut PgConnection, epoch: Uuid) -> AppResult<u64> {
    let resent = sqlx::query!(
        "update jobs set state = 'ready' where id in (
             select id from jobs where state = 'sent' and epoch is distinct from $1
             order by queue, sent_at limit $2 for update skip locked
         )",
        epoch,
        BATCH,
    )
    .execute(conn)
    .await?;
    Ok(resent.rows_affected())
}

/// Makes ready again what was sent into a queue before `horizon` and is still not claimed. Returns how many jobs.
///
/// # Errors
/// Database errors only.
pub async fn resend_before(conn: &mut PgConnection, queue: Queue, horizon: DateTime<Utc>) -> AppResult<u64> {
    let resent = sqlx::query!(
        "update jobs set state = 'ready' where id in (
             select id from jobs where state = 'sent' and queue = $1 and sent_at < $2
             order by sent_at limit $3 for update skip locked
         )",
        queue.name(),
        horizon,
        BATCH,
    )
    .execute(conn)
    .await?;
    Ok(resent.rows_affected())
}

/// Makes ready again what was marked as sent and could not be pushed. Rows that somebody is just claiming are left to
/// them.
///
/// # Errors
/// Database errors only.
pub async fn take_back(conn: &mut PgConnection, deliveries: &[Delivery]) -> AppResult<u64> {
    let ids: Vec<Uuid> = deliveries.iter().map(|delivery| delivery.job_id.0).collect();
    let attempts: Vec<i16> = deliveries.iter().map(|delivery| delivery.attempt).collect();
    let taken = sqlx::query!(
        "update jobs set state = 'ready' where id in (
             select jobs.id from jobs
             join unnest($1::uuid[], $2::smallint[]) as delivery (job_id, attempt) on jobs.id = delivery.job_id
             where jobs.id = any($1) and jobs.attempt = delivery.attempt and jobs.state is not distinct from 'sent'
             for update of jobs skip locked
         )",
        &ids,
        &attempts,
    )
    .execute(conn)
    .await?;
    Ok(taken.rows_affected())
}

/// Jobs taken from processes that died or got stuck.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reclaimed {
    /// Ready again.
    pub ready: usize,
    /// Parked, by crashes or because no attempt is left.
    pub dead: usize,
}

/// Takes back what is held by processes without a row (see [`super::process::bury`]) and what is past its deadline.
/// Each counts as a crash; the third crash parks a job, as does a crash of the last attempt. A job that has no
/// deadline yet had not begun: it was waiting to run alone, and comes back as if it had never been claimed.
///
/// # Errors
/// Database errors only.
pub async fn reclaim(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<Reclaimed> {
    let states = sqlx::query_scalar!(
        "with lost as (
             select jobs.id, processes.id is null as died, deadline_at is not null as begun,
                    deadline_at is not null and (crashes + 1 >= $2::smallint or attempt >= max_attempts) as parked
             from jobs left join processes on processes.id = jobs.process_id
             where state = 'running' and (processes.id is null or deadline_at < now())
             limit $3
             for update of jobs skip locked
         )
         update jobs
         set state = case when parked then 'dead' else 'ready' end,
             crashes = case when begun then crashes + 1 else crashes end,
             attempt = case when begun then attempt else attempt - 1 end,
             last_error = case when not begun then last_error
                               when died then 'the process that ran it died'
                               else 'it ran past its deadline' end,
             finished_at = case when parked then $1::timestamptz end, process_id = null, deadline_at = null
         from lost where jobs.id = lost.id
         returning jobs.state",
        now,
        MAX_CRASHES,
        BATCH,
    )
    .fetch_all(conn)
    .await?;
    let dead = states.iter().filter(|state| *state == "dead").count();
    Ok(Reclaimed {
        ready: states.len() - dead,
        dead,
    })
}
