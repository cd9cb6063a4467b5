//! The way of a job through the ledger while it is delivered and run: `ready`, `sent`, `running`, settled.
//!
//! Liveness is judged by database time, business time comes in as an argument. Every write names the state (and
//! where there is one, the attempt and the process) that it expects, so that whoever comes late changes nothing.
//!
//! Statements that get a list of ids must walk the primary key, however wrong the planner's statistics are: the ledger
//! empties and fills by orders of magnitude within seconds. Therefore `id = any(..)` beside the join (it bounds what is
//! walked, whatever the join), and `is not distinct from` for the state (it hides the partial indexes, which look tiny).

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use crate::domain::job::{MAX_CRASHES, Verdict, runs_alone};
use crate::error::{AppError, AppResult};
use crate::id::{JobId, ProcessId};
use crate::jobs::delivery::Delivery;
use crate::jobs::{Cause, Queue};

/// Room in the list of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The queue.
    pub queue: Queue,
    /// How many jobs may be sent into it.
    pub jobs: i64,
}

/// Marks due jobs as sent, the oldest first and at most `rooms` of each queue, and returns what to push, in order.
///
/// Rows that another relay is just marking are skipped. `sent_at` is unique within a batch and follows the order of
/// the push, so that the head of a list tells exactly what has left it.
///
/// # Errors
/// Database errors only.
pub async fn send_due(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    epoch: Uuid,
    rooms: &[Room],
) -> AppResult<Vec<(Queue, Delivery)>> {
    let queues: Vec<String> = rooms.iter().map(|room| room.queue.name().to_owned()).collect();
    let limits: Vec<i64> = rooms.iter().map(|room| room.jobs.max(0)).collect();
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
           )
           update jobs set state = 'sent', epoch = $4, sent_at = now() + due.place * interval '1 microsecond'
           from due where jobs.id = due.id
           returning jobs.queue, jobs.id as "id: JobId", jobs.attempt, due.place as "place!""#,
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
            let queue = rooms
                .iter()
                .map(|room| room.queue)
                .find(|queue| queue.name() == row.queue)?;
            Some((
                queue,
                Delivery {
                    job_id: row.id,
                    attempt: row.attempt,
                },
            ))
        })
        .collect())
}

/// A job that a process holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The job.
    pub id: JobId,
    /// Its kind, as in [`crate::jobs::Job`].
    pub kind: String,
    /// Its payload, not yet decoded.
    pub payload: serde_json::Value,
    /// Number of this attempt; the first is 1.
    pub attempt: i16,
    /// Attempts after which it is parked.
    pub max_attempts: i16,
    /// Former attempts that ended with their process.
    pub crashes: i16,
    /// Whose doing it is.
    pub cause: Cause,
}

impl Claimed {
    /// Whether it must run alone in its process: its last chance after crashes.
    #[must_use]
    pub fn runs_alone(&self) -> bool {
        runs_alone(self.crashes)
    }
}

/// Claims those of `deliveries` that are still waiting to be claimed: `sent` becomes `running` and the attempt
/// rises, so that a crash counts. Duplicates and leftovers claim nothing; neither does a process that was given up.
///
/// A job on its last chance has no deadline until [`begin`]: it has to wait for its companions to end.
///
/// # Errors
/// Database errors only.
pub async fn claim(
    conn: &mut PgConnection,
    process_id: ProcessId,
    lease: TimeDelta,
    deliveries: &[Delivery],
) -> AppResult<Vec<Claimed>> {
    let ids: Vec<Uuid> = deliveries.iter().map(|delivery| delivery.job_id.0).collect();
    let attempts: Vec<i16> = deliveries.iter().map(|delivery| delivery.attempt).collect();
    let rows = sqlx::query!(
        r#"update jobs
           set state = 'running', attempt = jobs.attempt + 1, process_id = $3, claimed_at = now(),
               deadline_at = case when crashes < $5::smallint - 1 then now() + $4::interval end
           from unnest($1::uuid[], $2::smallint[]) as delivery (job_id, attempt)
           where jobs.id = any($1) and jobs.id = delivery.job_id and jobs.attempt = delivery.attempt
             and jobs.state is not distinct from 'sent'
             and exists (select from processes where processes.id = $3)
           returning jobs.id as "id: JobId", kind, payload, jobs.attempt, max_attempts, crashes, request_id, trace_id"#,
        &ids,
        &attempts,
        process_id as ProcessId,
        interval(lease)?,
        MAX_CRASHES,
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
            cause: Cause {
                request_id: row.request_id,
                trace_id: row.trace_id,
            },
        })
        .collect())
}

