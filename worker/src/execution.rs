//! One attempt of one job: decoded, guarded against panics and overrunning, judged.

use std::panic::AssertUnwindSafe;

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

/// Runs the jobs of one process.
pub struct Execution<D> {
    /// What to do for a job.
    pub dispatch: D,
    /// Database, for jobs on their last chance.
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
            let settlement = tokio::select! {
                settlement = self.attempt(&claimed) => settlement,
                () = self.cut.cancelled() => None,
            };
            if let Some(settlement) = settlement
                && self.settlements.send(settlement).await.is_err()
            {
                tracing::warn!("the outcome came too late to be recorded");
            }
        }
        .instrument(span)
        .await;
    }

    async fn attempt(&self, claimed: &Claimed) -> Option<Settlement> {
        let _company = self.admit(claimed).await?;
        let (backoff, outcome) = match Job::decode(&claimed.kind, &claimed.payload) {
            Ok(job) => (job.terms().backoff, self.guarded(job, claimed).await),
            Err(error) => (
                TimeDelta::zero(),
                Outcome::Fail(format!("the payload does not decode: {error}")),
            ),
        };
        match &outcome {
            Outcome::Done => tracing::info!("job done"),
            Outcome::Retry(reason) => tracing::warn!(reason, "job failed, may mend"),
            Outcome::Fail(reason) => tracing::error!(reason, "job failed for good"),
        }
        Some(app::delivery::judge(claimed, backoff, outcome, self.clock.now()))
    }

    /// Waits until the job may run in the company that it is allowed; `None` when it was taken away meanwhile.
    async fn admit(&self, claimed: &Claimed) -> Option<Company<'_>> {
        if !claimed.runs_alone() {
            return Some(Company::Shared(self.company.read().await));
        }
        let alone = self.company.write().await;
        tracing::warn!(crashes = claimed.crashes, "runs alone, for the last time");
        match app::delivery::begin_alone(&self.pool, self.process_id, self.queue, claimed).await {
            Ok(true) => {}
            Ok(false) => return None,
            // Without a deadline the heartbeat and the handler's own time-out still guard it.
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "no deadline could be set"),
        }
        Some(Company::Alone(alone))
    }

    async fn guarded(&self, job: Job, claimed: &Claimed) -> Outcome {
        let timeout = job.terms().timeout.to_std().unwrap_or_default();
        let handler = AssertUnwindSafe(self.dispatch.run(job, &claimed.cause)).catch_unwind();
        match tokio::time::timeout(timeout, handler).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Outcome::Retry("the handler panicked".to_owned()),
            Err(_) => Outcome::Retry(format!("the handler took longer than {} s", timeout.as_secs())),
        }
    }
}
