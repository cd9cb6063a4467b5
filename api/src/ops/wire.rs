//! Response bodies of the operations for platform operators on queues, processes, schedules and the audit trail. Jobs
//! are in [`super::job::wire`], partners and companies in [`super::party::wire`].

use app::ops::audit::AuditEntry;
use app::ops::queue::QueueReport;
use domain::id::AuditEntryId;
use ledger::id::ProcessId;
use ledger::inspect::{ProcessRow, ScheduleRow};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::wire::value::{Id, Instant};

/// Status of a queue.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// Name of the queue.
    #[schemars(example = &"email")]
    pub name: String,
    /// When the queue was paused; null if it is not paused. Nothing is sent to the workers of a paused queue.
    #[schemars(example = serde_json::Value::Null)]
    pub paused_at: Option<Instant>,
    /// When the longest-waiting job became due, whether or not it is in Redis; null if none waits for a worker.
    pub oldest_due_at: Option<Instant>,
    /// Worker processes that are alive.
    #[schemars(example = 2)]
    pub processes: i64,
    /// Jobs by state, each counted up to 100000.
    pub jobs: QueueJobs,
    /// Number of jobs that were done in each of the last 30 minutes, the oldest first; the last minute ends now. If more
    /// than 300000 jobs of all queues were done, the counts of the oldest minutes are too low.
    #[schemars(length(min = 30, max = 30))]
    #[schemars(example = &[12_i64; 30])]
    pub done_per_minute: Vec<i64>,
}

/// Jobs of a queue by state, each counted up to 100000.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct QueueJobs {
    /// Jobs that wait until they are due, or for capacity in Redis.
    #[schemars(example = 12)]
    pub ready: i64,
    /// Jobs that were sent to the workers and are not running yet.
    #[schemars(example = 3)]
    pub sent: i64,
    /// Jobs that are running.
    #[schemars(example = 4)]
    pub running: i64,
    /// Dead jobs, counted among the latest 100000 dead jobs of all queues.
    #[schemars(example = 0)]
    pub dead: i64,
}

impl Queue {
    pub(super) fn new(report: QueueReport) -> Self {
        let QueueReport {
            status,
            done_per_minute,
        } = report;
        Self {
            name: status.queue,
            paused_at: status.paused_at.map(Instant),
            oldest_due_at: status.oldest_due_at.map(Instant),
            processes: status.processes,
            jobs: QueueJobs {
                ready: status.ready,
                sent: status.sent,
                running: status.running,
                dead: status.dead,
            },
            done_per_minute,
        }
    }
}

/// All queues.
#[derive(Debug, Serialize, JsonSchema)]
pub struct QueueList {
    /// The queues.
    #[schemars(length(max = 100))]
    pub queues: Vec<Queue>,
}

/// A single queue.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneQueue {
    /// The queue in its current state.
    pub queue: Queue,
}

/// Worker processes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProcessList {
    /// Sorted by name.
    #[schemars(length(max = 1000))]
    pub processes: Vec<Process>,
}

/// A worker process that is alive.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    /// Opaque id, new at each start of a process.
    pub id: Id<ProcessId>,
    /// Name of the program, its process id, and the machine or container that runs it.
    #[schemars(example = &"email_worker 4711@mail-1")]
    pub name: String,
    /// When it started.
    pub started_at: Instant,
    /// When it last reported that it is alive; it does so every second, or every two while it holds no jobs.
    pub beat_at: Instant,
    /// Number of jobs that it holds.
    #[schemars(example = 4)]
    pub running: i64,
}

impl From<ProcessRow> for Process {
    fn from(row: ProcessRow) -> Self {
        Self {
            id: Id(row.id),
            name: row.name,
            started_at: Instant(row.started_at),
            beat_at: Instant(row.beat_at),
            running: row.running,
        }
    }
}

/// Schedules.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScheduleList {
    /// Sorted by name.
    #[schemars(length(max = 1000))]
    pub schedules: Vec<JobSchedule>,
}

/// A schedule of a periodic task.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct JobSchedule {
    /// Name of the schedule.
    #[schemars(example = &"order_sweep")]
    pub name: String,
    /// Next run. An instant in the past means that no scheduler is running.
    pub next_at: Instant,
}

impl From<ScheduleRow> for JobSchedule {
    fn from(row: ScheduleRow) -> Self {
        Self {
            name: row.name,
            next_at: Instant(row.next_at),
        }
    }
}

/// A page of the audit trail.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AuditList {
    /// Latest first.
    #[schemars(length(max = 100))]
    pub entries: Vec<Entry>,
    /// Value of `after` for the next page; null on the last page.
    pub next: Option<Id<AuditEntryId>>,
}

/// An entry in the audit trail.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditEntry")]
pub struct Entry {
    /// Opaque id.
    pub id: Id<AuditEntryId>,
    /// When it was done.
    pub at: Instant,
    /// Who did it: the id of a user, `cli:` and a name from the command line, or `system` for the platform itself.
    #[schemars(example = &"usr_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub actor: String,
    /// Name of the user; null on the command line, for the platform itself, and if the user no longer exists.
    #[schemars(example = &"Olena Bondar")]
    pub actor_name: Option<String>,
    /// What was done.
    #[schemars(example = &"job.retry")]
    pub action: String,
    /// Subject of the action: the id of a job or of what was changed, the name of a queue, or a description of several
    /// jobs.
    #[schemars(example = &"job_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub subject: String,
    /// Reason that the operator gave; users are not asked for one.
    #[schemars(example = &"The mail provider is back")]
    pub reason: String,
    /// Further data about the action: numbers and ids.
    #[schemars(example = &serde_json::json!({ "state": "dead" }))]
    pub details: Map<String, Value>,
    /// `x-request-id` of the request; null if it was done on the command line.
    #[schemars(example = &"0198c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub request_id: Option<String>,
}

impl From<AuditEntry> for Entry {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: Id(entry.id),
            at: Instant(entry.at),
            actor: entry.actor,
            actor_name: entry.actor_name,
            action: entry.action,
            subject: entry.subject,
            reason: entry.reason,
            details: entry.details.0,
            request_id: entry.request_id,
        }
    }
}
