//! Metrics of the ledger. Workers and schedulers each have a group; `sample` has the contents of PostgreSQL and Redis,
//! which only schedulers read. `docs/METRICS.md` explains each metric.

use std::sync::LazyLock;

use ::metrics::Name;
use ::metrics::prometheus_client::encoding::EncodeLabelSet;
use ::metrics::prometheus_client::metrics::counter::Counter;
use ::metrics::prometheus_client::metrics::family::Family;
use ::metrics::prometheus_client::registry::Registry;

use crate::Queue;

pub mod sample;
pub mod scheduler;
#[cfg(feature = "worker")]
pub mod worker;

/// Label of metrics of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OfQueue {
    /// Its name.
    pub queue: Name,
}

impl From<Queue> for OfQueue {
    fn from(queue: Queue) -> Self {
        Self {
            queue: queue.name().into(),
        }
    }
}

::metrics::labels! {
    /// How an attempt ended; each has one of these.
    pub enum AttemptOutcome {
        /// It succeeded.
        Done = "done",
        /// It failed and is tried again.
        Retry = "retry",
        /// It took too long and is tried again.
        Timeout = "timeout",
        /// It is tried again, and nothing is counted against the job.
        Deferred = "deferred",
        /// Its process died; it is tried again.
        Crash = "crash",
        /// The job is dead.
        Dead = "dead",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfAttempt {
    queue: Name,
    kind: Name,
    outcome: AttemptOutcome,
}

static OUTCOMES: LazyLock<Family<OfAttempt, Counter>> = LazyLock::new(Family::default);

/// Counts how an attempt ended. A kind that was read from the ledger may be of another release: [`Name::among`].
pub fn count_outcome(queue: Name, kind: Name, outcome: AttemptOutcome) {
    OUTCOMES.get_or_create(&OfAttempt { queue, kind, outcome }).inc();
}

fn register_outcomes(registry: &mut Registry) {
    registry.register("prexsell_job_outcomes", "Job attempts, by outcome", OUTCOMES.clone());
}
