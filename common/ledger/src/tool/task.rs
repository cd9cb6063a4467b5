//! A row of the ledger as a task of apalis.

use apalis_core::task::Task;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::metadata::MetadataStore;
use apalis_core::task::status::Status;
use apalis_core::task::task_id::TaskId;
use chrono::{DateTime, Utc};

use super::StoredJob;
use crate::db::job::JobDetails;
use crate::id::JobId;

/// A job's state in apalis's words. A job that waits for another attempt is pending, since it has not ended.
pub fn status(state: &str) -> Status {
    match state {
        "sent" => Status::Queued,
        "running" => Status::Running,
        "done" => Status::Done,
        "dead" | "canceled" => Status::Killed,
        _ => Status::Pending,
    }
}

/// The state behind a status of apalis; `Failed` has none, since a job that failed is ready again or dead.
pub fn state(status: &Status) -> Option<&'static str> {
    match status {
        Status::Pending => Some("ready"),
        Status::Queued => Some("sent"),
        Status::Running => Some("running"),
        Status::Done => Some("done"),
        Status::Killed => Some("dead"),
        _ => None,
    }
}

/// The job that a task id names, if it is one.
pub fn job_id(id: &TaskId) -> Option<JobId> {
    id.to_string().parse().ok()
}

/// Seconds since 1970.
pub fn seconds(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp()).unwrap_or_default()
}

fn number(count: i16) -> usize {
    usize::try_from(count).unwrap_or_default()
}

/// The row as a task. What apalis has no field for is in its metadata: why the last attempt failed, the request and the
/// trace that caused the job, and its crashes.
pub fn task(row: JobDetails) -> Task<StoredJob> {
    let is_running = row.state == "running";
    let mut metadata = MetadataStore::new();
    let entries = [
        ("last_error", row.last_error),
        ("request_id", row.request_id),
        ("trace_id", row.trace_id),
        ("crashes", (row.crashes > 0).then(|| row.crashes.to_string())),
    ];
    for (name, value) in entries {
        if let Some(value) = value {
            metadata.insert_if_absent(name, value);
        }
    }
    let mut task = TaskBuilder::new(StoredJob {
        kind: row.kind,
        payload: row.payload,
    })
    .with_metadata(metadata)
    .task_id(TaskId::from_string(row.id.to_string()))
    .status(status(&row.state))
    .attempt(number(row.attempt))
    .max_attempts(number(row.max_attempts))
    .queue(row.queue.as_str().into())
    .run_at_timestamp(seconds(row.run_at))
    .lock_at(row.claimed_at.filter(|_| is_running).map(seconds))
    .lock_by(row.process_id.filter(|_| is_running).map(|process| process.to_string()))
    .done_at(row.finished_at.map(seconds));
    if let Some(key) = row.dedupe_key {
        task = task.idempotency_key(key);
    }
    task.build()
}
