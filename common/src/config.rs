//! Settings, from the environment only; checked at start, every problem named at once.
//!
//! The table of all settings for people is in `docs/OPERATIONS.md`.

#[cfg(feature = "simulators")]
pub mod simulator;

use std::net::SocketAddr;

use figment::Figment;
use figment::providers::{Env, Serialized};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// Every setting. The environment variable is the field's name in capitals.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// Which environment this is (`production`, `staging`, `local` ...); API keys work in one only.
    pub environment: String,
    /// PostgreSQL, version 15 or later.
    pub database_url: SecretString,
    /// Connections per process.
    pub database_connections: u32,
    /// Redis, for delivery only.
    pub redis_url: SecretString,
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where a worker or the scheduler answers `/healthz` and `/readyz`.
    pub health_listen: SocketAddr,
    /// Base URL under which partners reach the API, without a trailing slash.
    pub public_url: String,
    /// Signs offer tokens; at least 32 bytes, the same on all API replicas.
    pub offer_secret: SecretString,
    /// Whether catalogue and schedule ask for an API key.
    pub catalogue_requires_key: bool,
    /// SMTP server: `smtp://host:port` (plain), `smtp://host:port?tls=required` (STARTTLS) or `smtps://host:port`;
    /// `user:password@` before the host, percent-encoded, where the server asks for it.
    pub smtp_url: SecretString,
    /// Sender of mails, such as `PREXSELL <tickets@example.com>`.
    pub mail_from: String,
    /// Base URL of the Viber provider.
    pub viber_url: String,
    /// Token of the Viber provider.
    pub viber_token: SecretString,
    /// Jobs that one worker process runs at a time.
    pub worker_concurrency: usize,
    /// Seconds that SIGTERM leaves to requests and jobs in flight.
    pub shutdown_seconds: u64,
    /// Log filter, in the syntax of tracing's `EnvFilter`.
    pub log: String,
    /// `json` or `text`.
    pub log_format: LogFormat,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// For people.
    Text,
}

#[derive(Serialize)]
struct Defaults {
    environment: &'static str,
    database_connections: u32,
    redis_url: &'static str,
    listen: &'static str,
    health_listen: &'static str,
    public_url: &'static str,
    offer_secret: &'static str,
    catalogue_requires_key: bool,
    smtp_url: &'static str,
    mail_from: &'static str,
    viber_url: &'static str,
    viber_token: &'static str,
    worker_concurrency: usize,
    shutdown_seconds: u64,
    log: &'static str,
    log_format: LogFormat,
}

const DEFAULTS: Defaults = Defaults {
    environment: "local",
    database_connections: 10,
    redis_url: "",
    listen: "127.0.0.1:8080",
    health_listen: "127.0.0.1:0",
    public_url: "http://127.0.0.1:8080",
    offer_secret: "",
    catalogue_requires_key: false,
    smtp_url: "",
    mail_from: "",
    viber_url: "",
    viber_token: "",
    worker_concurrency: 16,
    shutdown_seconds: 20,
    log: "info",
    log_format: LogFormat::Json,
};

/// What every setting is that the environment does not say; the base of settings in tests.
#[must_use]
pub fn defaults() -> impl Serialize {
    DEFAULTS
}

/// Which settings a process cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The database only: the admin command line.
    Database,
    /// The HTTP door.
    Api,
    /// Database and Redis: the scheduler and the sweep worker.
    Queue,
    /// The queue, and an SMTP server.
    Mail,
    /// The queue, and a Viber provider.
    Viber,
}

/// Settings that are missing, malformed or contradict each other.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that is not of its type, or `DATABASE_URL` missing.
    #[error("setting: {0}")]
    Malformed(#[from] Box<figment::Error>),
    /// Everything else that is wrong, one sentence each.
    #[error("settings: {}", .0.join("; "))]
    Wrong(Vec<String>),
}

