//! The common parts of all processes: TLS provider, settings, logs, database, signals, exit code.

use std::process::ExitCode;
use std::time::Duration;

use config::{ConfigError, LogFormat, Needs, Settings};
use connect::SettingError;
use connect::postgres::Limits;
use kernel::clock::Clock;
use secrecy::ExposeSecret;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

mod exporter;
pub mod health;
pub mod host;
mod listen;
pub mod metrics;
mod probe_cache;
pub mod signal;
pub mod telemetry;
pub mod time;

use signal::Ending;

/// How much longer than the settings allow an orderly end may take; then the process is ended.
const OVERTIME: Duration = Duration::from_secs(10);

/// How long a thread that computes may delay the end of a process.
const COMPUTING: Duration = Duration::from_secs(3);

/// A process that has started.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its settings, checked.
    pub settings: Settings,
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// Cancelled by SIGTERM and SIGINT: finish what is in flight and end.
    pub shutdown: CancellationToken,
}

/// Why a process could not start or continue.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// Missing, malformed or contradictory settings.
    #[error(transparent)]
    Settings(#[from] ConfigError),
    /// The log filter is malformed.
    #[error("the setting LOG cannot be read: {0}")]
    LogFilter(#[from] tracing_subscriber::filter::ParseError),
    /// The database refused or cannot be reached.
    #[error("the database at DATABASE_URL cannot be used")]
    Connect(#[source] sqlx::Error),
    /// A client of an external system cannot be built from its settings.
    #[error(transparent)]
    Client(#[from] SettingError),
    /// Something failed that the process cannot do without.
    #[error(transparent)]
    Failed(Box<dyn std::error::Error + Send + Sync>),
    /// The runtime, a signal handler or a listener could not be set up.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A task that must not end has ended; the supervisor should restart the process.
    #[error("{0} ended")]
    Ended(&'static str),
    /// It was asked to end, and did not within the time that it has.
    #[error("the process did not end in time")]
    Overdue,
}

impl ProcessError {
    /// Something failed that the process cannot do without.
    pub fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Box::new(error))
    }
}

impl Process {
    /// Connects a process with these settings. Tests call it with a manual clock and end it by the token.
    ///
    /// # Errors
    /// When the database does not answer, or stands behind a pooler that cannot be used.
    pub async fn start(settings: Settings, clock: Clock, shutdown: CancellationToken) -> Result<Self, ProcessError> {
        let url = settings.database_url.expose_secret();
        let limits = Limits {
            statement: Duration::from_secs(settings.database_statement_timeout_seconds),
            idle_in_transaction: Duration::from_secs(settings.database_idle_in_transaction_timeout_seconds),
        };
        let pool = connect::postgres::connect_within(url, settings.database_connections, limits)
            .await
            .map_err(|error| match error {
                sqlx::Error::Configuration(problem) => ConfigError::Wrong(vec![problem.to_string()]).into(),
                other => ProcessError::Connect(other),
            })?;
        Ok(Self {
            settings,
            pool,
            clock,
            shutdown,
        })
    }
}

/// Runs a process from its first instruction to its exit code: 0 after an orderly end, 2 when the settings are
/// wrong, 1 when anything else failed.
pub fn run<F>(needs: Needs, body: impl FnOnce(Process) -> F) -> ExitCode
where
    F: Future<Output = Result<(), ProcessError>>,
{
    refuse_huge_pages();
    match try_run(needs, body) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Wrong settings may have come before the logs were set up.
            let _ = telemetry::init("info", LogFormat::Text);
            tracing::error!(error = kernel::chain(&error), "process failed");
            match error {
                ProcessError::Settings(_) | ProcessError::LogFilter(_) => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

/// Tells Linux to give this process no huge pages: the allocator asks for them, and each takes 2 MiB for the few bytes
/// that are used of it, a quarter of the memory of an API (docs/PERFORMANCE.md).
fn refuse_huge_pages() {
    // A process that is given them works as well.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

fn try_run<F>(needs: Needs, body: impl FnOnce(Process) -> F) -> Result<(), ProcessError>
where
    F: Future<Output = Result<(), ProcessError>>,
{
    // A second installation in one process fails, and the first installs the same provider.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let settings = Settings::from_env(needs)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let exporter = telemetry::start(&settings, runtime.handle())?;
    let ended = runtime.block_on(async {
        let shutdown = on_signal()?;
        let overdue = {
            let orderly = Duration::from_secs(settings.shutdown_delay_seconds + settings.shutdown_seconds);
            let shutdown = shutdown.clone();
            async move {
                shutdown.cancelled().await;
                tokio::time::sleep(orderly + OVERTIME).await;
            }
        };
        tokio::select! {
            ended = live(settings, shutdown, body) => ended,
            () = overdue => Err(ProcessError::Overdue),
        }
    });
    if let Some(exporter) = exporter {
        exporter.end();
    }
    runtime.shutdown_timeout(COMPUTING);
    ended
}

/// Starts a process on the database's time, and runs it.
async fn live<F>(
    settings: Settings,
    shutdown: CancellationToken,
    body: impl FnOnce(Process) -> F,
) -> Result<(), ProcessError>
where
    F: Future<Output = Result<(), ProcessError>>,
{
    let start = async {
        let process = Process::start(settings, Clock::system(), shutdown.clone()).await?;
        let clock = time::of_database(&process.pool).await.map_err(ProcessError::Connect)?;
        Ok::<_, ProcessError>(Process { clock, ..process })
    };
    let process = tokio::select! {
        started = start => started?,
        () = shutdown.cancelled() => return Ok(()),
    };
    kernel::id::follow(&process.clock);
    tokio::spawn(time::keep(process.pool.clone(), process.clock.clone()));
    body(process).await
}

/// A token that SIGTERM or SIGINT cancels.
fn on_signal() -> Result<CancellationToken, ProcessError> {
    let shutdown = CancellationToken::new();
    let mut ending = Ending::watch()?;
    let token = shutdown.clone();
    tokio::spawn(async move {
        ending.received().await;
        tracing::info!("shutdown requested");
        token.cancel();
    });
    Ok(shutdown)
}
