//! A job in the ledger from its claim to its outcome: `sent`, `running`, settled. How it is sent is in [`super::turn`].
//!
//! Liveness is judged by database time; business time is an argument. Every write names the state that it expects, so
//! that a late writer changes nothing. A start and an outcome also name the process and the time of the claim. The
//! number of the attempt does not identify a claim: it recurs when an attempt is not counted, and when an operator
//! retries a job.
//!
//! Statements that get a list of ids must scan the index of the primary key, even if the planner's statistics are
//! wrong: the ledger empties and fills by orders of magnitude within seconds. Therefore `id = any(..)` beside the join
//! (it bounds the scan, for any join), and `is not distinct from` for the state (it hides the partial indexes, which
//! look tiny). These conditions look so selective that a join reads the whole list for each job. Where the list has
//! nothing but keys, `(..) in (select ..) is true` puts it into a hash table; without `is true` it would be a join.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::delivery::Delivery;
use crate::error::Result;
use crate::id::{JobId, ProcessId};
use crate::job::Cause;
use crate::judge::runs_alone;

pub use super::outcome::{Settlement, settle, settle_late};

/// A job that a process holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claimed {
    /// The job.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Its payload, not yet decoded.
    pub payload: serde_json::Value,
    /// When it was claimed (database time). With the id, it identifies the claim.
    pub claimed_at: DateTime<Utc>,
    /// Number of this attempt; the first is 1. It can recur, so it does not identify the claim.
    pub attempt: i16,
    /// Attempts after which it is marked as dead.
    pub max_attempts: i16,
    /// Crashes since the last attempt that ended without one.
    pub crashes: i16,
    /// Since when an external failure holds it up.
    pub held_since: Option<DateTime<Utc>>,
    /// The origin of the job.
    pub cause: Cause,
    /// When it was due.
    pub run_at: DateTime<Utc>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

impl Claimed {
    /// Whether it must run in a process of its own, because it may have crashed earlier ones.
    #[must_use]
    pub fn runs_alone(&self) -> bool {
        runs_alone(self.crashes)
    }
}

/// Claims those of `deliveries` that are still waiting to be claimed: `sent` becomes `running` and the attempt is
/// incremented, so that a crash counts. Duplicate and stale deliveries claim nothing; neither does a process that was
/// given up.
///
/// A claimed job has no deadline until [`begin`]: the time that it waits does not count against it.
///
/// # Errors
/// Database errors only. The claim may have succeeded nevertheless: see [`release`].
pub async fn claim(conn: &mut PgConnection, process_id: ProcessId, deliveries: &[Delivery]) -> Result<Vec<Claimed>> {
    let (ids, attempts) = columns(deliveries.iter().map(|delivery| (delivery.job_id, delivery.attempt)));
    let rows = sqlx::query!(
        r#"update jobs
           set state = 'running', attempt = jobs.attempt + 1, process_id = $3, claimed_at = now(), deadline_at = null
           where jobs.id = any($1) and jobs.state is not distinct from 'sent'
             and ((jobs.id, jobs.attempt) in (select * from unnest($1::uuid[], $2::smallint[]))) is true
             and exists (select from processes where processes.id = $3)
           returning jobs.id as "id: JobId", kind, payload, claimed_at as "claimed_at!", jobs.attempt, max_attempts,
                     crashes, held_since, request_id, trace_id, traceparent, run_at, created_at"#,
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
            claimed_at: row.claimed_at,
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
    /// When it was claimed.
    pub claimed_at: DateTime<Utc>,
    /// How long it may hold its claim from now on.
    pub lease: TimeDelta,
}

/// Starts or extends the deadlines of claimed jobs. Returns the jobs that the process still holds under these claims;
/// no others may run.
///
/// The lease begins now. If the clock was set back since, so that the claim lies in the future, the deadline is no
/// later than the claim, or at least a lease after it, as [`super::step`] requires: a lease that would end later than
/// the claim begins at the claim, and the job has at worst twice its time. Whether the times are corrected before or
/// afterwards makes no difference.
///
/// # Errors
/// Database errors only.
pub async fn begin(conn: &mut PgConnection, process_id: ProcessId, jobs: &[Begin]) -> Result<Vec<JobId>> {
    let ids: Vec<Uuid> = jobs.iter().map(|begin| begin.job_id.0).collect();
    let claims: Vec<DateTime<Utc>> = jobs.iter().map(|begin| begin.claimed_at).collect();
    let lease_millis: Vec<i64> = jobs.iter().map(|begin| begin.lease.num_milliseconds()).collect();
    Ok(sqlx::query_scalar!(
        r#"update jobs
           set deadline_at = begun.lease_millis * interval '1 millisecond'
                   + case when now() + begun.lease_millis * interval '1 millisecond' <= jobs.claimed_at then now()
                          else greatest(now(), jobs.claimed_at) end
           from unnest($1::uuid[], $2::timestamptz[], $4::bigint[]) as begun (job_id, claimed_at, lease_millis)
           where jobs.id = any($1) and jobs.id = begun.job_id and jobs.claimed_at = begun.claimed_at
             and jobs.process_id is not distinct from $3 and jobs.state is not distinct from 'running'
             and exists (select from processes where processes.id = $3)
           returning jobs.id as "id: JobId""#,
        &ids,
        &claims,
        process_id as ProcessId,
        &lease_millis,
    )
    .fetch_all(conn)
    .await?)
}

/// Gives back claimed jobs that have not begun, given by id and attempt, as if they had never been claimed; they run no
/// earlier than `run_at`. Jobs that the process does not hold do not change. The attempt suffices here to identify the
/// claim: if a later claim is released with it, [`begin`] refuses that job. The time of the claim may be unknown,
/// because it is lost together with the response to the claim.
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

/// Hands back the jobs that a process still holds at its orderly end; the unfinished attempts do not count.
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
