//! The way of a job through the ledger while it is delivered and run: `ready`, `sent`, `running`, settled.
//!
//! Liveness is judged by database time, business time comes in as an argument. Every write names the state (and
//! where there is one, the attempt and the process) that it expects, so that whoever comes late changes nothing.
//!
//! Statements that get a list of ids must walk the primary key, however wrong the planner's statistics are: the ledger
//! empties and fills by orders of magnitude within seconds. Therefore `id = any(..)` beside the join (it bounds what is
//! walked, whatever the join), and `is not distinct from` for the state (it hides the partial indexes, which look tiny).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use trace::TraceParent;
use uuid::Uuid;

use crate::delivery::Delivery;
use crate::error::Result;
use crate::id::{JobId, ProcessId};
use crate::job::{Cause, Queue};
use crate::judge::runs_alone;

pub use super::outcome::{Settlement, settle, settle_late};

/// How many more jobs the list of a queue takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueCapacity {
    /// The queue.
    pub queue: Queue,
    /// How many jobs may be sent into it.
    pub jobs: i64,
}

/// A job that was marked as sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The queue that carries it.
    pub queue: Queue,
    /// What is pushed.
    pub delivery: Delivery,
    /// The span that wrote it, if its trace is sampled.
    pub sampled: Option<TraceParent>,
}

/// Marks due jobs as sent, the oldest first and at most `capacities` of each queue, and returns what to push, in order.
///
/// Queues that are paused get nothing. Rows that another relay is just marking are skipped. `sent_at` is unique within a batch and follows the order of
/// the push, so that the head of a list tells exactly what has left it.
///
/// # Errors
/// Database errors only.
pub async fn send_due(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    epoch: Uuid,
    capacities: &[QueueCapacity],
) -> Result<Vec<Due>> {
    let queues: Vec<String> = capacities.iter().map(|room| room.queue.name().to_owned()).collect();
    let limits: Vec<i64> = capacities.iter().map(|room| room.jobs.max(0)).collect();
    let mut rows = sqlx::query!(
        r#"with due as (
               select picked.id, row_number() over (order by picked.run_at, picked.id) as place
               from unnest($1::text[], $2::bigint[]) as room (queue, jobs)
               cross join lateral (
                   select id, run_at from jobs
                   where jobs.queue = room.queue and state = 'ready' and run_at <= $3
                   order by run_at, id limit room.jobs
                   for update skip locked
               ) as picked
               where not exists (select from paused_queues paused where paused.queue = room.queue)
           )
           update jobs set state = 'sent', epoch = $4, sent_at = now() + due.place * interval '1 microsecond'
           from due where jobs.id = due.id
           returning jobs.queue, jobs.id as "id: JobId", jobs.attempt, due.place as "place!",
                     case when jobs.traceparent like '%-01' then jobs.traceparent end as sampled"#,
        &queues,
        &limits,
        now,
        epoch,
    )
    .fetch_all(conn)
    .await?;
    rows.sort_unstable_by_key(|row| row.place);
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let queue = capacities
                .iter()
                .map(|room| room.queue)
                .find(|queue| queue.name() == row.queue)?;
            Some(Due {
                queue,
                delivery: Delivery {
                    job_id: row.id,
                    attempt: row.attempt,
                },
                sampled: row.sampled.and_then(|text| text.parse().ok()),
            })
        })
        .collect())
}

/// A job that a process holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claimed {
    /// The job.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Its payload, not yet decoded.
    pub payload: serde_json::Value,
    /// Number of this attempt; the first is 1.
    pub attempt: i16,
    /// Attempts after which it is parked.
    pub max_attempts: i16,
    /// Attempts that ended with their process since one last survived.
    pub crashes: i16,
    /// Since when somebody else's trouble holds it up.
    pub held_since: Option<DateTime<Utc>>,
    /// Whose doing it is.
    pub cause: Cause,
    /// When it was due.
    pub run_at: DateTime<Utc>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

impl Claimed {
    /// Whether it must run in a process of its own, because it may have killed others.
    #[must_use]
    pub fn runs_alone(&self) -> bool {
        runs_alone(self.crashes)
    }
}

