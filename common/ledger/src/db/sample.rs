//! Contents of the ledger, for gauges. Every count reads a partial index and is capped, so that a backlog of a million
//! jobs costs no more than one of ten thousand. Each count is ordered as its index is: without an order, the planner
//! may read the whole index.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::process::ALIVE;
use crate::error::Result;
use crate::job::Queue;

/// Maximum count of the jobs of one queue and state.
pub const MOST: i64 = 10_000;

/// Numbers of a queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The queue.
    pub queue: Queue,
    /// Jobs that are due and wait for room in Redis.
    pub due: i64,
    /// Jobs that are not due yet.
    pub scheduled: i64,
    /// Jobs in Redis.
    pub sent: i64,
    /// Jobs with a worker.
    pub running: i64,
    /// Dead jobs.
    pub dead: i64,
    /// How long the job that waits longest, for room in Redis or there for a worker, has been due; 0 if none waits.
    pub oldest_due_seconds: f64,
    /// How long ago the job that runs longest was claimed; 0 if none runs.
    pub oldest_running_seconds: f64,
    /// How long the job has been held up that was held up first; 0 if none is.
    pub oldest_held_seconds: f64,
    /// Worker processes with a fresh heartbeat.
    pub processes: i64,
    /// Whether it is paused.
    pub is_paused: bool,
}

/// Numbers of each of these queues, in their order.
///
/// # Errors
/// Database errors only.
pub async fn standing(conn: &mut PgConnection, queues: &[Queue], now: DateTime<Utc>) -> Result<Vec<Standing>> {
    let names: Vec<String> = queues.iter().map(|queue| queue.name().to_owned()).collect();
    let rows = sqlx::query!(
        r#"with running as materialized (
               select queue, count(*) as jobs, extract(epoch from now() - min(claimed_at))::float8 as oldest
               from (select queue, claimed_at from jobs where state = 'running' limit $3) as jobs
               group by queue
           ), alive as materialized (
               select split_part(name, ' ', 1) as role, count(*) as processes
               from processes where beat_at > now() - $4::float8 * interval '1 second'
               group by role
           )
           select due.jobs as "due!", scheduled.jobs as "scheduled!", sent.jobs as "sent!", dead.jobs as "dead!",
                  coalesce(running.jobs, 0) as "running!",
                  greatest(extract(epoch from $2 - least(oldest.run_at, sent.oldest))::float8, 0)
                      as "oldest_due_seconds!",
                  coalesce(running.oldest, 0) as "oldest_running_seconds!",
                  coalesce(greatest(extract(epoch from $2 - held.since)::float8, 0), 0) as "oldest_held_seconds!",
                  coalesce(alive.processes, 0) as "processes!",
                  exists (select from paused_queues paused where paused.queue = queue.name) as "is_paused!"
           from unnest($1::text[]) with ordinality as queue (name, place)
           cross join lateral (
               select count(*) as jobs from (
                   select from jobs where jobs.queue = queue.name and state = 'ready' and run_at <= $2
                   order by run_at limit $3) as capped
           ) as due
           cross join lateral (
               select count(*) as jobs from (
                   select from jobs where jobs.queue = queue.name and state = 'ready' and run_at > $2
                   order by run_at limit $3) as capped
           ) as scheduled
           cross join lateral (
               select count(*) as jobs, min(run_at) as oldest from (
                   select run_at from jobs where jobs.queue = queue.name and state = 'sent'
                   order by sent_at limit $3) as capped
           ) as sent
           cross join lateral (
               select count(*) as jobs from (
                   select from jobs where jobs.queue = queue.name and state = 'dead'
                   order by run_at limit $3) as capped
           ) as dead
           left join lateral (
               select run_at from jobs where jobs.queue = queue.name and state = 'ready' and run_at <= $2
               order by run_at, id limit 1
           ) as oldest on true
           left join lateral (
               select held_since as since from jobs
               where jobs.queue = queue.name and held_since is not null and state in ('ready', 'sent', 'running')
               order by held_since limit 1
           ) as held on true
           left join running on running.queue = queue.name
           left join alive on alive.role = queue.name || '_worker'
           order by queue.place"#,
        &names,
        now,
        MOST,
        ALIVE,
    )
    .fetch_all(conn)
    .await?;
    let standing = queues.iter().zip(rows).map(|(queue, row)| Standing {
        queue: *queue,
        due: row.due,
        scheduled: row.scheduled,
        sent: row.sent,
        running: row.running,
        dead: row.dead,
        oldest_due_seconds: row.oldest_due_seconds,
        oldest_running_seconds: row.oldest_running_seconds,
        oldest_held_seconds: row.oldest_held_seconds,
        processes: row.processes,
        is_paused: row.is_paused,
    });
    Ok(standing.collect())
}
