//! Runs jobs: an apalis backend over the ledger, and the layers around an attempt.
//!
//! ```text
//! Worker::start(settings, pool, clock, shutdown)
//!     .await?
//!     .handle::<EmailNotification, _>(&mails, email_notification::run)
//!     .run()
//!     .await
//! ```
//!
//! `handle` builds an ordinary apalis worker, and [`Worker::with`] takes the same with custom layers:
//!
//! ```text
//! worker.with(|ledger, monitor| {
//!     monitor.register(move |_| {
//!         WorkerBuilder::new(EmailNotification::KIND)
//!             .backend(ledger.queue::<EmailNotification>())
//!             .data(mails.clone())
//!             .build(email_notification::run)
//!     })
//! })
//! ```
//!
//! | file | what belongs there |
//! |---|---|
//! | `intake` | takes jobs from Redis and the ledger into this process |
//! | `taking` | whether the intake gets anywhere |
//! | `queue` | the apalis backend: one stream of jobs per kind |
//! | `layer` | what surrounds a handler: log lines, start and outcome, time limit, panics |
//! | `starter` | records starts of handlers in the ledger, in batches |
//! | `settler` | records outcomes in the ledger, in batches |
//! | `gather` | makes batches larger under load |
//! | `run` | runs the process until its orderly end |
//! | `isolation` | runs jobs that may have killed a process in processes of their own |
//! | `heartbeat` | shows other processes that this one is alive |
//!
//! apalis runs the handlers: worker, monitor, extractors, layers. Claims, attempts, retries, crashes and dead letters
//! are the ledger's, so no layer of apalis that retries or acknowledges belongs here.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use apalis::prelude::{BoxDynError, IntoWorkerService, Monitor, Task, WorkerBuilder};
use connect::SettingError;
use connect::postgres::{Commit, connect_for_workers};
use kernel::clock::Clock;
use kernel::log_limit::LogLimit;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tower_service::Service;

use crate::{Job, Outcome, Queue};

mod cause;
mod gather;
mod heartbeat;
mod intake;
mod isolation;
mod layer;
mod queue;
mod run;
mod settler;
mod shared;
mod starter;
mod taking;

pub use layer::Layers;
pub use queue::JobQueue;

use heartbeat::Heartbeat;
use intake::Intake;
use isolation::{Assignment, Isolation};
use settler::Settler;
use shared::{Held, Shared};
use taking::Taking;

/// Maximum number of outcomes that wait to be recorded; beyond it, handlers wait.
const OUTCOMES: usize = 1000;

