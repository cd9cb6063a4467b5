//! Response bodies of the operations on jobs.

use app::ops::job::JobDetails;
use ledger::id::JobId;
use ledger::inspect::{ErrorGroup, JobRow, State};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::wire::value::{Id, Instant, Word};

/// A page of jobs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JobList {
    /// Finished jobs latest first, others longest-waiting first.
    #[schemars(length(max = 100))]
    pub jobs: Vec<JobItem>,
    /// Value of `after` for the next page; null on the last page.
    #[schemars(length(max = 100))]
    #[schemars(example = &"1780000000000000.job_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub next: Option<String>,
}

/// A job in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobItem {
    /// Opaque id.
    pub id: Id<JobId>,
    /// Name of the queue.
    #[schemars(example = &"email")]
    pub queue: String,
    /// Kind of the job.
    #[schemars(example = &"email_notification")]
    pub kind: String,
    /// State of the job.
    pub state: Word<State>,
    /// When the job entered the state; for a waiting job, when it is due.
    pub since: Instant,
    /// Number of attempts so far.
    #[schemars(example = 5)]
    pub attempts: i16,
    /// Number of attempts after which the job is `dead`.
    #[schemars(example = 5)]
    pub max_attempts: i16,
    /// Number of attempts that ended because their process ended or their deadline passed.
    #[schemars(example = 0)]
    pub crashes: i16,
    /// Why the last attempt failed; null if none failed.
    #[schemars(example = &"550 mailbox unavailable")]
    pub last_error: Option<String>,
    /// Whether the job has been running longer than it should: its deadline has passed, or 99 of 100 jobs of its kind
    /// took less.
    #[schemars(example = false)]
    pub is_stuck: bool,
    /// `x-request-id` of the request that caused the job; null if none did.
    #[schemars(example = &"0198c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub request_id: Option<String>,
    /// When the job was created.
    pub created_at: Instant,
}

impl JobItem {
    pub(super) fn new(job: JobRow, state: State) -> Self {
        Self {
            id: Id(job.id),
            queue: job.queue,
            kind: job.kind,
            state: Word(state),
            since: Instant(job.since),
            attempts: job.attempt,
            max_attempts: job.max_attempts,
            crashes: job.crashes,
            last_error: job.last_error,
            is_stuck: job.is_stuck,
            request_id: job.request_id,
            created_at: Instant(job.created_at),
        }
    }
}

/// The number of jobs that match.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobCount {
    /// Number of jobs that match, at most 10000.
    #[schemars(example = 37)]
    pub count: usize,
    /// Whether more jobs may match.
    #[schemars(example = false)]
    pub may_be_more: bool,
}

/// Errors of jobs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JobErrorList {
    /// Most frequent first.
    #[schemars(length(max = 100))]
    pub errors: Vec<JobError>,
}

/// Jobs of one queue and kind with the same error.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobError {
    /// Name of the queue.
    #[schemars(example = &"email")]
    pub queue: String,
    /// Kind of the jobs.
    #[schemars(example = &"email_notification")]
    pub kind: String,
    /// The error, with `#` for ids and numbers; empty if no attempt failed.
    #[schemars(example = &"# mailbox unavailable")]
    pub error: String,
    /// Number of jobs.
    #[schemars(example = 37)]
    pub count: i64,
    /// When the first of them entered the state; for waiting jobs, when it is due.
    pub first_at: Instant,
    /// When the latest of them entered the state; for waiting jobs, when it is due.
    pub last_at: Instant,
    /// Id of the latest job.
    pub latest_job_id: Id<JobId>,
}

impl From<ErrorGroup> for JobError {
    fn from(group: ErrorGroup) -> Self {
        Self {
            queue: group.queue,
            kind: group.kind,
            error: group.error,
            count: group.jobs,
            first_at: Instant(group.first_at),
            last_at: Instant(group.last_at),
            latest_job_id: Id(group.latest),
        }
    }
}

/// A single job.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneJob {
    /// The job in its current state.
    pub job: Job,
}

/// A job with all its stored data.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Opaque id.
    pub id: Id<JobId>,
    /// Name of the queue.
    #[schemars(example = &"email")]
    pub queue: String,
    /// Kind of the job.
    #[schemars(example = &"email_notification")]
    pub kind: String,
    /// What the job is about: ids, and no personal data.
    #[schemars(with = "serde_json::Map<String, Value>")]
    #[schemars(example = &serde_json::json!({ "notification_id": "ntf_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a" }))]
    pub payload: Value,
    /// State of the job: `ready`, `sent`, `running`, `done`, `dead` or `canceled`.
    #[schemars(length(max = 10))]
    #[schemars(example = &"dead")]
    pub state: String,
    /// Number of attempts so far.
    #[schemars(example = 5)]
    pub attempts: i16,
    /// Number of attempts after which the job is `dead`.
    #[schemars(example = 5)]
    pub max_attempts: i16,
    /// Number of attempts that ended because their process ended or their deadline passed.
    #[schemars(example = 0)]
    pub crashes: i16,
    /// Why the last attempt failed; null if none failed.
    #[schemars(example = &"550 mailbox unavailable")]
    pub last_error: Option<String>,
    /// `x-request-id` of the request that caused the job; null if none did.
    #[schemars(example = &"0198c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub request_id: Option<String>,
    /// Trace id of that request; null if it had none.
    #[schemars(example = &"4bf92f3577b34da6a3ce929d0e0e4736")]
    pub trace_id: Option<String>,
    /// When the job was created.
    pub created_at: Instant,
    /// When the job is due, or was last due.
    pub run_at: Instant,
    /// When the job was last sent to the workers; null if it was not sent.
    pub sent_at: Option<Instant>,
    /// When a worker last claimed the job; null if none did.
    pub claimed_at: Option<Instant>,
    /// When the running attempt counts as stuck; null if none is running.
    #[schemars(example = serde_json::Value::Null)]
    pub deadline_at: Option<Instant>,
    /// When the job became `done`, `dead` or `canceled`; null if it is none of these.
    pub finished_at: Option<Instant>,
}

impl Job {
    pub(super) fn new(job: JobDetails) -> Self {
        Self {
            id: Id(job.id),
            queue: job.queue,
            kind: job.kind,
            payload: job.payload,
            state: job.state,
            attempts: job.attempt,
            max_attempts: job.max_attempts,
            crashes: job.crashes,
            last_error: job.last_error,
            request_id: job.request_id,
            trace_id: job.trace_id,
            created_at: Instant(job.created_at),
            run_at: Instant(job.run_at),
            sent_at: job.sent_at.map(Instant),
            claimed_at: job.claimed_at.map(Instant),
            deadline_at: job.deadline_at.map(Instant),
            finished_at: job.finished_at.map(Instant),
        }
    }
}

/// Result of an action on many jobs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JobBatch {
    /// Number of jobs that were processed.
    #[schemars(example = 37)]
    pub count: usize,
}
