//! Finds jobs that are in an impossible state, or that should have been repaired long ago. Each query uses the index of
//! a state and is bounded; of the jobs that are done, only the newest are read.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Result;
use crate::job::Queue;
use crate::judge::{MAX_CRASHES, UNPROVEN_CRASHES};

/// Jobs in state `sent` although a job that was sent later through the same list was claimed. Lists are first in, first
/// out, so these jobs left Redis and were lost, and the reconciler did not send them again within half a minute. The
/// two lists of a queue are compared separately, since jobs in one wait for those in the other.
///
/// Of the jobs that are done, the last five thousand that ended more than 15 seconds ago are read, and as many of each
/// queue in which a job may be lost, among those of the last five minutes: however fast jobs of another queue end, they
/// do not hide those. A lost job after which none was claimed is not found here: that no worker had a place for it
/// cannot be ruled out.
///
/// # Errors
/// Database errors only.
pub async fn sent_not_recovered(conn: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "with waiting as materialized (
             select distinct queue from jobs where state = 'sent' and sent_at < now() - interval '30 seconds'
         ), claimed as (
             select queue, is_urgent, sent_at, claimed_at from jobs where state = 'running'
             union all
             (select queue, is_urgent, sent_at, claimed_at from finished_jobs
              where finished_at < now() - interval '15 seconds'
              order by finished_at desc limit 5000)
             union all
             select done.queue, done.is_urgent, done.sent_at, done.claimed_at
             from waiting cross join lateral (
                 select finished.queue, finished.is_urgent, finished.sent_at, finished.claimed_at
                 from finished_jobs as finished
                 where finished.queue = waiting.queue and finished.finished_at < now() - interval '15 seconds'
                   and finished.finished_at > now() - interval '5 minutes'
                 order by finished.finished_at desc limit 5000
             ) as done
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

/// Jobs that a set clock keeps from being recovered: sent, claimed and not begun, or held by a process whose heartbeat
/// was noted, more than ten seconds in the future (`now()` is the start of a transaction that may take longer). When a
/// job that has begun was claimed decides nothing.
///
/// # Errors
/// Database errors only.
pub async fn time_in_future(conn: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id!" from (
               select id from jobs where state = 'sent' and sent_at > (select clock_timestamp()) + interval '10 seconds'
               union all
               select jobs.id from jobs left join processes on processes.id = jobs.process_id
               where jobs.state = 'running'
                 and (processes.beat_at > (select clock_timestamp()) + interval '10 seconds'
                      or (jobs.deadline_at is null and jobs.claimed_at > (select clock_timestamp()) + interval '10 seconds'))
           ) as ahead
           limit $1"#,
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

/// Jobs that lack what their state requires, or have what only another state has: also jobs that wait although they
/// have lost more attempts than any can, or are not dead although they crashed three times alone. Of those that
/// are ready, the first ten thousand of each queue are read; the names of the queues are read one by one by index.
///
/// That a job was claimed before it was sent is possible, if the clock was set back in between.
///
/// # Errors
/// Database errors only.
pub async fn impossible(conn: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"with recursive queues as (
               select min(queue) as queue from jobs where state = 'ready'
               union all
               select (select min(jobs.queue) from jobs where jobs.state = 'ready' and jobs.queue > queues.queue)
               from queues where queues.queue is not null
           ), waiting as (
               select job.id, process_id, deadline_at, attempt, max_attempts, crashes, crashes_alone
               from queues cross join lateral (
                   select id, process_id, deadline_at, attempt, max_attempts, crashes, crashes_alone from jobs
                   where jobs.state = 'ready' and jobs.queue = queues.queue
                   order by run_at, jobs.id limit 10000
               ) as job
           )
           select id as "id!" from (
               select id from jobs where state = 'sent' and (sent_at is null or epoch is null)
               union all
               select id from jobs where state = 'running' and (process_id is null or claimed_at is null)
               union all
               select id from jobs where state = 'done' and finished_at is null
               union all
               select id from jobs where state = 'dead' and finished_at is null
               union all
               select id from jobs where state = 'canceled' and finished_at is null
               union all
               select id from waiting
               where process_id is not null or deadline_at is not null or attempt > max_attempts + $2::smallint
                  or (crashes >= $3::smallint and crashes_alone >= $3::smallint)
               union all
               select id from jobs
               where state = 'sent' and crashes >= $3::smallint and crashes_alone >= $3::smallint
               union all
               select id from jobs
               where state = 'running' and crashes >= $3::smallint and crashes_alone >= $3::smallint
           ) as impossible
           limit $1"#,
        limit,
        UNPROVEN_CRASHES,
        MAX_CRASHES,
    )
    .fetch_all(conn)
    .await?)
}

/// Jobs that were done twice, or are done and also wait, by their ids or their dedupe keys: among the five thousand
/// that were done last. Each lookup in `jobs` ends at the first row found, so that PostgreSQL does it by index.
///
/// # Errors
/// Database errors only.
pub async fn twice(conn: &mut PgConnection, limit: i64) -> Result<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"with latest as materialized (
               select id, queue, dedupe_key from finished_jobs order by finished_at desc limit 5000
           )
           select id as "id!" from (
               select latest.id from latest cross join lateral (
                   select from jobs where jobs.id = latest.id limit 1
               ) as other
               union
               select latest.id from latest cross join lateral (
                   select from jobs
                   where jobs.dedupe_key = latest.dedupe_key and jobs.queue = latest.queue and jobs.id <> latest.id
                   limit 1
               ) as other
               union
               select id from latest group by id having count(*) > 1
               union
               select latest.id from latest join latest as other using (queue, dedupe_key) where other.id <> latest.id
           ) as twice
           limit $1"#,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Jobs that have waited for a quarter of an hour in a queue that is none of these: no relay sends them. During an
/// upgrade, programs of the next release may write jobs for a new queue before a relay knows it. The names of the queues
/// in which jobs wait are read one by one from the index, however many jobs there are.
///
/// # Errors
/// Database errors only.
pub async fn in_unknown_queue(conn: &mut PgConnection, queues: &[Queue], limit: i64) -> Result<Vec<Uuid>> {
    let known: Vec<String> = queues.iter().map(|queue| queue.name().to_owned()).collect();
    Ok(sqlx::query_scalar!(
        r#"with recursive waiting as (
               select min(queue) as queue from jobs where state = 'ready'
               union all
               select (select min(jobs.queue) from jobs where jobs.state = 'ready' and jobs.queue > waiting.queue)
               from waiting where waiting.queue is not null
           )
           select id as "id!" from (
               select job.id from waiting cross join lateral (
                   select id from jobs
                   where jobs.state = 'ready' and jobs.queue = waiting.queue
                     and jobs.run_at < now() - interval '15 minutes'
                   limit $2
               ) as job
               where waiting.queue <> all($1::text[])
               union all
               select id from jobs
               where state = 'sent' and queue <> all($1::text[]) and sent_at < now() - interval '15 minutes'
           ) as unknown
           limit $2"#,
        &known,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
