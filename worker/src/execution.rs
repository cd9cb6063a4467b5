//! One attempt of one job: decoded, guarded against panics and overrunning, judged.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use common::app;
use common::clock::Clock;
use common::db::delivery::{Claimed, Settlement};
use common::jobs::effect::Effect;
use common::jobs::{Job, Outcome};
use futures::FutureExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::isolation::Isolation;
use crate::run::Dispatch;
use crate::starter::{self, Start};

/// How often the deadline of a job is moved on that is past its time-out because it records its effect.
const PROLONGING: Duration = Duration::from_secs(10);

/// Runs the jobs of one process.
pub struct Execution<D> {
    /// What runs them.
    pub runner: Runner<D>,
    /// Where suspects go, so that they endanger nobody and nobody waits for them.
    pub isolation: Arc<Isolation>,
    /// Where starts are recorded.
    pub starts: mpsc::Sender<Start>,
    /// Where outcomes go.
    pub settlements: mpsc::Sender<Settlement>,
}

impl<D: Dispatch> Execution<D> {
    /// Runs one attempt and passes on how it ended; nothing is passed on for a job that this process lost or must
    /// hand back.
    pub async fn execute(&self, claimed: Claimed) {
        let span = span(&claimed);
        async {
            if claimed.runs_alone() {
                return self.isolation.admit(claimed).await;
            }
            let attempted = async {
                if !starter::begin(&self.starts, &claimed).await {
                    return None;
                }
                let prolong = || async { _ = starter::begin(&self.starts, &claimed).await };
                self.runner.run(&claimed, prolong).await
            };
            // Waiting to begin ends with the process; once begun, the runner knows when it may be cut short.
            if let Some(settlement) = attempted.await
                && self.settlements.send(settlement).await.is_err()
            {
                tracing::warn!("job outcome came too late to be recorded");
            }
        }
        .instrument(span)
        .await;
    }
}

/// What the log lines of a job carry.
pub fn span(claimed: &Claimed) -> tracing::Span {
    tracing::info_span!(
        "job",
        job_id = %claimed.id,
        kind = claimed.kind,
        attempt = claimed.attempt,
        request_id = claimed.cause.request_id,
        trace_id = claimed.cause.trace_id,
    )
}

/// Runs handlers.
pub struct Runner<D> {
    /// What to do for a job.
    pub dispatch: D,
    /// The time at which attempts are judged.
    pub clock: Clock,
    /// Drops what still runs when the time to finish is over.
    pub cut: CancellationToken,
}

impl<D: Dispatch> Runner<D> {
    /// Runs one attempt that has begun and judges how it ended; `None` when it was cut short. A handler whose effect
    /// is being recorded is neither cut short nor stopped at its time-out; `prolong` moves its deadline on meanwhile.
    pub async fn run<F>(&self, claimed: &Claimed, prolong: impl Fn() -> F) -> Option<Settlement>
    where
        F: Future<Output = ()>,
    {
        let effect = Effect::default();
        let mut attempt = pin!(self.attempt(claimed, &effect, prolong));
        tokio::select! {
            settlement = &mut attempt => Some(settlement),
            () = self.cut.cancelled() => match effect.is_pending() {
                true => Some(attempt.await),
                false => None,
            },
        }
    }

    async fn attempt<F>(&self, claimed: &Claimed, effect: &Effect, prolong: impl Fn() -> F) -> Settlement
    where
        F: Future<Output = ()>,
    {
        let (waits, outcome) = match Job::decode(&claimed.kind, &claimed.payload) {
            Ok(job) => {
                let terms = job.terms();
                let outcome = self.guarded(job, claimed, effect, prolong).await;
                ((terms.backoff, terms.patience), outcome)
            }
            Err(error) => (
                (TimeDelta::zero(), TimeDelta::zero()),
                Outcome::Fail(format!("the payload does not decode: {error}")),
            ),
        };
        match &outcome {
            Outcome::Done => tracing::info!("job done"),
            Outcome::Retry { reason, .. } => tracing::warn!(reason, "job failed, will retry"),
            Outcome::Held { reason, .. } => tracing::warn!(reason, "job held up, attempt not counted"),
            Outcome::Postponed { reason, .. } => tracing::info!(reason, "job postponed"),
            Outcome::Fail(reason) => tracing::error!(reason, "job failed permanently"),
        }
        app::delivery::judge(claimed, waits, outcome, self.clock.now())
    }