/// Why a worker could not start or continue.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The database refused the connection or cannot be reached.
    #[error("the database cannot be used")]
    Connect(#[source] sqlx::Error),
    /// A setting cannot be used.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The ledger failed.
    #[error("a ledger operation failed")]
    Ledger(#[from] crate::Error),
    /// A thread or a runtime could not be set up.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A handler was registered for jobs that belong to another queue; they would never arrive.
    #[error("jobs of kind {0} belong to another queue")]
    OtherQueue(&'static str),
    /// The stream of jobs ended unexpectedly.
    #[error("the stream of jobs ended")]
    Ended,
    /// This process was given up; its supervisor must start it again.
    #[error("the ledger gave up this process")]
    GivenUp,
}

/// Settings of a worker.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The queue whose jobs it runs.
    pub queue: Queue,
    /// For connections of its own: heartbeat, claims, outcomes.
    pub database_url: SecretString,
    /// Where deliveries come from.
    pub redis_url: SecretString,
    /// Jobs at a time.
    pub concurrency: usize,
    /// Time that jobs in flight have to finish when the process is asked to end.
    pub time_to_finish: Duration,
    /// Name of the machine or container, which is part of the name of the process; may be empty.
    pub host: String,
    /// The environment variable `ISOLATED_JOB`, which a worker sets for a child process; else empty.
    pub isolated_job: String,
}

/// A worker process that has entered the ledger.
#[must_use = "a worker takes no jobs before it runs"]
pub struct Worker {
    ledger: Ledger,
    monitor: Monitor,
    settings: Settings,
    pool: PgPool,
    shutdown: CancellationToken,
    settler: Settler,
    role: Role,
}

enum Role {
    /// Takes jobs.
    Parent {
        heartbeat: Heartbeat,
        intake: Intake,
        taking: Arc<Taking>,
    },
    /// Runs the one job that its parent assigned to it.
    Child(Box<Assignment>),
}

/// Creates the backends of apalis workers. Clones share their state.
#[derive(Clone)]
pub struct Ledger(Arc<Shared>);

impl Ledger {
    /// The jobs of one kind that this process has claimed, as an apalis backend. A kind has one backend at a time.
    #[must_use]
    pub fn queue<J: Job>(&self) -> JobQueue<J> {
        JobQueue::new(&self.0)
    }
}

impl Worker {
    /// Adds the process to the ledger. `pool` is used for the orderly end; everything else has connections of its own.
    ///
    /// # Errors
    /// When the database does not answer or a setting cannot be used.
    pub async fn start(
        settings: Settings,
        pool: PgPool,
        clock: Clock,
        shutdown: CancellationToken,
    ) -> Result<Self, WorkerError> {
        let connect = async |commit| {
            connect_for_workers(settings.database_url.expose_secret(), commit)
                .await
                .map_err(WorkerError::Connect)
        };
        let (records, claims) = (connect(Commit::Waits).await?, connect(Commit::DoesNotWait).await?);
        let cut = CancellationToken::new();
        let (role, process_id) = if settings.isolated_job.is_empty() {
            let name = crate::process::worker_name(settings.queue, std::process::id(), &settings.host);
            let heartbeat = Heartbeat::start(settings.database_url.clone(), &name, clock.clone()).await?;
            let process_id = heartbeat.process_id;
            tracing::info!(%process_id, name, "worker started");
            let redis = connect::redis::connect(&settings.redis_url)?;
            let taking = Arc::<Taking>::default();
            let intake = Intake {
                pool: claims.clone(),
                redis,
                queue: settings.queue,
                clock: clock.clone(),
                process_id,
                pulse: Arc::clone(&heartbeat.pulse),
                given_up: heartbeat.given_up.clone(),
                pops: AtomicU32::new(0),
                skipped: LogLimit::default(),
                taking: Arc::clone(&taking),
            };
            let role = Role::Parent {
                heartbeat,
                intake,
                taking,
            };
            (role, process_id)
        } else {
            let assignment = Assignment::parse(&settings.isolated_job)?;
            isolation::end_with_parent(cut.clone())?;
            let process_id = assignment.process_id;
            (Role::Child(Box::new(assignment)), process_id)
        };
        let isolation = match &role {
            Role::Parent { .. } => {
                let isolation = Isolation::new(settings.queue, records.clone(), process_id, clock.clone(), cut.clone());
                Some(Arc::new(isolation))
            }
            Role::Child(_) => None,
        };
        let (settlements, outcomes) = mpsc::channel(OUTCOMES);
        let settler = Settler::start(records, process_id, clock.clone(), outcomes);
        let (starts, starting) = mpsc::channel(settings.concurrency);
        tokio::spawn(starter::start(claims, process_id, starting));
        let shared = Shared::new(
            (settings.queue, settings.concurrency),
            clock,
            cut,
            isolation,
            starts,
            settlements,
        );
        Ok(Self {
            ledger: Ledger(Arc::new(shared)),
            monitor: Monitor::new(),
            settings,
            pool,
            shutdown,
            settler,
            role,
        })
    }

    /// Runs the jobs of kind `J` with `handler`, an apalis service: an async function of the job and extractors, such
    /// as `Data<J::Data>`, [`Cause`](crate::Cause), `Attempt` and `TaskId`. It may be run again after a crash, so its
    /// effects must recognise a repeat.
    pub fn handle<J: Job, S>(
        self,
        data: &J::Data,
        handler: impl IntoWorkerService<JobQueue<J>, S, Backend = JobQueue<J>> + Clone + Send + Sync + 'static,
    ) -> Self
    where
        S: Service<Task<J>> + Clone + Send + 'static,
        S::Response: Into<Outcome> + Send + 'static,
        S::Error: Into<BoxDynError>,
        S::Future: Send + 'static,
    {
        let data = data.clone();
        self.with(|ledger, monitor| {
            monitor.register(move |_| {
                WorkerBuilder::new(J::KIND)
                    .backend(ledger.queue::<J>())
                    .data(data.clone())
                    .build(handler.clone())
            })
        })
    }

    /// Registers workers over backends of this process, with custom layers.
    pub fn with(mut self, register: impl FnOnce(Ledger, Monitor) -> Monitor) -> Self {
        self.monitor = register(self.ledger.clone(), self.monitor);
        self
    }

    /// A readiness check of the process: its error says why it cannot take jobs.
    pub fn readiness(&self) -> impl Fn() -> Result<(), &'static str> + Send + Sync + 'static {
        let shutdown = self.shutdown.clone();
        let (pulse, taking) = match &self.role {
            Role::Parent { heartbeat, taking, .. } => (Some(Arc::clone(&heartbeat.pulse)), Arc::clone(taking)),
            Role::Child(_) => (None, Arc::default()),
        };
        move || match (
            pulse.as_ref().is_none_or(|pulse| pulse.is_fresh()),
            shutdown.is_cancelled(),
        ) {
            (true, false) => taking.check(Instant::now()),
            (false, _) => Err("the heartbeat is late"),
            (true, true) => Err("the process is ending"),
        }
    }

    /// Whether this is a child that runs one job and ends: it takes no requests.
    #[must_use]
    pub const fn is_child(&self) -> bool {
        matches!(self.role, Role::Child(_))
    }
}
