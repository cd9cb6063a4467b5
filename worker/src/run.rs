//! What every worker binary does: take the jobs of one queue, run them, leave in good order.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::app;
use common::clients;
use common::config::Needs;
use common::db::{self, Commit};
use common::jobs::{Cause, Job, Outcome, Queue};
use common::process::health::{self, Health};
use common::process::{self, Process, ProcessError};
use secrecy::ExposeSecret;
use tokio::sync::{RwLock, mpsc};
use tokio_util::sync::CancellationToken;

use crate::adapter;
use crate::execution::Execution;
use crate::handlers::Handlers;
use crate::heartbeat::{self, Pulse};
use crate::intake::Intake;
use crate::settler;

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
        run(process, queue, handlers).await
    })
}

/// Runs the jobs of `queue` until the process is asked to end. Jobs in flight then have `SHUTDOWN_SECONDS` to
/// finish; what has not is handed back, uncounted, for others to run at once.
///
/// # Errors
/// When it cannot start, when the stream of jobs ends by itself, or when the others have given the process up.
pub async fn run<D: Dispatch>(process: Process, queue: Queue, dispatch: D) -> Result<(), ProcessError> {
    let Process {
        settings,
        pool,
        clock,
        shutdown,
    } = process;
    let name = format!("{}_worker {}", queue.name(), std::process::id());
    let process_id = app::process::enter(&pool, &name).await?;
    tracing::info!(%process_id, name, "worker starts");

    let pulse = Arc::new(Pulse::new());
    let is_failing = Arc::new(AtomicBool::new(false));
    let readiness = {
        let (pulse, shutdown, is_failing) = (Arc::clone(&pulse), shutdown.clone(), Arc::clone(&is_failing));
        move || match (pulse.is_fresh(), shutdown.is_cancelled()) {
            (true, false) if is_failing.load(Ordering::Relaxed) => Err("no jobs can be taken"),
            (true, false) => Ok(()),
            (false, _) => Err("the heartbeat is late"),
            (true, true) => Err("the process is ending"),
        }
    };
    let health =
        Health::new(pool.clone()).with_redis(clients::redis::connect(&settings.redis_url)?, vec![queue.list()]);
    health::serve(settings.health_listen, health.with_check(readiness)).await?;

    let database_url = settings.database_url.expose_secret();
    let connect = async |commit| {
        db::connect_for_jobs(database_url, commit)
            .await
            .map_err(ProcessError::Connect)
    };
    let ledger = connect(Commit::Waits).await?;
    let (settlements, outcomes) = mpsc::channel(OUTCOMES);
    let settler = tokio::spawn(settler::settle(ledger.clone(), process_id, clock.clone(), outcomes));
    let cut = CancellationToken::new();
    let execution = Arc::new(Execution {
        dispatch,
        pool: ledger,
        process_id,
        queue,
        clock,
        cut: cut.clone(),
        settlements,
        company: RwLock::new(()),
    });
    let handle = move |claimed| {
        let execution = Arc::clone(&execution);
        async move { execution.execute(claimed).await }
    };
    let intake = Intake::new(
        connect(Commit::DoesNotWait).await?,
        clients::redis::connect(&settings.redis_url)?,
        queue,
        process_id,
        is_failing,
    );
    let overtime = async {
        shutdown.cancelled().await;
        tokio::time::sleep(Duration::from_secs(settings.shutdown_seconds)).await;
        cut.cancel();
        tokio::time::sleep(LEAVING).await;
    };
    let beating = heartbeat::beat(database_url, process_id, &pulse);
    let draining = async {
        let worked = adapter::work(
            &name,
            settings.worker_concurrency,
            Arc::new(intake),
            handle,
            shutdown.clone(),
        )
        .await;
        // Every outcome is in the channel by now, and its senders are gone.
        let _ = settler.await;
        worked
    };
    tokio::select! {
        worked = draining => worked.map_err(|_| ProcessError::Ended("the stream of jobs"))?,
        () = beating => return Err(ProcessError::Ended("the life of this process in the ledger")),
        () = overtime => tracing::warn!("jobs could not be stopped in time"),
    }
    let handed_back = app::process::leave(&pool, process_id).await?;
    tracing::info!(handed_back, "worker ends");
    Ok(())
}
