//! Actions of operators on jobs. Each statement gets a bounded list of ids, names the states that it expects and skips
//! rows that another transaction is changing, so that none waits for another and nothing is done twice.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Result;
use crate::id::JobId;

/// Makes parked or canceled jobs due now with all their attempts, and resets their hold limits. What was lost before does
/// not count any more, nor can it be taken back. Returns how many.
///
/// # Errors
/// Database errors only.
pub async fn retry(conn: &mut PgConnection, now: DateTime<Utc>, ids: &[JobId]) -> Result<u64> {
    let retried = sqlx::query_scalar!(
        r#"with retried as (
             update jobs set state = 'ready', attempt = 0, crashes = 0, crashes_alone = 0, held_since = null, run_at = $2,
                 finished_at = null
             where id in (
                 select id from jobs
                 where id = any($1) and (state is not distinct from 'dead' or state is not distinct from 'canceled')
                 for update skip locked
             )
             returning id
         ), past as (
             update job_losses set is_crash = false
             where (job_id, attempt) in (
                 select job_id, attempt from job_losses where job_id in (select id from retried) and is_crash
                 for update skip locked
             )
         )
         select count(*) as "retried!" from retried"#,
        &uuids(ids),
        now,
    )
    .fetch_one(conn)
    .await?;
    Ok(retried.unsigned_abs())
}

/// Cancels jobs that are in one of these states. Returns how many.
///
/// # Errors
/// Database errors only.
pub async fn cancel(conn: &mut PgConnection, now: DateTime<Utc>, ids: &[JobId], states: &[&str]) -> Result<u64> {
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    let canceled = sqlx::query!(
        "update jobs set state = 'canceled', finished_at = $2
         where id in (select id from jobs where id = any($1) and state = any($3) for update skip locked)",
        &uuids(ids),
        now,
        &states,
    )
    .execute(conn)
    .await?;
    Ok(canceled.rows_affected())
}

fn uuids(ids: &[JobId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}
