//! Queues for operators: their jobs by state, and their pauses.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::process::ALIVE;
use crate::error::Result;
use crate::job::Queue;

/// Maximum count of the jobs of a state.
pub const COUNTED: i64 = 100_000;

/// Status of a queue. Counts stop at [`COUNTED`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueStatus {
    /// Its name.
    pub queue: String,
    /// Jobs that wait for their time or for room in Redis.
    pub ready: i64,
    /// Jobs in Redis.
    pub sent: i64,
    /// Jobs with a worker.
    pub running: i64,
    /// Dead jobs.
    pub dead: i64,
    /// Due time of the oldest due job that no worker has taken, in Redis or not; `None` if none is due.
    pub oldest_due_at: Option<DateTime<Utc>>,
    /// Since when it is paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// Worker processes with a fresh heartbeat.
    pub processes: i64,
}

/// Status of these queues, in the given order.
///
/// # Errors
/// Database errors only.
pub async fn statuses(conn: &mut PgConnection, queues: &[Queue], now: DateTime<Utc>) -> Result<Vec<QueueStatus>> {
    let names: Vec<String> = queues.iter().map(|queue| queue.name().to_owned()).collect();
    Ok(sqlx::query_as!(
        QueueStatus,
        r#"with running as (
               select queue, count(*) as jobs from jobs where state = 'running' group by queue
           ), dead as (
               select queue, count(*) as jobs
               from (select queue from jobs where state = 'dead' order by finished_at desc limit $2) as latest
               group by queue
           ), alive as (
               select split_part(name, '_worker ', 1) as queue, count(*) as processes
               from processes where beat_at > now() - $4::float8 * interval '1 second' group by 1
           )
           select known.name as "queue!",
                  (select count(*) from (
                       select from jobs where jobs.queue = known.name and state = 'ready' limit $2
                   ) as waiting) as "ready!",
                  (select count(*) from (
                       select from jobs where jobs.queue = known.name and state = 'sent' limit $2
                   ) as delivered) as "sent!",
                  coalesce(running.jobs, 0) as "running!", coalesce(dead.jobs, 0) as "dead!",
                  (select min(run_at) from (
                       (select run_at from jobs
                        where jobs.queue = known.name and state = 'ready' and run_at <= $3
                        order by run_at limit 1)
                       union all
                       (select run_at from jobs
                        where jobs.queue = known.name and state = 'sent' order by sent_at limit $2)
                   ) as untaken) as oldest_due_at,
                  paused.paused_at as "paused_at?", coalesce(alive.processes, 0) as "processes!"
           from unnest($1::text[]) with ordinality as known (name, place)
               left join running on running.queue = known.name
               left join dead on dead.queue = known.name
               left join alive on alive.queue = known.name
               left join paused_queues paused on paused.queue = known.name
           order by known.place"#,
        &names,
        COUNTED,
        now,
        ALIVE,
    )
    .fetch_all(conn)
    .await?)
}

/// Pauses a queue; false when it was paused already.
///
/// # Errors
/// Database errors only.
pub async fn pause(conn: &mut PgConnection, queue: Queue) -> Result<bool> {
    let paused = sqlx::query!(
        "insert into paused_queues (queue) values ($1) on conflict (queue) do nothing",
        queue.name()
    )
    .execute(conn)
    .await?;
    Ok(paused.rows_affected() == 1)
}

/// Takes back up to `limit` jobs of a queue that are in Redis and not claimed, as if they had never been sent. Those
/// that a worker is claiming are left to it. Returns how many.
///
/// # Errors
/// Database errors only.
pub async fn take_back(conn: &mut PgConnection, queue: Queue, limit: i64) -> Result<u64> {
    let taken = sqlx::query!(
        "update jobs set state = 'ready' where id in (
             select id from jobs where queue = $1 and state = 'sent' order by sent_at limit $2 for update skip locked
         )",
        queue.name(),
        limit,
    )
    .execute(conn)
    .await?;
    Ok(taken.rows_affected())
}

/// Ends the pause of a queue; false when it was not paused.
///
/// # Errors
/// Database errors only.
pub async fn resume(conn: &mut PgConnection, queue: Queue) -> Result<bool> {
    let resumed = sqlx::query!("delete from paused_queues where queue = $1", queue.name())
        .execute(conn)
        .await?;
    Ok(resumed.rows_affected() == 1)
}
