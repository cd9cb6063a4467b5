//! What every worker binary does: take the jobs of one queue, run them, leave in good order.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::app;
use common::clients;
use common::config::Needs;
use common::db::{self, Commit};
use common::id::ProcessId;
use common::jobs::{Cause, Job, Outcome, Queue};
use common::process::health::{self, Health};
use common::process::{self, Process, ProcessError};
use secrecy::ExposeSecret;
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::execution::{Execution, Runner};
use crate::handlers::Handlers;
use crate::heartbeat::Heartbeat;
use crate::intake::Intake;
use crate::isolation::{self, Isolation};
use crate::{adapter, settler, starter};

/// Outcomes that may wait to be recorded; more, and the handlers wait.
const OUTCOMES: usize = 1000;

/// What an orderly end may take beyond `SHUTDOWN_SECONDS`: recording the last outcomes and handing back the rest.
const LEAVING: Duration = Duration::from_secs(3);

/// What is done for a job: the handlers, or what a test puts in their place.
pub trait Dispatch: Send + Sync + 'static {
    /// Runs one attempt. It may be run again after a crash, so its effects must recognise a repeat.
    fn run(&self, job: Job, cause: &Cause) -> impl Future<Output = Outcome> + Send;
}

/// The `main` of a worker binary.
pub fn main(queue: Queue, needs: Needs) -> ExitCode {
    process::run(needs, async |process| {
        let handlers = Handlers::new(&process, needs)?;
        Box::pin(run(process, queue, handlers)).await
    })
}

/// Runs the jobs of `queue` until the process is asked to end. Jobs in flight then have `SHUTDOWN_SECONDS` to
/// finish; what has not is handed back, uncounted, for others to run at once. A process that was started for one job
/// runs that one and ends.
///
/// # Errors
/// When it cannot start, when the stream of jobs ends by itself, or when the others have given the process up.
pub async fn run<D: Dispatch>(process: Process, queue: Queue, dispatch: D) -> Result<(), ProcessError> {
    if !process.settings.isolated_job.is_empty() {
        return isolation::serve(process, queue, dispatch).await;
    }
    let Process {
        settings,
        pool,
        clock,
        shutdown,
    } = process;
    let name = format!("{}_worker {}", queue.name(), std::process::id());
    let heartbeat = Heartbeat::start(settings.database_url.clone(), &name).await?;
    let process_id = heartbeat.process_id;
    tracing::info!(%process_id, name, "worker started");

    let is_failing = Arc::new(AtomicBool::new(false));
    let readiness = {
        let (pulse, shutdown, is_failing) = (Arc::clone(&heartbeat.pulse), shutdown.clone(), Arc::clone(&is_failing));
        move || match (pulse.is_fresh(), shutdown.is_cancelled()) {
            (true, false) if is_failing.load(Ordering::Relaxed) => Err("could not take jobs"),
            (true, false) => Ok(()),
            (false, _) => Err("the heartbeat is late"),
            (true, true) => Err("the process is ending"),
        }
    };
    let health =
        Health::new(pool.clone()).with_redis(clients::redis::connect(&settings.redis_url)?, vec![queue.list()]);
    health::serve(settings.health_listen, health.with_check(readiness)).await?;

    let connect = async |commit| {
        db::connect_for_jobs(settings.database_url.expose_secret(), commit)
            .await
            .map_err(ProcessError::Connect)
    };
    let (ledger, taking) = (connect(Commit::Waits).await?, connect(Commit::DoesNotWait).await?);
    let (settlements, outcomes) = mpsc::channel(OUTCOMES);
    let settler = tokio::spawn(settler::settle(ledger.clone(), process_id, clock.clone(), outcomes));
    let (starts, starting) = mpsc::channel(settings.worker_concurrency);
    tokio::spawn(starter::start(taking.clone(), process_id, queue, starting));
    let cut = CancellationToken::new();
    let isolation = Isolation::new(ledger, process_id, queue, clock.clone(), cut.clone());
    let isolation = Arc::new(isolation);
    let redis = clients::redis::connect(&settings.redis_url)?;
    let intake = Arc::new(Intake::new(taking, redis, queue, clock.clone(), &heartbeat, is_failing));
    let execution = Arc::new(Execution {
        runner: Runner {
            dispatch,
            clock,
            cut: cut.clone(),
        },
        isolation: Arc::clone(&isolation),
        starts,
        settlements,
    });
    let handle = move |claimed| {
        let execution = Arc::clone(&execution);
        async move { execution.execute(claimed).await }
    };
    let stop = shutdown.child_token();
    let draining = async {
        let worked = adapter::work(&name, settings.worker_concurrency, intake, handle, stop.clone()).await;
        isolation.end().await;
        // Every outcome is in the channel by now, and its senders are gone.
        let _ = settler.await;
        worked
    };
    let mut draining = std::pin::pin!(draining);
    let time_to_finish = Duration::from_secs(settings.shutdown_seconds);
    let overtime = async {
        shutdown.cancelled().await;
        tokio::time::sleep(time_to_finish).await;
        cut.cancel();
        tokio::time::sleep(LEAVING).await;
    };
    tokio::select! {
        worked = &mut draining => worked.map_err(|_| ProcessError::Ended("the stream of jobs"))?,
        () = heartbeat.given_up.cancelled() => {
            stop.cancel();
            cut.cancel();
            let last_words = async { tokio::join!(testify(&pool, process_id), draining) };
            if tokio::time::timeout(time_to_finish + LEAVING, last_words).await.is_err() {
                tracing::warn!("could not record everything in time");
            }
            return Err(ProcessError::Ended("the life of this process in the ledger"));
        }
        () = overtime => tracing::warn!("could not stop jobs in time"),
    }
    let handed_back = app::process::leave(&pool, process_id).await?;
    tracing::info!(handed_back, "worker ended");
    Ok(())
}

/// Says that this process lives although it was given up: what it held did not crash.
async fn testify(pool: &PgPool, process_id: ProcessId) {
    loop {
        match app::process::acquit(pool, process_id).await {
            Ok(jobs) => return tracing::warn!(jobs, "this process was given up but is alive; its jobs did not crash"),
            Err(error) => {
                tracing::debug!(
                    error = common::error::chain(&error),
                    "could not record yet that this process is alive, will retry"
                );
                tokio::time::sleep(settler::PAUSE).await;
            }
        }
    }
}
