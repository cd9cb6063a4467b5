//! Runs a worker process until its orderly end.

use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::Monitor;
use kernel::chain;
use sqlx::PgPool;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::intake::Intake;
use super::shared::Shared;
use super::{Ledger, Role, Worker, WorkerError, settler};
use crate::db::delivery::Claimed;
use crate::id::ProcessId;
use crate::process;

/// What an orderly end may take beyond the time to finish: recording the last outcomes and handing back the rest.
const LEAVING: Duration = Duration::from_secs(3);

impl Worker {
    /// Runs jobs until the process is asked to end. Jobs in flight then have `time_to_finish`; unfinished ones are
    /// handed back, uncounted, for other processes to run at once.
    ///
    /// # Errors
    /// When a handler is registered for another queue, when the stream of jobs ends by itself, or when the process was
    /// given up.
    pub async fn run(self) -> Result<(), WorkerError> {
        let Self {
            ledger: Ledger(shared),
            monitor,
            settings,
            pool,
            shutdown,
            settler,
            role,
        } = self;
        if let Some(kind) = shared.misfit() {
            return Err(WorkerError::OtherQueue(kind));
        }
        let (heartbeat, intake) = match role {
            Role::Parent { heartbeat, intake, .. } => (heartbeat, intake),
            Role::Child(assignment) => {
                run_one(monitor, &shared, assignment.claimed).await?;
                settler.end().await;
                return Ok(());
            }
        };
        let stop = shutdown.child_token();
        let draining = {
            let (shared, stop) = (Arc::clone(&shared), stop.clone());
            async move {
                let worked = work(monitor, intake, &shared, stop).await;
                shared.end_children().await;
                settler.end().await;
                worked
            }
        };
        let mut draining = std::pin::pin!(draining);
        let overtime = async {
            shutdown.cancelled().await;
            tokio::time::sleep(settings.time_to_finish).await;
            shared.cut.cancel();
            tokio::time::sleep(LEAVING).await;
        };
        tokio::select! {
            worked = &mut draining => worked?,
            () = heartbeat.given_up.cancelled() => {
                stop.cancel();
                shared.cut.cancel();
                let final_writes = async { tokio::join!(report_alive(&pool, heartbeat.process_id), draining) };
                if tokio::time::timeout(settings.time_to_finish + LEAVING, final_writes).await.is_err() {
                    tracing::warn!("could not record everything in time");
                }
                return Err(WorkerError::GivenUp);
            }
            () = overtime => tracing::warn!("could not stop jobs in time"),
        }
        let handed_back = process::leave(&pool, heartbeat.process_id).await?;
        tracing::info!(handed_back, "worker ended");
        Ok(())
    }
}

/// Takes jobs and runs them until `stop` is cancelled and the jobs in flight are over.
async fn work(
    monitor: Monitor,
    intake: Intake,
    shared: &Arc<Shared>,
    stop: CancellationToken,
) -> Result<(), WorkerError> {
    let context = monitor.context();
    let taking = tokio::spawn(intake.run(Arc::clone(shared), stop.clone()));
    let mut running = std::pin::pin!(monitor.run());
    tokio::select! {
        _ = &mut running => return Err(WorkerError::Ended),
        () = stop.cancelled() => {}
    }
    context.shutdown().map_err(|_| WorkerError::Ended)?;
    running.await.map_err(|_| WorkerError::Ended)?;
    // A batch that is being taken must arrive first, so that this process holds it and can hand it back.
    taking.await.map_err(|_| WorkerError::Ended)
}

/// Runs one job, in a process of its own.
async fn run_one(monitor: Monitor, shared: &Arc<Shared>, claimed: Claimed) -> Result<(), WorkerError> {
    let context = monitor.context();
    let slot = Arc::new(Semaphore::new(1));
    shared.route(claimed, Arc::clone(&slot).try_acquire_owned().ok());
    let over = async {
        // The job gives the slot back when its outcome is on its way.
        let _ = slot.acquire().await;
        context.shutdown().map_err(|_| WorkerError::Ended)
    };
    let (ran, ended) = tokio::join!(monitor.run(), over);
    ended?;
    ran.map_err(|_| WorkerError::Ended)
}

/// Records that this process is alive although it was given up, so that its jobs do not count a crash.
async fn report_alive(pool: &PgPool, process_id: ProcessId) {
    loop {
        match process::revoke_crashes(pool, process_id).await {
            Ok(jobs) => return tracing::warn!(jobs, "this process was given up but is alive; its jobs did not crash"),
            Err(error) => {
                tracing::debug!(
                    error = chain(&error),
                    "could not record yet that this process is alive, will retry"
                );
                tokio::time::sleep(settler::PAUSE).await;
            }
        }
    }
}
