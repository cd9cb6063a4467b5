//! The job ledger (architecture section 3).

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::error::AppResult;
use crate::id::JobId;
use crate::jobs::{Cause, Job};

/// A job to write into the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// What to do.
    pub job: Job,
    /// Not before this instant.
    pub run_at: DateTime<Utc>,
    /// A second job with the same key is not written, ever.
    pub dedupe_key: Option<String>,
}

/// Writes jobs inside the caller's transaction: they exist if and only if it commits.
///
/// # Errors
/// Database errors only.
pub async fn enqueue(conn: &mut PgConnection, now: DateTime<Utc>, cause: &Cause, jobs: &[NewJob]) -> AppResult<()> {
    if jobs.is_empty() {
        return Ok(());
    }
    let mut ids = Vec::with_capacity(jobs.len());
    let mut queues = Vec::with_capacity(jobs.len());
    let mut kinds = Vec::with_capacity(jobs.len());
    let mut payloads = Vec::with_capacity(jobs.len());
    let mut dedupe_keys = Vec::with_capacity(jobs.len());
    let mut run_ats = Vec::with_capacity(jobs.len());
    let mut max_attempts = Vec::with_capacity(jobs.len());
    for new in jobs {
        let (kind, payload) = new.job.encode()?;
        let terms = new.job.terms();
        ids.push(JobId::new().0);
        queues.push(terms.queue.name().to_owned());
        kinds.push(kind);
        payloads.push(payload);
        dedupe_keys.push(new.dedupe_key.clone());
        run_ats.push(new.run_at);
        max_attempts.push(terms.max_attempts);
    }
    sqlx::query!(
        "insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, trace_id, created_at)
         select id, queue, kind, payload, dedupe_key, run_at, max_attempts, $8, $9, $10
         from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::text[], $6::timestamptz[], $7::smallint[])
              as new (id, queue, kind, payload, dedupe_key, run_at, max_attempts)
         on conflict (dedupe_key) do nothing",
        &ids,
        &queues,
        &kinds,
        &payloads,
        &dedupe_keys as &[Option<String>],
        &run_ats,
        &max_attempts,
        cause.request_id.as_deref(),
        cause.trace_id.as_deref(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