/// Starts the deadline of a job that had to wait before it could begin. False when it is no longer held.
///
/// # Errors
/// Database errors only.
pub async fn begin(
    conn: &mut PgConnection,
    process_id: ProcessId,
    lease: TimeDelta,
    job_id: JobId,
    attempt: i16,
) -> AppResult<bool> {
    let begun = sqlx::query!(
        "update jobs set deadline_at = now() + $4::interval
         where id = $1 and attempt = $2 and process_id is not distinct from $3
           and state is not distinct from 'running'",
        job_id as JobId,
        attempt,
        process_id as ProcessId,
        interval(lease)?,
    )
    .execute(conn)
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// How one attempt of a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The job.
    pub job_id: JobId,
    /// Number of the attempt.
    pub attempt: i16,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// Records how attempts ended, in one statement, and returns how many it recorded: those that the process still
/// held. The others were taken from it and belong to somebody else by now.
///
/// # Errors
/// Database errors only.
pub async fn settle(
    conn: &mut PgConnection,
    process_id: ProcessId,
    now: DateTime<Utc>,
    settlements: &[Settlement],
) -> AppResult<u64> {
    let mut ids = Vec::with_capacity(settlements.len());
    let mut attempts = Vec::with_capacity(settlements.len());
    let mut states = Vec::with_capacity(settlements.len());
    let mut run_ats = Vec::with_capacity(settlements.len());
    let mut reasons = Vec::with_capacity(settlements.len());
    let mut uncounted = Vec::with_capacity(settlements.len());
    for settlement in settlements {
        let (state, run_at, reason) = match &settlement.verdict {
            Verdict::Done => ("done", None, None),
            Verdict::Again { run_at, reason } | Verdict::Postponed { run_at, reason } => {
                ("ready", Some(*run_at), Some(reason.clone()))
            }
            Verdict::Dead { reason } => ("dead", None, Some(reason.clone())),
        };
        uncounted.push(i16::from(matches!(settlement.verdict, Verdict::Postponed { .. })));
        ids.push(settlement.job_id.0);
        attempts.push(settlement.attempt);
        states.push(state.to_owned());
        run_ats.push(run_at);
        reasons.push(reason);
    }
    let settled = sqlx::query!(
        "update jobs
         set state = settled.state, run_at = coalesce(settled.run_at, jobs.run_at),
             attempt = jobs.attempt - settled.uncounted,
             last_error = coalesce(settled.reason, last_error),
             finished_at = case when settled.state <> 'ready' then $7::timestamptz end,
             process_id = null, deadline_at = null
         from unnest($1::uuid[], $2::smallint[], $3::text[], $4::timestamptz[], $5::text[], $8::smallint[])
              as settled (job_id, attempt, state, run_at, reason, uncounted)
         where jobs.id = any($1) and jobs.id = settled.job_id and jobs.attempt = settled.attempt
           and jobs.process_id is not distinct from $6 and jobs.state is not distinct from 'running'",
        &ids,
        &attempts,
        &states,
        &run_ats as &[Option<DateTime<Utc>>],
        &reasons as &[Option<String>],
        process_id as ProcessId,
        now,
        &uncounted,
    )
    .execute(conn)
    .await?;
    Ok(settled.rows_affected())
}

/// Hands back what a process still holds when it leaves in good order; the unfinished attempts do not count.
///
/// # Errors
/// Database errors only.
pub async fn hand_back(conn: &mut PgConnection, process_id: ProcessId) -> AppResult<u64> {
    let handed = sqlx::query!(
        "update jobs set state = 'ready', attempt = attempt - 1, process_id = null, deadline_at = null
         where process_id = $1 and state = 'running'",
        process_id as ProcessId,
    )
    .execute(conn)
    .await?;
    Ok(handed.rows_affected())
}

fn interval(span: TimeDelta) -> AppResult<PgInterval> {
    PgInterval::try_from(span).map_err(|e| AppError::Internal(format!("interval: {e}")))
}
