//! Metrics of a scheduler's own work.

use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use ::metrics::prometheus_client::encoding::EncodeLabelSet;
use ::metrics::prometheus_client::metrics::counter::Counter;
use ::metrics::prometheus_client::metrics::family::Family;
use ::metrics::prometheus_client::metrics::gauge::Gauge;
use ::metrics::prometheus_client::metrics::histogram::Histogram;
use ::metrics::prometheus_client::registry::Registry;
use ::metrics::{Name, fast_seconds, labels};
use chrono::{DateTime, Utc};

use super::{AttemptOutcome, count_outcome, register_outcomes};
use crate::Queue;
use crate::db::reclaim::Reclaimed;

labels! {
    /// Why a job had to be made ready again.
    pub enum Loss {
        /// Redis lost its contents.
        RedisEmptied = "redis_emptied",
        /// It left Redis, and no worker claimed it.
        NotClaimed = "not_claimed",
        /// It was marked as sent and could not be pushed.
        NotPushed = "not_pushed",
        /// Its process died.
        ProcessDied = "process_died",
        /// Its process exists but sent no heartbeat.
        ProcessSlow = "process_slow",
        /// It ran past its deadline.
        Deadline = "deadline",
        /// It was claimed and never begun.
        NotBegun = "not_begun",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfLoss {
    cause: Loss,
}

struct Measured {
    recovered: Family<OfLoss, Counter>,
    tick: Histogram,
    last_tick: Gauge<f64, AtomicU64>,
}

static MEASURED: LazyLock<Measured> = LazyLock::new(|| {
    let recovered = Family::<OfLoss, Counter>::default();
    for cause in Loss::ALL {
        drop(recovered.get_or_create(&OfLoss { cause }));
    }
    Measured {
        recovered,
        tick: fast_seconds(),
        last_tick: Gauge::default(),
    }
});

/// Registers the metrics of a scheduler.
pub fn register(registry: &mut Registry) {
    register_outcomes(registry);
    let measured = &*MEASURED;
    registry.register(
        "prexsell_jobs_recovered",
        "Jobs that were lost in transit and made ready again or marked as dead, by cause",
        measured.recovered.clone(),
    );
    registry.register(
        "prexsell_relay_tick_seconds",
        "Duration of a relay round, including sending",
        measured.tick.clone(),
    );
    registry.register(
        "prexsell_relay_last_tick_timestamp_seconds",
        "Unix time of the last successful relay round",
        measured.last_tick.clone(),
    );
    super::sample::register(registry);
}

/// Counts jobs that were lost.
pub fn count_recovered(cause: Loss, jobs: u64) {
    MEASURED.recovered.get_or_create(&OfLoss { cause }).inc_by(jobs);
}

/// Counts a job that was taken back, by the reason and by the outcome of its attempt; its queue and kind are `other` if
/// they are none of these.
pub fn count_reclaimed(job: &Reclaimed, queues: &[Queue], kinds: &[&'static str]) {
    let (cause, outcome) = match job {
        Reclaimed { has_begun: false, .. } => (Loss::NotBegun, None),
        Reclaimed { is_slow: true, .. } => (Loss::ProcessSlow, Some(AttemptOutcome::Retry)),
        Reclaimed { is_gone: true, .. } => (Loss::ProcessDied, Some(AttemptOutcome::Crash)),
        _ => (Loss::Deadline, Some(AttemptOutcome::Timeout)),
    };
    count_recovered(cause, 1);
    let dead = Some(AttemptOutcome::Dead).filter(|_| job.is_dead);
    if let Some(outcome) = dead.or(outcome) {
        let queue = Name::among(queues.iter().map(|queue| queue.name()), &job.queue);
        let kind = Name::among(kinds.iter().copied(), &job.kind);
        count_outcome(queue, kind, outcome);
    }
}

/// Notes that a look of the relay has succeeded.
pub fn note_tick(took: Duration, now: DateTime<Utc>) {
    MEASURED.tick.observe(took.as_secs_f64());
    MEASURED.last_tick.set(now.timestamp_millis() as f64 / 1000.0);
}
