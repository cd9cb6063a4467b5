//! One attempt of one job: decoded, guarded against panics and overrunning, judged.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chrono::TimeDelta;
use common::app;
use common::clock::Clock;
use common::db::delivery::{Claimed, Settlement};
use common::id::ProcessId;
use common::jobs::{Job, Outcome, Queue};
use futures::FutureExt;
use sqlx::PgPool;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, mpsc};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::run::Dispatch;
use crate::settler;

/// Pause before a statement that the database refused is tried again.
const PAUSE: Duration = Duration::from_millis(250);

/// Runs the jobs of one process.
pub struct Execution<D> {
    /// What to do for a job.
    pub dispatch: D,
    /// Connections for jobs, to begin those that had to wait.
    pub pool: PgPool,
    /// The process that holds the jobs.
    pub process_id: ProcessId,
    /// Its queue.
    pub queue: Queue,
    /// The time at which attempts are judged.
    pub clock: Clock,
    /// Drops what still runs when the time to finish is over; it is then handed back.
    pub cut: CancellationToken,
    /// Where outcomes go.
    pub settlements: mpsc::Sender<Settlement>,
    /// Held shared by ordinary jobs and alone by one on its last chance.
    pub company: RwLock<()>,
}

/// Who else runs meanwhile; held for its `Drop`.
#[expect(dead_code, reason = "the guards are held, not read")]
enum Company<'a> {
    Shared(RwLockReadGuard<'a, ()>),
    Alone(RwLockWriteGuard<'a, ()>),
}

impl<D: Dispatch> Execution<D> {
    /// Runs one attempt and passes on how it ended; nothing is passed on for a job that this process lost or must
    /// hand back.
    pub async fn execute(&self, claimed: Claimed) {
        let span = tracing::info_span!(
            "job",
            job_id = %claimed.id,
            kind = claimed.kind,
            attempt = claimed.attempt,
            request_id = claimed.cause.request_id,
            trace_id = claimed.cause.trace_id,
        );
        async {
            let attempted = tokio::select! {
                attempted = self.attempt(&claimed) => attempted,
                () = self.cut.cancelled() => None,
            };
            let Some((settlement, company)) = attempted else { return };
            if matches!(company, Company::Alone(_)) {
                // Before the next one runs: should that one kill the process, this one is over, and not dead with it.
                settler::record(&self.pool, self.process_id, &self.clock, &[settlement]).await;
            } else if self.settlements.send(settlement).await.is_err() {
                tracing::warn!("the outcome came too late to be recorded");
            }
        }
        .instrument(span)
        .await;
    }

    async fn attempt(&self, claimed: &Claimed) -> Option<(Settlement, Company<'_>)> {
        let company = self.admit(claimed).await?;
        let (backoff, outcome) = match Job::decode(&claimed.kind, &claimed.payload) {
            Ok(job) => (job.terms().backoff, self.guarded(job, claimed).await),
            Err(error) => (
                TimeDelta::zero(),
                Outcome::Fail(format!("the payload does not decode: {error}")),
            ),
        };
        match &outcome {
            Outcome::Done => tracing::info!("job done"),
            Outcome::Retry { reason, .. } => tracing::warn!(reason, "job failed, may mend"),
            Outcome::Postpone(reason) => tracing::warn!(reason, "job postponed, the attempt does not count"),
            Outcome::Fail(reason) => tracing::error!(reason, "job failed for good"),
        }
        let settlement = app::delivery::judge(claimed, backoff, outcome, self.clock.now());
        Some((settlement, company))
    }

    /// Waits until the job may run in the company that it is allowed; `None` when it was taken away meanwhile.
    async fn admit(&self, claimed: &Claimed) -> Option<Company<'_>> {
        let company = if claimed.runs_alone() {
            Company::Alone(self.company.write().await)
        } else if let Ok(shared) = self.company.try_read() {
            // Nobody runs alone: the deadline began with the claim.
            return Some(Company::Shared(shared));
        } else {
            Company::Shared(self.company.read().await)
        };
        if claimed.runs_alone() {
            tracing::warn!(crashes = claimed.crashes, "runs alone, for the last time");
        }
        self.begin(claimed).await.then_some(company)
    }

    /// Starts the deadline of a job that waited. Until that is recorded it must not run: a crash would not count.
    async fn begin(&self, claimed: &Claimed) -> bool {
        loop {
            match app::delivery::begin(&self.pool, self.process_id, self.queue, claimed).await {
                Ok(held) => return held,
                Err(error) => {
                    tracing::warn!(
                        error = common::error::chain(&error),
                        "a deadline cannot be recorded yet"
                    );
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn guarded(&self, job: Job, claimed: &Claimed) -> Outcome {
        let timeout = job.terms().timeout.to_std().unwrap_or_default();
        let handler = AssertUnwindSafe(self.dispatch.run(job, &claimed.cause)).catch_unwind();
        match tokio::time::timeout(timeout, handler).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Outcome::retry("the handler panicked"),
            Err(_) => Outcome::retry(format!("the handler took longer than {} s", timeout.as_secs())),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use common::clock::Clock;
    use common::db::delivery::{Claimed, Settlement};
    use common::domain::job::Verdict;
    use common::id::{JobId, ProcessId};
    use common::jobs::{Cause, Job, Outcome, Queue};
    use sqlx::postgres::PgPoolOptions;
    use tokio::sync::{RwLock, mpsc};
    use tokio_util::sync::CancellationToken;

    use super::Execution;
    use crate::run::Dispatch;

    enum Handler {
        Endless,
        Panics,
    }

    impl Dispatch for Handler {
        async fn run(&self, _: Job, _: &Cause) -> Outcome {
            match self {
                Self::Endless => std::future::pending().await,
                Self::Panics => panic!("on purpose"),
            }
        }
    }

    async fn settled(dispatch: Handler, cut: CancellationToken) -> Option<Settlement> {
        let (settlements, mut outcomes) = mpsc::channel(1);
        let execution = Execution {
            dispatch,
            pool: PgPoolOptions::new()
                .connect_lazy("postgres://127.0.0.1:1/none")
                .unwrap(),
            process_id: ProcessId::new(),
            queue: Queue::Sweep,
            clock: Clock::manual(DateTime::UNIX_EPOCH),
            cut,
            settlements,
            company: RwLock::new(()),
        };
        let claimed = Claimed {
            id: JobId::new(),
            kind: "order_sweep".to_owned(),
            payload: serde_json::json!({}),
            attempt: 1,
            max_attempts: 5,
            crashes: 0,
            cause: Cause::default(),
        };
        execution.execute(claimed).await;
        outcomes.try_recv().ok()
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
}
