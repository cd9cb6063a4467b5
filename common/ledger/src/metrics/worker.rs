//! Metrics of a worker.

use std::sync::LazyLock;

use ::metrics::prometheus_client::encoding::EncodeLabelSet;
use ::metrics::prometheus_client::metrics::counter::Counter;
use ::metrics::prometheus_client::metrics::family::Family;
use ::metrics::prometheus_client::metrics::gauge::Gauge;
use ::metrics::prometheus_client::metrics::histogram::Histogram;
use ::metrics::prometheus_client::registry::Registry;
use ::metrics::{Name, counts, fast_seconds, labels, seconds};
use chrono::{DateTime, TimeDelta, Utc};

use super::{OfQueue, register_outcomes};
use crate::Queue;

labels! {
    /// What a slot of a worker does.
    pub enum SlotState {
        /// Waits for a job.
        Free = "free",
        /// Holds one.
        Busy = "busy",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfSlots {
    queue: Name,
    state: SlotState,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfKind {
    queue: Name,
    kind: Name,
}

struct Measured {
    pickup: Family<OfQueue, Histogram>,
    run: Family<OfKind, Histogram>,
    total: Family<OfQueue, Histogram>,
    claim: Family<OfQueue, Histogram>,
    batch: Family<OfQueue, Histogram>,
    slots: Family<OfSlots, Gauge>,
    skipped: Family<OfQueue, Counter>,
}

static MEASURED: LazyLock<Measured> = LazyLock::new(|| Measured {
    pickup: Family::new_with_constructor(seconds),
    run: Family::new_with_constructor(seconds),
    total: Family::new_with_constructor(seconds),
    claim: Family::new_with_constructor(fast_seconds),
    batch: Family::new_with_constructor(counts),
    slots: Family::default(),
    skipped: Family::default(),
});

/// Registers the metrics of a worker.
pub fn register(registry: &mut Registry) {
    register_outcomes(registry);
    let measured = &*MEASURED;
    registry.register(
        "prexsell_job_pickup_seconds",
        "Delay between due time and claim",
        measured.pickup.clone(),
    );
    registry.register(
        "prexsell_job_run_seconds",
        "Handler run time per attempt",
        measured.run.clone(),
    );
    registry.register(
        "prexsell_job_total_seconds",
        "Time from the creation of a job to its success, including all attempts and waits",
        measured.total.clone(),
    );
    registry.register(
        "prexsell_job_claim_seconds",
        "Duration of the claim statement",
        measured.claim.clone(),
    );
    registry.register("prexsell_job_claim_batch", "Jobs per claim", measured.batch.clone());
    registry.register(
        "prexsell_worker_slots",
        "Slots for jobs in the process, by whether they are in use",
        measured.slots.clone(),
    );
    registry.register(
        "prexsell_redis_entries_skipped",
        "Entries of the Redis lists of a queue that were skipped because they are not deliveries",
        measured.skipped.clone(),
    );
}

fn as_seconds(span: TimeDelta) -> f64 {
    // Clocks may differ by a little.
    span.to_std().unwrap_or_default().as_secs_f64()
}

/// Notes that a batch was claimed: how long that took, and when its jobs were due.
pub fn note_claim(
    queue: Queue,
    took: std::time::Duration,
    now: DateTime<Utc>,
    due: impl ExactSizeIterator<Item = DateTime<Utc>>,
) {
    let of = OfQueue::from(queue);
    MEASURED.claim.get_or_create(&of).observe(took.as_secs_f64());
    let jobs = u32::try_from(due.len()).unwrap_or(u32::MAX);
    MEASURED.batch.get_or_create(&of).observe(jobs.into());
    let pickup = MEASURED.pickup.get_or_create(&of);
    for due_at in due {
        pickup.observe(as_seconds(now - due_at));
    }
}

/// Counts entries that are not deliveries.
pub fn count_skipped(queue: Queue, entries: u64) {
    MEASURED.skipped.get_or_create(&queue.into()).inc_by(entries);
}

/// Notes how long a handler ran.
pub fn note_run(queue: Queue, kind: &'static str, took: std::time::Duration) {
    let (queue, kind) = (queue.name().into(), kind.into());
    MEASURED
        .run
        .get_or_create(&OfKind { queue, kind })
        .observe(took.as_secs_f64());
}

/// Records that a job that was written this long ago has succeeded.
pub fn note_success(queue: Queue, age: TimeDelta) {
    MEASURED.total.get_or_create(&queue.into()).observe(as_seconds(age));
}

/// The slots of a process.
#[derive(Debug, Clone)]
pub struct Slots {
    free: Gauge,
    busy: Gauge,
}

impl Slots {
    /// A number of slots, all of them free.
    #[must_use]
    pub fn new(queue: Queue, count: usize) -> Self {
        let gauge = |state| {
            let queue = queue.name().into();
            MEASURED.slots.get_or_create_owned(&OfSlots { queue, state })
        };
        let slots = Self {
            free: gauge(SlotState::Free),
            busy: gauge(SlotState::Busy),
        };
        slots.free.set(i64::try_from(count).unwrap_or(i64::MAX));
        slots
    }

    /// Marks a slot as in use until the returned value is dropped.
    #[must_use]
    pub fn take(&self) -> Taken {
        self.free.dec();
        self.busy.inc();
        Taken(self.clone())
    }
}

/// A slot that is in use.
#[derive(Debug)]
pub struct Taken(Slots);

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.busy.dec();
        self.0.free.inc();
    }
}
