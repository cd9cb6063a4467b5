//! State shared by the parts of a worker process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::metrics::Name;
use kernel::clock::Clock;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_util::sync::CancellationToken;
use tracing::Span;

use super::isolation::Isolation;
use super::starter::Start;
use crate::claim::judge;
use crate::db::delivery::{Claimed, Settlement};
use crate::metrics::worker::{Slots, Taken, note_success};
use crate::metrics::{AttemptOutcome, count_outcome};
use crate::{Outcome, Priority, Queue, Terms, Verdict};

/// The terms of a job that this process cannot run: there is nothing to wait for.
const NO_TERMS: Terms = Terms {
    max_attempts: 1,
    timeout: chrono::TimeDelta::zero(),
    backoff: chrono::TimeDelta::zero(),
    hold_limit: chrono::TimeDelta::zero(),
    priority: Priority::Normal,
};

/// A claimed job, with the slot of this process that it takes up. Clones share it; the slot is free when all are
/// dropped.
#[derive(Debug, Clone)]
pub struct Held(Arc<(Claimed, Option<OwnedSemaphorePermit>, Taken)>);

impl Held {
    /// The job.
    pub fn claimed(&self) -> &Claimed {
        &self.0.0
    }
}

/// How a handler ended.
#[derive(Debug)]
pub struct Ended {
    /// What it returned, or what stands for that if it was stopped.
    pub outcome: Outcome,
    /// Whether it was stopped at its time-out.
    pub is_late: bool,
}

impl From<Outcome> for Ended {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            is_late: false,
        }
    }
}

/// Name of a verdict in metrics.
const fn measured(verdict: &Verdict, is_late: bool) -> AttemptOutcome {
    match verdict {
        Verdict::Done => AttemptOutcome::Done,
        Verdict::Again { .. } if is_late => AttemptOutcome::Timeout,
        Verdict::Again { .. } => AttemptOutcome::Retry,
        Verdict::Postponed { .. } => AttemptOutcome::Deferred,
        Verdict::Dead { .. } => AttemptOutcome::Dead,
    }
}

/// State shared by the parts of a worker process.
pub struct Shared {
    /// The queue of this process.
    pub queue: Queue,
    /// Jobs at a time.
    pub slots: usize,
    /// The time at which attempts are judged.
    pub clock: Clock,
    /// Drops what still runs when the time to finish is over.
    pub cut: CancellationToken,
    /// Runs suspects, so that they neither endanger nor delay other jobs. A suspect's own process has none.
    pub isolation: Option<Arc<Isolation>>,
    /// Where starts are recorded.
    pub starts: mpsc::Sender<Start>,
    settlements: mpsc::Sender<Settlement>,
    measured: Slots,
    routes: Mutex<Routes>,
}

/// Where jobs go, by kind.
#[derive(Default)]
struct Routes {
    by_kind: HashMap<&'static str, mpsc::Sender<Held>>,
    /// The kinds that were registered, also after the supply of jobs was closed.
    kinds: Vec<&'static str>,
    /// A kind that was registered here though another queue carries it.
    misfit: Option<&'static str>,
}

impl Shared {
    pub fn new(
        (queue, slots): (Queue, usize),
        clock: Clock,
        cut: CancellationToken,
        isolation: Option<Arc<Isolation>>,
        starts: mpsc::Sender<Start>,
        settlements: mpsc::Sender<Settlement>,
    ) -> Self {
        let slots = slots.max(1);
        Self {
            queue,
            slots,
            measured: Slots::new(queue, slots),
            clock,
            cut,
            isolation,
            starts,
            settlements,
            routes: Mutex::default(),
        }
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Directs the jobs of this kind to the returned receiver from now on.
    pub fn register(&self, kind: &'static str, queue: Queue) -> mpsc::Receiver<Held> {
        let (sender, receiver) = mpsc::channel(self.slots);
        let mut routes = self.routes();
        routes.by_kind.insert(kind, sender);
        routes.kinds.push(kind);
        if queue != self.queue {
            routes.misfit = Some(kind);
        }
        receiver
    }

    /// A kind that was registered here though another queue carries it.
    pub fn misfit(&self) -> Option<&'static str> {
        self.routes().misfit
    }

