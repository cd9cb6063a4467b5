//! The platform under test: its programs, with a Redis, a mail server and a Viber provider that this program controls.
//! PostgreSQL, with the demo data, is already running.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use simulators::smtp::MailSimulator;
use simulators::viber::ViberSimulator;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testing::port;
use testing::proxy::TestProxy;
use tokio::time::Instant;

use crate::error::{Error, Result};
use crate::notes::Notes;
use crate::plan::PROGRAMS;
use crate::program::{Program, Spec};
use crate::redis_server::RedisServer;
use crate::settings::Settings;

/// How long programs may take to become ready on a busy machine.
const STARTING: Duration = Duration::from_secs(180);

/// Interval between two checks of a condition.
const PERIOD: Duration = Duration::from_millis(100);

/// The running platform.
#[derive(Debug)]
pub struct Stage {
    /// Database connections of this program.
    pub pool: PgPool,
    /// The proxy between the platform and Redis.
    pub proxy: TestProxy,
    /// Redis.
    pub redis: RedisServer,
    /// The mail server.
    pub mail: MailSimulator,
    /// The Viber provider.
    pub viber: ViberSimulator,
    /// Folder of the report store.
    pub store: PathBuf,
    /// Size of the report store in bytes, if it is a file system that can be filled; else 0.
    pub store_size: usize,
    /// URLs of the APIs.
    pub apis: Vec<String>,
    /// File with the process id of PostgreSQL.
    pub postgres: PathBuf,
    /// What must be known about the run.
    pub notes: Notes,
    programs: Vec<(Program, String)>,
    _tracking: Program,
}

impl Stage {
    /// Starts everything and waits until it is ready.
    ///
    /// # Errors
    /// When something does not start.
    pub async fn start(settings: &Settings) -> Result<Self> {
        let logs = settings.chaos_folder.join("logs");
        tokio::fs::create_dir_all(&logs).await?;
        tokio::fs::create_dir_all(&settings.chaos_store).await?;
        let pool = PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .connect(settings.database_url.expose_secret())
            .await?;
        let redis = RedisServer::start(settings.chaos_certificates.as_deref(), &logs);
        let proxy = TestProxy::start(redis.port()).await;
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mail = MailSimulator::start(anywhere, &settings.chaos_folder.join("mail")).await?;
        let token = SecretString::from(settings.viber_token.expose_secret().to_owned());
        let viber = ViberSimulator::start(anywhere, token).await?;
        let mut shared = HashMap::from([
            ("SMTP_URL", format!("smtp://{}", mail.address())),
            ("VIBER_URL", viber.url()),
            ("STORAGE_URL", storage_url(&settings.chaos_store)),
        ]);
        shared.extend(redis.variables(proxy.address()));
        let programs: Vec<_> = PROGRAMS.map(|name| program(name, settings, &shared, &logs)).into();
        let apis = programs
            .iter()
            .filter(|(program, _)| program.name().starts_with("api."));
        let stage = Self {
            apis: apis.map(|(_, url)| url.clone()).collect(),
            pool,
            proxy,
            mail,
            viber,
            store: settings.chaos_store.clone(),
            store_size: settings.chaos_store_size,
            postgres: settings.chaos_postgres.clone(),
            notes: Notes::default(),
            redis,
            programs,
            _tracking: Program::start(spec("fms_sim", "fms_sim", settings), &logs),
        };
        stage.until_ready().await?;
        Ok(stage)
    }

    /// A program by its name, with its URL.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn program(&self, name: &str) -> Result<&(Program, String)> {
        let mut programs = self.programs.iter();
        let found = programs.find(|(program, _)| program.name() == name);
        found.ok_or_else(|| Error::UnknownProgram(name.to_owned()))
    }

    /// The programs of the platform.
    pub fn programs(&self) -> impl Iterator<Item = &Program> {
        self.programs.iter().map(|(program, _)| program)
    }

    /// Waits until PostgreSQL answers, and returns its time.
    ///
    /// # Errors
    /// When it does not answer in time.
    pub async fn database_time(&self) -> Result<DateTime<Utc>> {
        let ends = Instant::now() + STARTING;
        loop {
            match sqlx::query_scalar("select clock_timestamp()")
                .fetch_one(&self.pool)
                .await
            {
                Ok(time) => return Ok(time),
                Err(error) if Instant::now() > ends => return Err(error.into()),
                Err(_) => tokio::time::sleep(PERIOD).await,
            }
        }
    }

    /// Waits until every program reports that it is ready.
    ///
    /// # Errors
    /// Names the one that does not.
    pub async fn until_ready(&self) -> Result<()> {
        for (program, url) in &self.programs {
            ready(program, url).await?;
        }
        Ok(())
    }

    /// Ends a program with SIGTERM, and waits until it has restarted and is ready.
    ///
    /// # Errors
    /// When it does not end, or does not become ready.
    pub async fn restart(&self, name: &str) -> Result<()> {
        let (program, url) = self.program(name)?;
        let (starts, ends) = (program.starts(), Instant::now() + STARTING);
        program.signal("TERM").await?;
        while program.starts() == starts {
            if Instant::now() > ends {
                return Err(not_ready(program));
            }
            tokio::time::sleep(PERIOD).await;
        }
        ready(program, url).await
    }
}

/// Waits until a program reports that it is ready.
async fn ready(program: &Program, url: &str) -> Result<()> {
    let http = reqwest::Client::builder().timeout(Duration::from_secs(3)).build()?;
    let ends = Instant::now() + STARTING;
    let ask = || http.get(format!("{url}/readyz")).send();
    while !ask().await.is_ok_and(|answer| answer.status().is_success()) {
        if Instant::now() > ends {
            return Err(not_ready(program));
        }
        tokio::time::sleep(PERIOD).await;
    }
    Ok(())
}

/// `STORAGE_URL` of a report store in this folder.
pub fn storage_url(store: &Path) -> String {
    format!("file://{}", store.display())
}

fn not_ready(program: &Program) -> Error {
    Error::NotReady {
        what: program.name().to_owned(),
        seconds: STARTING.as_secs(),
    }
}

fn spec(name: &'static str, program: &str, settings: &Settings) -> Spec {
    Spec {
        name,
        path: settings.chaos_programs.join(program),
        arguments: Vec::new(),
        environment: HashMap::new(),
    }
}

/// A program of the platform, and its URL.
fn program(
    name: &'static str,
    settings: &Settings,
    shared: &HashMap<&'static str, String>,
    logs: &Path,
) -> (Program, String) {
    let binary = name.split('.').next().unwrap_or(name);
    let listen = port::free();
    let variable = if binary == "api" { "LISTEN" } else { "HEALTH_LISTEN" };
    let mut spec = spec(name, binary, settings);
    spec.environment.clone_from(shared);
    spec.environment.insert(variable, listen.to_string());
    // The port in the settings can serve one process only.
    spec.environment.insert("METRICS_LISTEN", "127.0.0.1:0".to_owned());
    (Program::start(spec, logs), format!("http://{listen}"))
}
