//! Gauges of the contents of PostgreSQL and Redis. Every scheduler reads them every few seconds, so all of them export
//! the same values.

use std::fmt::{self, Write as _};
use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;

use ::metrics::prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use ::metrics::prometheus_client::metrics::family::Family;
use ::metrics::prometheus_client::metrics::gauge::Gauge;
use ::metrics::prometheus_client::registry::Registry;
use ::metrics::{Name, labels};
use chrono::{DateTime, Utc};

use super::OfQueue;
use crate::Queue;
use crate::db::sample::Standing;

type Seconds = Gauge<f64, AtomicU64>;

labels! {
    /// State of a job.
    pub enum JobState {
        /// It is due, and waits for room in Redis.
        Due = "due",
        /// It is not due yet.
        Scheduled = "scheduled",
        /// It is in Redis.
        Sent = "sent",
        /// A worker has it.
        Running = "running",
        /// It is dead.
        Dead = "dead",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfState {
    queue: Name,
    state: JobState,
}

/// The program that runs the jobs of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Role(Queue);

impl EncodeLabelValue for Role {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        write!(encoder, "{}_worker", self.0.name())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRole {
    role: Role,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfSchedule {
    schedule: Name,
}

#[derive(Default)]
struct Measured {
    jobs: Family<OfState, Gauge>,
    oldest_due: Family<OfQueue, Seconds>,
    oldest_running: Family<OfQueue, Seconds>,
    oldest_held: Family<OfQueue, Seconds>,
    processes: Family<OfRole, Gauge>,
    lists: Family<OfQueue, Gauge>,
    paused: Family<OfQueue, Gauge>,
    redis_up: Gauge,
    schedule_lag: Family<OfSchedule, Seconds>,
    sampled_at: Seconds,
}

static MEASURED: LazyLock<Measured> = LazyLock::new(Measured::default);

pub(super) fn register(registry: &mut Registry) {
    let measured = &*MEASURED;
    registry.register(
        "prexsell_jobs",
        "Jobs in a queue, by state, counted up to 10,000 each",
        measured.jobs.clone(),
    );
    registry.register(
        "prexsell_job_oldest_due_seconds",
        "Age of the job that has been due longest; 0 if none",
        measured.oldest_due.clone(),
    );
    registry.register(
        "prexsell_job_oldest_running_seconds",
        "Running time of the longest-running job; 0 if none",
        measured.oldest_running.clone(),
    );
    registry.register(
        "prexsell_job_oldest_held_seconds",
        "How long the longest-held job has been held up, by a provider or a store; 0 if none",
        measured.oldest_held.clone(),
    );
    registry.register(
        "prexsell_processes",
        "Worker processes with a fresh heartbeat",
        measured.processes.clone(),
    );
    registry.register(
        "prexsell_redis_list_length",
        "Deliveries in the Redis list of a queue",
        measured.lists.clone(),
    );
    registry.register(
        "prexsell_queue_paused",
        "Whether a queue is paused; a paused queue sends nothing to its workers",
        measured.paused.clone(),
    );
    registry.register(
        "prexsell_redis_up",
        "Whether Redis accepted a write at the last sample",
        measured.redis_up.clone(),
    );
    registry.register(
        "prexsell_schedule_lag_seconds",
        "How long a schedule is overdue; 0 if it is on time",
        measured.schedule_lag.clone(),
    );
    registry.register(
        "prexsell_sampled_timestamp_seconds",
        "Unix time at which the gauges of the ledger were last read",
        measured.sampled_at.clone(),
    );
}

/// Sets the gauges of the ledger's contents.
pub fn set_standing(standing: &[Standing]) {
    for queue in standing {
        let counts = [
            (JobState::Due, queue.due),
            (JobState::Scheduled, queue.scheduled),
            (JobState::Sent, queue.sent),
            (JobState::Running, queue.running),
            (JobState::Dead, queue.dead),
        ];
        for (state, jobs) in counts {
            let name = queue.queue.name().into();
            MEASURED.jobs.get_or_create(&OfState { queue: name, state }).set(jobs);
        }
        let of = OfQueue::from(queue.queue);
        MEASURED.paused.get_or_create(&of).set(queue.is_paused.into());
        MEASURED.oldest_due.get_or_create(&of).set(queue.oldest_due_seconds);
        MEASURED
            .oldest_running
            .get_or_create(&of)
            .set(queue.oldest_running_seconds);
        MEASURED.oldest_held.get_or_create(&of).set(queue.oldest_held_seconds);
        let role = Role(queue.queue);
        MEASURED.processes.get_or_create(&OfRole { role }).set(queue.processes);
    }
}

/// Sets by how many seconds schedules are overdue.
pub fn set_schedule_lag(lags: &[(&'static str, f64)]) {
    for (name, seconds) in lags {
        let schedule = Name::from(*name);
        MEASURED
            .schedule_lag
            .get_or_create(&OfSchedule { schedule })
            .set(*seconds);
    }
}

/// Sets the lengths of the lists in Redis; `None` when it does not answer.
pub fn set_lists(lengths: Option<&[(Queue, i64)]>) {
    for (queue, length) in lengths.into_iter().flatten() {
        MEASURED.lists.get_or_create(&(*queue).into()).set(*length);
    }
}

/// Sets whether Redis accepts writes.
pub fn set_redis_up(accepts_writes: bool) {
    MEASURED.redis_up.set(accepts_writes.into());
}

/// Notes that the ledger was read at this instant.
pub fn note_sample(now: DateTime<Utc>) {
    MEASURED.sampled_at.set(now.timestamp_millis() as f64 / 1000.0);
}
