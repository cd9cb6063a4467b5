//! Writes jobs into the ledger, and reads one for operators. Lists of jobs are in [`super::listing`], delivery is in
//! [`super::delivery`].

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use tracing::Instrument;
use uuid::Uuid;

use crate::creation::Creation;
use crate::error::Result;
use crate::id::{JobId, ProcessId};
use crate::job::{Cause, NewJob, Queue};

/// Writes jobs inside the caller's transaction: they exist if and only if it commits. A job is not written while its
/// dedupe key belongs to any other job in `jobs`, or to a finished job of its queue.
///
/// # Errors
/// Database errors only.
pub async fn enqueue(conn: &mut PgConnection, now: DateTime<Utc>, cause: &Cause, jobs: &[NewJob]) -> Result<()> {
    enqueue_each(conn, now, jobs.iter().map(|job| (job, cause))).await
}

/// As [`enqueue`], each job with a cause of its own.
///
/// # Errors
/// Database errors only.
pub async fn enqueue_each<'a>(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    jobs: impl ExactSizeIterator<Item = (&'a NewJob, &'a Cause)>,
) -> Result<()> {
    if jobs.len() == 0 {
        return Ok(());
    }
    let mut ids = Vec::with_capacity(jobs.len());
    let mut may_repeat = Vec::new();
    let mut queues = Vec::with_capacity(jobs.len());
    let mut kinds = Vec::with_capacity(jobs.len());
    let mut payloads = Vec::with_capacity(jobs.len());
    let mut dedupe_keys = Vec::with_capacity(jobs.len());
    let mut run_ats = Vec::with_capacity(jobs.len());
    let mut max_attempts = Vec::with_capacity(jobs.len());
    let mut request_ids = Vec::with_capacity(jobs.len());
    let mut trace_ids = Vec::with_capacity(jobs.len());
    let mut traceparents = Vec::with_capacity(jobs.len());
    let mut are_urgent = Vec::with_capacity(jobs.len());
    let mut tenants = Vec::with_capacity(jobs.len());
    let jobs: Vec<_> = jobs.collect();
    let creation = Creation::of(jobs.iter().map(|(new, _)| new.queue.name()));
    for (new, cause) in jobs {
        let cause = creation.continued(cause);
        let id = JobId::new().0;
        ids.push(id);
        if new.dedupe_key.is_some() && !new.is_key_new {
            may_repeat.push(id);
        }
        queues.push(new.queue.name().to_owned());
        kinds.push(new.kind.to_owned());
        payloads.push(new.payload.clone());
        dedupe_keys.push(new.dedupe_key.clone());
        run_ats.push(new.run_at);
        max_attempts.push(new.max_attempts);
        request_ids.push(cause.request_id);
        trace_ids.push(cause.trace_id);
        traceparents.push(cause.traceparent.map(String::from));
        are_urgent.push(new.priority.is_urgent());
        tenants.push(new.tenant);
    }
    sqlx::query!(
        "insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, trace_id,
                           traceparent, is_urgent, tenant, created_at)
         select id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, trace_id, traceparent,
                is_urgent, tenant, $13
         from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $6::timestamptz[], $7::smallint[],
                     $8::text[], $9::text[], $10::text[], $11::bool[], $12::uuid[])
              as new (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, trace_id, traceparent,
                      is_urgent, tenant)
         on conflict (dedupe_key) do nothing",
        &ids,
        &queues,
        &kinds,
        &payloads,
        &dedupe_keys as &[Option<String>],
        &run_ats,
        &max_attempts,
        &request_ids as &[Option<String>],
        &trace_ids as &[Option<String>],
        &traceparents as &[Option<String>],
        &are_urgent,
        &tenants,
        now,
    )
    .execute(&mut *conn)
    .instrument(creation.span)
    .await?;
    if !may_repeat.is_empty() {
        take_back_repeated(conn, &may_repeat).await?;
    }
    Ok(())
}

