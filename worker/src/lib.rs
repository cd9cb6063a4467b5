//! The worker binaries, one for each queue. A binary provides what the handlers of its queue need; which jobs the queue
//! has is in [`app::every_job!`]. What a job does is in `common/app/src/jobs`; how jobs are taken and run is in
//! `common/ledger/src/worker`.

use std::process::ExitCode;
use std::time::Duration;

use config::Needs;
use ledger::worker::{Settings, Worker, WorkerError};
use ledger::{Priority, Queue};
use metrics::Exporter;
use process::health::{self, Health};
use process::{Process, ProcessError};
use storage::Storage;

pub mod handlers;
pub mod sweep;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The `main` of a worker binary. `handlers` adds a handler for each kind of job of the queue.
pub fn main(
    queue: Queue,
    needs: Needs,
    handlers: impl FnOnce(&Process, Worker) -> Result<Worker, ProcessError>,
) -> ExitCode {
    process::run(needs, async |process| Box::pin(run(process, queue, handlers)).await)
}

/// Runs the jobs of `queue` until the process is asked to end.
///
/// # Errors
/// When it cannot start, when the stream of jobs ends unexpectedly, or when this process was given up.
pub async fn run(
    process: Process,
    queue: Queue,
    handlers: impl FnOnce(&Process, Worker) -> Result<Worker, ProcessError>,
) -> Result<(), ProcessError> {
    let settings = &process.settings;
    let started = Worker::start(
        Settings {
            queue,
            database_url: settings.database_url.clone(),
            redis_url: settings.redis_url.clone(),
            concurrency: settings.worker_concurrency,
            time_to_finish: Duration::from_secs(settings.shutdown_seconds),
            host: process::host::name(),
            isolated_job: settings.isolated_job.clone(),
        },
        process.pool.clone(),
        process.clock.clone(),
        process.shutdown.clone(),
    );
    let worker = handlers(&process, started.await.map_err(why)?)?;
    if !worker.is_child() {
        let redis = connect::redis::connect(&settings.redis_url)?;
        let health = Health::new(process.pool.clone())
            .with_redis(redis, Priority::ALL.map(|priority| queue.list(priority)).to_vec())
            .with_check(worker.readiness());
        health::serve(settings.health_listen, health, exporter(&process, queue)?).await?;
    }
    worker.run().await.map_err(why)
}

/// Metrics of a worker of this queue.
fn exporter(process: &Process, queue: Queue) -> Result<Exporter, ProcessError> {
    let exporter = Exporter::default()
        .with(|registry| connect::metrics::register(registry, process.pool.clone()))
        .with(ledger::metrics::worker::register)
        .with(app::metrics::register_worker)
        .with(clients::metrics::register);
    if queue != app::jobs::queue::REPORT && queue != app::jobs::queue::TIMETABLE {
        return Ok(exporter);
    }
    let store = Storage::new(&process.settings)?;
    Ok(exporter.with(|registry| store.register(registry)))
}

fn why(error: WorkerError) -> ProcessError {
    match error {
        WorkerError::Connect(error) => ProcessError::Connect(error),
        WorkerError::Setting(error) => error.into(),
        other => ProcessError::failed(other),
    }
}