impl Settings {
    /// The settings that have a default, for tests that add the others.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn defaults() -> Figment {
        Figment::from(Serialized::defaults(DEFAULTS))
    }

    /// Reads and checks the environment.
    ///
    /// # Errors
    /// Names every setting that is missing, malformed or contradictory.
    pub fn from_env(needs: Needs) -> Result<Self, ConfigError> {
        Self::from_figment(&Figment::from(Serialized::defaults(DEFAULTS)).merge(Env::raw()), needs)
    }

    /// Reads and checks any source, for tests.
    ///
    /// # Errors
    /// As [`Self::from_env`].
    pub fn from_figment(figment: &Figment, needs: Needs) -> Result<Self, ConfigError> {
        let settings: Self = figment.extract().map_err(Box::new)?;
        let problems = settings.problems(needs);
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(ConfigError::Wrong(problems))
        }
    }

    fn problems(&self, needs: Needs) -> Vec<String> {
        let mut problems = Vec::new();
        let mut require = |wanted: bool, problem: &str| {
            if !wanted {
                problems.push(problem.to_owned());
            }
        };
        let empty = |secret: &SecretString| secret.expose_secret().is_empty();
        require(
            !self.environment.is_empty() && self.environment.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
            "ENVIRONMENT must be lower-case letters and dashes",
        );
        require(
            self.database_url.expose_secret().starts_with("postgres"),
            "DATABASE_URL must be a postgres:// URL",
        );
        require(self.database_connections > 0, "DATABASE_CONNECTIONS must be at least 1");
        require(self.worker_concurrency > 0, "WORKER_CONCURRENCY must be at least 1");
        require(!self.public_url.ends_with('/'), "PUBLIC_URL must not end in a slash");
        if needs == Needs::Api {
            require(
                self.offer_secret.expose_secret().len() >= 32,
                "OFFER_SECRET must be set to at least 32 bytes",
            );
        }
        if matches!(needs, Needs::Queue | Needs::Mail | Needs::Viber) {
            require(
                self.redis_url.expose_secret().starts_with("redis://"),
                "REDIS_URL must be set to a redis:// URL (TLS to Redis is not built in)",
            );
        }
        if needs == Needs::Mail {
            require(!empty(&self.smtp_url), "SMTP_URL must be set for the mail worker");
            require(!self.mail_from.is_empty(), "MAIL_FROM must be set for the mail worker");
        }
        if needs == Needs::Viber {
            require(
                self.viber_url.starts_with("http"),
                "VIBER_URL must be set to an http(s) URL for the Viber worker",
            );
            require(
                !empty(&self.viber_token),
                "VIBER_TOKEN must be set for the Viber worker",
            );
        }
        problems
    }
}

/// Credentials that `admin seed-demo` gives the demo partners and the demo person.
#[derive(Debug, Clone)]
pub struct DemoCredentials {
    /// `API_KEY`: of partner `demo`.
    pub api_key: SecretString,
    /// `API_KEY_2`: of partner `demo-two`.
    pub api_key_2: SecretString,
    /// `BACKOFFICE_EMAIL`.
    pub email: String,
    /// `BACKOFFICE_PASSWORD`.
    pub password: SecretString,
}

impl DemoCredentials {
    /// Reads the environment. Values are taken as they stand: figment would read a password of digits as a number.
    ///
    /// # Errors
    /// Names every variable that is missing or blank.
    pub fn from_env() -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let mut read = |name: &str| {
            #[expect(clippy::disallowed_methods, reason = "settings are read in this file")]
            let value = std::env::var(name).unwrap_or_default();
            if value.is_empty() {
                problems.push(format!("{name} must be set"));
            }
            value
        };
        let credentials = Self {
            api_key: read("API_KEY").into(),
            api_key_2: read("API_KEY_2").into(),
            email: read("BACKOFFICE_EMAIL"),
            password: read("BACKOFFICE_PASSWORD").into(),
        };
        if problems.is_empty() {
            Ok(credentials)
        } else {
            Err(ConfigError::Wrong(problems))
        }
    }
}

#[cfg(test)]
mod tests {
    use figment::Figment;
    use figment::providers::Serialized;

    use super::{DEFAULTS, Needs, Settings};

    fn with(pairs: &[(&str, &str)], needs: Needs) -> Result<Settings, String> {
        let figment = pairs
            .iter()
            .fold(Figment::from(Serialized::defaults(DEFAULTS)), |f, (k, v)| {
                f.merge(Serialized::default(k, v))
            });
        Settings::from_figment(&figment, needs).map_err(|e| e.to_string())
    }

    #[test]
    fn names_everything_that_is_wrong_at_once() {
        let problems = with(&[("database_url", "mysql://x"), ("environment", "Prod!")], Needs::Api).unwrap_err();
        for name in ["DATABASE_URL", "ENVIRONMENT", "OFFER_SECRET"] {
            assert!(problems.contains(name), "{problems}");
        }
        assert!(with(&[], Needs::Database).unwrap_err().contains("database_url"));
    }

    #[test]
    fn asks_a_process_only_for_what_it_needs() {
        let database = [("database_url", "postgres://localhost/x")];
        assert!(with(&database, Needs::Database).is_ok());
        assert!(with(&database, Needs::Viber).unwrap_err().contains("VIBER_TOKEN"));
    }

    #[test]
    fn secrets_do_not_print() {
        let settings = with(
            &[("database_url", "postgres://user:hunter2@localhost/x")],
            Needs::Database,
        )
        .unwrap();
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