    async fn guarded<F>(&self, job: Job, claimed: &Claimed, effect: &Effect, prolong: impl Fn() -> F) -> Outcome
    where
        F: Future<Output = ()>,
    {
        let timeout = job.terms().timeout.to_std().unwrap_or_default();
        let handler = AssertUnwindSafe(self.dispatch.run(job, &claimed.cause)).catch_unwind();
        let mut handler = pin!(effect.watch(handler));
        let mut wait = timeout;
        let ended = loop {
            match tokio::time::timeout(wait, &mut handler).await {
                Ok(ended) => break ended,
                Err(_) if effect.is_pending() => prolong().await,
                Err(_) => return Outcome::retry(format!("the handler took longer than {} s", timeout.as_secs())),
            }
            wait = PROLONGING;
        };
        ended.unwrap_or_else(|_| Outcome::retry("the handler panicked"))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::DateTime;
    use common::clock::Clock;
    use common::db::delivery::{Claimed, Settlement};
    use common::domain::job::Verdict;
    use common::error::AppError;
    use common::id::JobId;
    use common::jobs::{Cause, Job, Outcome, effect};
    use tokio::time::Instant;
    use tokio_util::sync::CancellationToken;

    use super::Runner;
    use crate::run::Dispatch;

    enum Handler {
        Endless,
        Panics,
        /// Has its effect at once; it can be recorded two minutes later.
        Records(Instant),
    }

    impl Dispatch for Handler {
        async fn run(&self, _: Job, _: &Cause) -> Outcome {
            match self {
                Self::Endless => std::future::pending().await,
                Self::Panics => panic!("on purpose"),
                Self::Records(start) => {
                    let is_back = || start.elapsed() > Duration::from_mins(2);
                    let write = || async move { is_back().then_some(()).ok_or(AppError::Internal("away".to_owned())) };
                    effect::record("a test", write).await;
                    Outcome::Done
                }
            }
        }
    }

    async fn settled(dispatch: Handler, cut: CancellationToken) -> Option<Settlement> {
        let runner = Runner {
            dispatch,
            clock: Clock::manual(DateTime::UNIX_EPOCH),
            cut,
        };
        let claimed = Claimed {
            id: JobId::new(),
            kind: "order_sweep".to_owned(),
            payload: serde_json::json!({}),
            attempt: 1,
            max_attempts: 5,
            crashes: 0,
            held_since: None,
            cause: Cause::default(),
        };
        runner.run(&claimed, || async {}).await
    }

    fn reason(settlement: Option<Settlement>) -> String {
        match settlement.unwrap().verdict {
            Verdict::Again { reason, .. } => reason,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_handler_that_takes_too_long_is_stopped_and_tried_again() {
        let settlement = settled(Handler::Endless, CancellationToken::new()).await;
        assert_eq!(reason(settlement), "the handler took longer than 60 s");
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_a_failed_attempt() {
        let settlement = settled(Handler::Panics, CancellationToken::new()).await;
        assert_eq!(reason(settlement), "the handler panicked");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_cut_short_at_the_end_has_no_outcome() {
        let cut = CancellationToken::new();
        cut.cancel();
        assert_eq!(settled(Handler::Endless, cut).await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn an_effect_is_recorded_past_the_time_out_and_past_the_end() {
        let cut = CancellationToken::new();
        let cutting = async {
            tokio::time::sleep(Duration::from_secs(90)).await;
            cut.cancel();
        };
        let (settlement, ()) = tokio::join!(settled(Handler::Records(Instant::now()), cut.clone()), cutting);
        assert_eq!(settlement.unwrap().verdict, Verdict::Done);
    }
}
