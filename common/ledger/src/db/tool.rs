//! Queries for tools: lists by state, counts that stop at a limit, and the states of given jobs. Everything here is
//! bounded, because tools poll every few seconds.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::job::JobDetails;
use crate::error::Result;
use crate::id::{JobId, ProcessId};
use crate::job::Queue;

/// How many jobs a list reaches back, and at which number a count stops.
pub const REACH: i64 = 10_000;

/// Maximum number of processes in a list.
const PROCESSES: i64 = 1000;

fn names(queues: &[Queue]) -> Vec<String> {
    queues.iter().map(|queue| queue.name().to_owned()).collect()
}

/// Jobs of these queues: ready and sent ones in the order of their turn, others with the latest first. Without a state,
/// the jobs that were written last. A list ends at [`REACH`]; done, dead and all jobs are searched among the latest
/// [`REACH`] of all queues.
///
/// # Errors
/// Database errors only.
pub async fn list(
    conn: &mut PgConnection,
    queues: &[Queue],
    state: Option<&str>,
    offset: i64,
    limit: i64,
) -> Result<Vec<JobDetails>> {
    // Each branch is a bounded index scan, and those of other states are not executed.
    Ok(sqlx::query_as!(
        JobDetails,
        r#"with page as (
               select id, place from (
                   select ready.id, extract(epoch from ready.run_at)::float8 as place
                   from unnest($1::text[]) as queue (name) cross join lateral (
                       select id, run_at from jobs where jobs.queue = queue.name and state = 'ready'
                       order by run_at, id limit $3::bigint + $4::bigint
                   ) as ready
                   where $2::text = 'ready'
                   union all
                   select sent.id, extract(epoch from sent.sent_at)::float8
                   from unnest($1::text[]) as queue (name) cross join lateral (
                       select id, sent_at from jobs where jobs.queue = queue.name and state = 'sent'
                       order by sent_at limit $3::bigint + $4::bigint
                   ) as sent
                   where $2::text = 'sent'
                   union all
                   select id, -extract(epoch from claimed_at)::float8
                   from jobs where $2::text = 'running' and state = 'running' and queue = any($1)
                   union all
                   select id, -extract(epoch from finished_at)::float8
                   from (select id, queue, finished_at from all_jobs where state = 'done'
                         order by finished_at desc limit $5) as done
                   where $2::text = 'done' and queue = any($1)
                   union all
                   select id, -extract(epoch from finished_at)::float8
                   from (select id, queue, finished_at from jobs where state = 'dead'
                         order by finished_at desc limit $5) as dead
                   where $2::text = 'dead' and queue = any($1)
                   union all
                   select id, -extract(epoch from created_at)::float8
                   from (select id, queue, created_at from all_jobs order by id desc limit $5) as latest
                   where $2::text is null and queue = any($1)
               ) as found
               order by place, id offset $3 limit $4
           )
           select job.id as "id!: JobId", queue as "queue!", kind as "kind!", payload as "payload!", dedupe_key,
                  state as "state!", attempt as "attempt!", max_attempts as "max_attempts!", crashes as "crashes!",
                  process_id as "process_id: ProcessId", last_error, request_id, trace_id, created_at as "created_at!",
                  run_at as "run_at!", sent_at, claimed_at, deadline_at, finished_at
           from page join all_jobs job using (id)
           where job.id = any(array(select id from page)) order by place, job.id"#,
        &names(queues),
        state,
        offset.clamp(0, REACH),
        limit.clamp(0, REACH - offset.clamp(0, REACH)),
        REACH,
    )
    .fetch_all(conn)
    .await?)
}

/// Number of jobs of a queue by state; counts stop at a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Name of the queue.
    pub queue: String,
    /// Waiting for their time or for room in Redis; counted up to [`REACH`].
    pub ready: i64,
    /// In Redis; counted up to [`REACH`].
    pub sent: i64,
    /// With a worker.
    pub running: i64,
    /// Finished since the requested instant, among the latest [`REACH`] of all queues.
    pub done: i64,
    /// Dead, among the latest [`REACH`] of all queues.
    pub dead: i64,
    /// Whether more were finished than were counted.
    pub is_done_cut: bool,
    /// Whether more are dead than were counted.
    pub is_dead_cut: bool,
}

/// Counts of these queues, in their order.
///
/// # Errors
/// Database errors only.
pub async fn standings(conn: &mut PgConnection, queues: &[Queue], done_since: DateTime<Utc>) -> Result<Vec<Standing>> {
    Ok(sqlx::query_as!(
        Standing,
        r#"with done as (select queue from all_jobs where state = 'done' and finished_at > $2
                         order by finished_at desc limit $3),
                dead as (select queue from jobs where state = 'dead' order by finished_at desc limit $3)
           select queue.name as "queue!",
                  (select count(*) from (select from jobs where jobs.queue = queue.name and state = 'ready'
                                             order by run_at, id limit $3)
                       as ready) as "ready!",
                  (select count(*) from (select from jobs where jobs.queue = queue.name and state = 'sent' limit $3)
                       as sent) as "sent!",
                  (select count(*) from jobs where state = 'running' and jobs.queue = queue.name) as "running!",
                  (select count(*) from done where done.queue = queue.name) as "done!",
                  (select count(*) from dead where dead.queue = queue.name) as "dead!",
                  (select count(*) >= $3 from done) as "is_done_cut!",
                  (select count(*) >= $3 from dead) as "is_dead_cut!"
           from unnest($1::text[]) with ordinality as queue (name, place) order by place"#,
        &names(queues),
        done_since,
        REACH,
    )
    .fetch_all(conn)
    .await?)
}

/// State of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The job.
    pub id: JobId,
    /// `ready`, `sent`, `running`, `done`, `dead` or `canceled`.
    pub state: String,
    /// Claims so far.
    pub attempt: i16,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

/// States of these jobs of a queue. Unknown ids are left out.
///
/// # Errors
/// Database errors only.
pub async fn progress(conn: &mut PgConnection, queue: Queue, ids: &[JobId]) -> Result<Vec<Progress>> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        Progress,
        r#"select id as "id!: JobId", state as "state!", attempt as "attempt!", last_error
           from all_jobs where id = any($1) and queue = $2"#,
        &ids,
        queue.name(),
    )
    .fetch_all(conn)
    .await?)
}

/// Changes the due time of a ready job. False if this queue has no ready job with this id.
///
/// # Errors
/// Database errors only.
pub async fn reschedule(conn: &mut PgConnection, queue: Queue, id: JobId, run_at: DateTime<Utc>) -> Result<bool> {
    let moved = sqlx::query!(
        "update jobs set run_at = $3 where id = $1 and queue = $2 and state = 'ready'",
        id as JobId,
        queue.name(),
        run_at,
    )
    .execute(conn)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// A worker process that has not been given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerProcess {
    /// The process.
    pub id: ProcessId,
    /// Its name, for people.
    pub name: String,
    /// When it started (database time).
    pub started_at: DateTime<Utc>,
    /// Its last heartbeat (database time).
    pub beat_at: DateTime<Utc>,
}

/// Worker processes whose name begins with `prefix`, the oldest first, a thousand at most.
///
/// # Errors
/// Database errors only.
pub async fn workers(conn: &mut PgConnection, prefix: &str) -> Result<Vec<WorkerProcess>> {
    Ok(sqlx::query_as!(
        WorkerProcess,
        r#"select id as "id: ProcessId", name, started_at, beat_at from processes where starts_with(name, $1)
           order by started_at, id limit $2"#,
        prefix,
        PROCESSES,
    )
    .fetch_all(conn)
    .await?)
}