/// Claims those of `deliveries` that are still waiting to be claimed: `sent` becomes `running` and the attempt
/// rises, so that a crash counts. Duplicates and leftovers claim nothing; neither does a process that was given up.
///
/// A claimed job has no deadline until [`begin`]: waiting is not charged to it.
///
/// # Errors
/// Database errors only. The claim may then have succeeded all the same: see [`release`].
pub async fn claim(conn: &mut PgConnection, process_id: ProcessId, deliveries: &[Delivery]) -> Result<Vec<Claimed>> {
    let (ids, attempts) = columns(deliveries.iter().map(|delivery| (delivery.job_id, delivery.attempt)));
    let rows = sqlx::query!(
        r#"update jobs
           set state = 'running', attempt = jobs.attempt + 1, process_id = $3, claimed_at = now(), deadline_at = null
           from unnest($1::uuid[], $2::smallint[]) as delivery (job_id, attempt)
           where jobs.id = any($1) and jobs.id = delivery.job_id and jobs.attempt = delivery.attempt
             and jobs.state is not distinct from 'sent'
             and exists (select from processes where processes.id = $3)
           returning jobs.id as "id: JobId", kind, payload, jobs.attempt, max_attempts, crashes, held_since,
                     request_id, trace_id, traceparent, run_at, created_at"#,
        &ids,
        &attempts,
        process_id as ProcessId,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Claimed {
            id: row.id,
            kind: row.kind,
            payload: row.payload,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            crashes: row.crashes,
            held_since: row.held_since,
            cause: Cause::stored(row.request_id, row.trace_id, row.traceparent.as_deref()),
            run_at: row.run_at,
            created_at: row.created_at,
        })
        .collect())
}

/// A claimed job whose handler is about to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begin {
    /// The job.
    pub job_id: JobId,
    /// Number of the attempt.
    pub attempt: i16,
    /// How long it may hold its claim from now on.
    pub lease: TimeDelta,
}

/// Starts the deadlines of claimed jobs, or moves them on. Returns those that the process still holds; no others may
/// run.
///
/// # Errors
/// Database errors only.
pub async fn begin(conn: &mut PgConnection, process_id: ProcessId, jobs: &[Begin]) -> Result<Vec<JobId>> {
    let (ids, attempts) = columns(jobs.iter().map(|begin| (begin.job_id, begin.attempt)));
    let lease_millis: Vec<i64> = jobs.iter().map(|begin| begin.lease.num_milliseconds()).collect();
    Ok(sqlx::query_scalar!(
        r#"update jobs set deadline_at = now() + begun.lease_millis * interval '1 millisecond'
           from unnest($1::uuid[], $2::smallint[], $4::bigint[]) as begun (job_id, attempt, lease_millis)
           where jobs.id = any($1) and jobs.id = begun.job_id and jobs.attempt = begun.attempt
             and jobs.process_id is not distinct from $3 and jobs.state is not distinct from 'running'
             and exists (select from processes where processes.id = $3)
           returning jobs.id as "id: JobId""#,
        &ids,
        &attempts,
        process_id as ProcessId,
        &lease_millis,
    )
    .fetch_all(conn)
    .await?)
}

/// Gives back claimed jobs, given by id and attempt, that have not begun, as if they had never been claimed: to be run
/// not before `run_at`. Those that the process does not hold stay as they are.
///
/// # Errors
/// Database errors only.
pub async fn release(
    conn: &mut PgConnection,
    process_id: ProcessId,
    jobs: &[(JobId, i16)],
    run_at: DateTime<Utc>,
) -> Result<u64> {
    let (ids, attempts) = columns(jobs.iter().copied());
    let released = sqlx::query!(
        "update jobs
         set state = 'ready', attempt = jobs.attempt - 1, process_id = null, run_at = greatest(run_at, $4)
         from unnest($1::uuid[], $2::smallint[]) as claimed (job_id, attempt)
         where jobs.id = any($1) and jobs.id = claimed.job_id and jobs.attempt = claimed.attempt
           and jobs.process_id is not distinct from $3 and jobs.state is not distinct from 'running'
           and deadline_at is null",
        &ids,
        &attempts,
        process_id as ProcessId,
        run_at,
    )
    .execute(conn)
    .await?;
    Ok(released.rows_affected())
}

/// Hands back what a process still holds when it leaves in good order; the unfinished attempts do not count.
///
/// # Errors
/// Database errors only.
pub async fn hand_back(conn: &mut PgConnection, process_id: ProcessId) -> Result<u64> {
    let handed = sqlx::query!(
        "update jobs set state = 'ready', attempt = attempt - 1, process_id = null, deadline_at = null
         where process_id = $1 and state = 'running'",
        process_id as ProcessId,
    )
    .execute(conn)
    .await?;
    Ok(handed.rows_affected())
}

/// Ids and attempts as the arrays of a statement.
fn columns(jobs: impl Iterator<Item = (JobId, i16)>) -> (Vec<Uuid>, Vec<i16>) {
    jobs.map(|(id, attempt)| (id.0, attempt)).unzip()
}