/// Deletes those of the jobs just written whose dedupe key a finished job of their queue has.
///
/// This is a separate statement after the insert: the insert waits for a transaction that is settling a job with the
/// same key, but does not see the row that it has moved to `finished_jobs`. The planner cannot turn this subquery into
/// a join, so that each key is looked up in the indexes, regardless of how many jobs are done.
async fn take_back_repeated(conn: &mut PgConnection, ids: &[Uuid]) -> Result<()> {
    sqlx::query!(
        "delete from jobs where id = any($1)
             and (select true from finished_jobs done
                  where done.queue = jobs.queue and done.dedupe_key = jobs.dedupe_key limit 1)",
        ids,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether a job of this kind waits in its queue, in the ledger or in Redis.
///
/// # Errors
/// Database errors only.
pub async fn is_waiting(conn: &mut PgConnection, queue: Queue, kind: &str) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from jobs where queue = $1 and state = 'ready' and kind = $2)
               or exists (select from jobs where queue = $1 and state = 'sent' and kind = $2) as "waits!""#,
        queue.name(),
        kind,
    )
    .fetch_one(conn)
    .await?)
}

/// Makes jobs due now whose due time is later than `horizon`, the latest that a job can legitimately have; returns how
/// many.
///
/// # Errors
/// Database errors only.
pub async fn draw_back(
    conn: &mut PgConnection,
    queues: &[Queue],
    now: DateTime<Utc>,
    horizon: DateTime<Utc>,
) -> Result<u64> {
    // Names the queues, so that the index of each is used.
    let queues: Vec<String> = queues.iter().map(|queue| queue.name().to_owned()).collect();
    let drawn_back = sqlx::query!(
        "update jobs set run_at = $1 where queue = any($3) and state = 'ready' and run_at > $2",
        now,
        horizon,
        &queues,
    )
    .execute(conn)
    .await?;
    Ok(drawn_back.rows_affected())
}

/// A job of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct JobDetails {
    /// The job.
    pub id: JobId,
    /// Name of its queue.
    pub queue: String,
    /// Its kind.
    pub kind: String,
    /// Its payload: ids.
    pub payload: serde_json::Value,
    /// No other job is written with this key while the ledger has this one.
    pub dedupe_key: Option<String>,
    /// `ready`, `sent`, `running`, `done`, `dead` or `canceled`.
    pub state: String,
    /// Claims so far.
    pub attempt: i16,
    /// Claims after which it is dead.
    pub max_attempts: i16,
    /// Claims that ended with their process or its deadline.
    pub crashes: i16,
    /// The process that claimed it last.
    pub process_id: Option<ProcessId>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// Request that caused it.
    pub request_id: Option<String>,
    /// Trace of that request.
    pub trace_id: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// It does not run before this instant.
    pub run_at: DateTime<Utc>,
    /// When it was last sent (database time).
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was last claimed (database time).
    pub claimed_at: Option<DateTime<Utc>>,
    /// After this instant (database time) the running attempt counts as stuck.
    pub deadline_at: Option<DateTime<Utc>>,
    /// When it became done, dead or canceled.
    pub finished_at: Option<DateTime<Utc>>,
}

/// The job with this id.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, id: JobId) -> Result<Option<JobDetails>> {
    Ok(sqlx::query_as!(
        JobDetails,
        r#"select id as "id!: JobId", queue as "queue!", kind as "kind!", payload as "payload!", dedupe_key,
                  state as "state!", attempt as "attempt!", max_attempts as "max_attempts!", crashes as "crashes!",
                  process_id as "process_id: ProcessId", last_error, request_id, trace_id, created_at as "created_at!",
                  run_at as "run_at!", sent_at, claimed_at, deadline_at, finished_at
           from all_jobs where id = $1"#,
        id as JobId,
    )
    .fetch_optional(conn)
    .await?)
}
