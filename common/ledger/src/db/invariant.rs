//! Finds jobs that are in an impossible state, or that should have been repaired long ago. Each query uses the index of
//! a state and is bounded; of the jobs that are done, only the newest are read.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Result;

/// Jobs in state `sent` although a job that was sent later through the same list was claimed. Lists are first in, first
/// out, so these jobs left Redis and were lost, and the reconciler did not send them again within half a minute. The
/// two lists of a queue are compared separately, since jobs in one wait for those in the other.
///
/// # Errors
/// Database errors only.
pub async fn sent_not_recovered(conn: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "with claimed as (
             select queue, is_urgent, sent_at, claimed_at from jobs where state = 'running'
             union all
             (select queue, is_urgent, sent_at, claimed_at from all_jobs where state = 'done'
              order by finished_at desc limit 5000)
         ), taken as (
             select queue, is_urgent, max(sent_at) as sent_at from claimed
             where claimed_at < now() - interval '15 seconds' group by queue, is_urgent
         )
         select jobs.id from jobs join taken using (queue, is_urgent)
         where jobs.state = 'sent' and jobs.sent_at < taken.sent_at - interval '5 seconds'
           and jobs.sent_at < now() - interval '30 seconds'
         limit $1",
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Jobs that are held by a process that was given up, or that has sent no heartbeat for 15 seconds.
///
/// # Errors
/// Database errors only.
pub async fn running_without_process(conn: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select jobs.id from jobs left join processes on processes.id = jobs.process_id
         where jobs.state = 'running'
           and coalesce(processes.beat_at, '-infinity') < now() - interval '15 seconds'
         limit $1",
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Running jobs whose deadline passed more than 15 seconds ago.
///
/// # Errors
/// Database errors only.
pub async fn running_past_deadline(conn: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select id from jobs where state = 'running' and deadline_at < now() - interval '15 seconds' limit $1",
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Dead jobs without an error, among the ten thousand that died last.
///
/// # Errors
/// Database errors only.
pub async fn dead_without_error(conn: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id!" from (
               select id, last_error from jobs where state = 'dead' order by finished_at desc limit 10000
           ) as dead
           where coalesce(last_error, '') = '' limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Jobs that lack what their state requires.
///
/// # Errors
/// Database errors only.
pub async fn impossible(conn: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id!" from (
               select id from jobs where state = 'sent' and (sent_at is null or epoch is null)
               union all
               select id from jobs where state = 'running' and (process_id is null or claimed_at is null)
               union all
               select id from jobs where state = 'done' and finished_at is null
               union all
               select id from jobs where state = 'dead' and finished_at is null
           ) as impossible
           limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
