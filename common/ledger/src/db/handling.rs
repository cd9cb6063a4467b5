//! Actions of operators on jobs. Each statement gets a bounded list of ids, names the states that it expects and skips
//! rows that another transaction is changing, so that none waits for another and nothing is done twice.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Result;
use crate::id::JobId;

/// Makes dead or canceled jobs due now with all their attempts, and resets their hold limits. Earlier crashes do not
/// count any more, so [`revoke_crashes`](super::process::revoke_crashes) takes none of them back. Returns their ids.
///
/// # Errors
/// Database errors only.
pub async fn retry(conn: &mut PgConnection, now: DateTime<Utc>, ids: &[JobId]) -> Result<Vec<JobId>> {
    Ok(sqlx::query_scalar!(
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
         select id as "id: JobId" from retried"#,
        &uuids(ids),
        now,
    )
    .fetch_all(conn)
    .await?)
}

/// Cancels jobs that are in one of these states. Returns their ids.
///
/// # Errors
/// Database errors only.
pub async fn cancel(conn: &mut PgConnection, now: DateTime<Utc>, ids: &[JobId], states: &[&str]) -> Result<Vec<JobId>> {
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    Ok(sqlx::query_scalar!(
        r#"update jobs set state = 'canceled', finished_at = $2
           where id in (select id from jobs where id = any($1) and state = any($3) for update skip locked)
           returning id as "id: JobId""#,
        &uuids(ids),
        now,
        &states,
    )
    .fetch_all(conn)
    .await?)
}

/// Locks at most `limit` jobs that have been dead since before an instant, the longest dead first, and returns their ids.
///
/// # Errors
/// Database errors only.
pub async fn dead_before(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> Result<Vec<JobId>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id: JobId" from jobs where state = 'dead' and finished_at < $1
           order by finished_at limit $2 for update skip locked"#,
        before,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

fn uuids(ids: &[JobId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}