    /// Passes a job on to the backend of its kind. One that has none here is marked as dead.
    pub fn route(self: &Arc<Self>, claimed: Claimed, slot: Option<OwnedSemaphorePermit>) {
        let sender = self.routes().by_kind.get(claimed.kind.as_str()).cloned();
        let held = Held(Arc::new((claimed, slot, self.measured.take())));
        let Some(sender) = sender else {
            let reason = format!("this release has no handler for jobs of kind {}", held.claimed().kind);
            return self.mark_dead(held, reason);
        };
        // There is room, since each job has a slot. If the backend is gone, the job is handed back at the end of the
        // process.
        let _ = sender.try_send(held);
    }

    /// Ends the supply of jobs: the backends end when they have run those they have.
    pub fn close(&self) {
        self.routes().by_kind.clear();
    }

    /// Marks a job that cannot be run at all as dead.
    pub fn mark_dead(self: &Arc<Self>, held: Held, reason: String) {
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            shared
                .settle(held.claimed(), &NO_TERMS, Outcome::Fail(reason).into())
                .await;
        });
    }

    /// Derives the verdict from how an attempt ended, and passes it on to be recorded.
    pub async fn settle(&self, claimed: &Claimed, terms: &Terms, ended: Ended) {
        let Ended { outcome, is_late } = ended;
        let is_held = matches!(outcome, Outcome::Held { .. });
        let now = self.clock.now();
        let settlement = judge(claimed, terms, outcome, now);
        log(&settlement.verdict, is_held);
        note(&Span::current(), &settlement.verdict, is_held);
        if settlement.verdict == Verdict::Done {
            note_success(self.queue, now - claimed.created_at);
        }
        let kind = Name::among(self.routes().kinds.iter().copied(), &claimed.kind);
        let outcome = measured(&settlement.verdict, is_late);
        count_outcome(self.queue.name().into(), kind, outcome);
        if self.settlements.send(settlement).await.is_err() {
            tracing::warn!("job outcome came too late to be recorded");
        }
    }

    /// Whether suspects are running, which take no slots.
    pub fn has_suspects(&self) -> bool {
        self.isolation.as_ref().is_some_and(|isolation| isolation.has_jobs())
    }

    /// Waits until every suspect's process has ended.
    pub async fn end_children(&self) {
        if let Some(isolation) = &self.isolation {
            isolation.end().await;
        }
    }
}

/// Logs the verdict on a job: an attempt that would be tried again may have been the last one.
fn log(verdict: &Verdict, is_held: bool) {
    match verdict {
        Verdict::Done => tracing::info!("job done"),
        Verdict::Again { reason, .. } => tracing::warn!(reason, "job failed, will retry"),
        Verdict::Postponed { reason, .. } if is_held => tracing::warn!(reason, "job held up, attempt not counted"),
        Verdict::Postponed { reason, .. } => tracing::info!(reason, "job postponed"),
        Verdict::Dead { reason } => tracing::error!(reason, "job failed and is dead"),
    }
}

/// Notes in the span of an attempt the verdict on its job, as the log has it. The reason is left out: it is in the log
/// and in the ledger.
fn note(span: &Span, verdict: &Verdict, is_held: bool) {
    if let Some(error_type) = error_type(verdict, is_held) {
        trace::fail(span, error_type);
    }
}

/// The `error.type` of an attempt; `None` when it did not fail.
const fn error_type(verdict: &Verdict, is_held: bool) -> Option<&'static str> {
    match verdict {
        Verdict::Again { .. } => Some("retry"),
        Verdict::Postponed { .. } if is_held => Some("held"),
        Verdict::Done | Verdict::Postponed { .. } => None,
        Verdict::Dead { .. } => Some("dead"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::error_type;
    use crate::Verdict;

    #[test]
    fn a_span_names_the_verdict() {
        let (run_at, reason) = (DateTime::UNIX_EPOCH, "as the test says".to_owned());
        let again = Verdict::Again {
            run_at,
            reason: reason.clone(),
        };
        let postponed = Verdict::Postponed {
            run_at,
            reason: reason.clone(),
        };
        let dead = Verdict::Dead { reason };
        assert_eq!(error_type(&Verdict::Done, false), None);
        assert_eq!(error_type(&again, false), Some("retry"));
        assert_eq!(error_type(&postponed, false), None);
        assert_eq!(error_type(&postponed, true), Some("held"));
        assert_eq!(error_type(&dead, false), Some("dead"));
        assert_eq!(error_type(&dead, true), Some("dead"), "it was held up for too long");
    }
}
