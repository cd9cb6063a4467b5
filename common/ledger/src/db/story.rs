//! Jobs with everything that explains their state, for operators.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::Result;
use crate::id::JobId;

/// A job, and the process that has it.
#[derive(Debug, Clone, PartialEq)]
pub struct JobStory {
    /// The job.
    pub id: JobId,
    /// Name of its queue.
    pub queue: String,
    /// Its kind.
    pub kind: String,
    /// Its payload: ids.
    pub payload: serde_json::Value,
    /// Its dedupe key, if it has one: an id of what it is about, perhaps among words and colons.
    pub dedupe_key: Option<String>,
    /// `ready`, `sent`, `running`, `done`, `dead` or `canceled`.
    pub state: String,
    /// Claims so far.
    pub attempt: i16,
    /// Claims after which it is dead.
    pub max_attempts: i16,
    /// Claims that ended with their process or its deadline.
    pub crashes: i16,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// Since when an external failure holds it up.
    pub held_since: Option<DateTime<Utc>>,
    /// Request that caused it.
    pub request_id: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// It does not run before this instant.
    pub run_at: DateTime<Utc>,
    /// When it was last sent (database time).
    pub sent_at: Option<DateTime<Utc>>,
    /// When it was last claimed (database time).
    pub claimed_at: Option<DateTime<Utc>>,
    /// When it became done, dead or canceled.
    pub finished_at: Option<DateTime<Utc>>,
    /// Name of the process that has it or had it last, while that process is alive.
    pub process: Option<String>,
    /// Whether a process that takes jobs of its queue is alive.
    pub has_worker: bool,
    /// Since when its queue is paused; `None` if it is not.
    pub paused_at: Option<DateTime<Utc>>,
    /// The attempts that failed, the latest last, at most 20; none of those before the schema had them.
    pub failures: Json<Vec<Failure>>,
}

/// An attempt that failed, crashed or ran past its deadline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Failure {
    /// Number of the attempt; it recurs when the attempt did not count, and after a retry by hand.
    pub attempt: i16,
    /// When its failure was recorded.
    pub at: DateTime<Utc>,
    /// Why it failed.
    pub error: String,
    /// Name of the process that ran it, if it was known.
    pub process: Option<String>,
    /// How many attempts that did not count failed in this way, one after another; `None` for one.
    pub times: Option<u32>,
    /// When the last of these failed.
    pub until: Option<DateTime<Utc>>,
}

/// The jobs with these ids or keys and those that a request caused, at most `limit`. Each of the three is found by an
/// index.
///
/// # Errors
/// Database errors only.
pub async fn jobs(
    conn: &mut PgConnection,
    ids: &[Uuid],
    keys: &[String],
    request_id: Option<&str>,
    limit: i64,
) -> Result<Vec<JobStory>> {
    Ok(sqlx::query_as!(
        JobStory,
        r#"with wanted as (
               select id from all_jobs where id = any($1)
               union select id from all_jobs where dedupe_key = any($2)
               union (select id from all_jobs where request_id = $3 limit $4)
           )
           select j.id as "id!: JobId", j.queue as "queue!", j.kind as "kind!", j.payload as "payload!", j.dedupe_key,
                  j.state as "state!", j.attempt as "attempt!", j.max_attempts as "max_attempts!",
                  j.crashes as "crashes!", j.last_error, j.held_since, j.request_id, j.created_at as "created_at!",
                  j.run_at as "run_at!", j.sent_at, j.claimed_at, j.finished_at,
                  (select name from processes p
                   where p.id = j.process_id and p.beat_at > now() - interval '15 seconds') as process,
                  exists (select from processes p
                          where starts_with(p.name, j.queue || '_worker ')
                            and p.beat_at > now() - interval '15 seconds') as "has_worker!",
                  (select paused_at from paused_queues p where p.queue = j.queue) as paused_at,
                  j.failures as "failures!: Json<Vec<Failure>>"
           from all_jobs j where j.id = any(array(select id from wanted))
           order by j.created_at, j.id limit $4"#,
        ids,
        keys,
        request_id,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
