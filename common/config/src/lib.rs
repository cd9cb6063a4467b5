//! Settings, from the environment only. They are checked at start, and all problems are reported together. The table of
//! settings for operators is in `docs/DEPLOYMENT.md`.

mod check;
mod default;
mod demo;
pub mod environment;
mod limits;
mod log_format;
mod needs;
mod origins;
mod person;
mod proxies;
pub mod secret;

pub use demo::{DemoCredentials, DemoTracking};
pub use log_format::LogFormat;
pub use needs::Needs;
pub use origins::Origins;
pub use person::user_name;
pub use proxies::{ProxiesError, TrustedProxies};

use std::net::SocketAddr;

use chrono::NaiveDate;
use figment::Figment;
use figment::providers::Serialized;
use secrecy::SecretString;
use serde::Deserialize;

use default::DEFAULTS;

/// Every setting. The environment variable is the field's name in capitals.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// Which environment this is (`production`, `staging`, `local` ...); API keys work in one only.
    pub environment: String,
    /// PostgreSQL, version 15 or later.
    pub database_url: SecretString,
    /// Connections per process.
    pub database_connections: u32,
    /// Seconds that one statement of a process may take, waiting for locks included.
    pub database_statement_timeout_seconds: u64,
    /// Seconds that a transaction of a process may be idle between two statements; then the database rolls it back.
    pub database_idle_in_transaction_timeout_seconds: u64,
    /// Redis, for delivery only.
    pub redis_url: SecretString,
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where a worker or the scheduler answers `/healthz`, `/readyz` and `/metrics`.
    pub health_listen: SocketAddr,
    /// Where the API answers `/metrics`; never an address that the public reaches.
    pub metrics_listen: SocketAddr,
    /// PEM file of the API's certificate and its chain; empty when TLS ends before the API.
    pub tls_cert: String,
    /// PEM file of the certificate's key.
    pub tls_key: String,
    /// Origins whose pages may call the API from a browser, separated by commas; see [`Origins`].
    pub cors_origins: String,
    /// Base URL under which partners reach the API, without a trailing slash.
    pub public_url: String,
    /// Signs offer tokens; at least 32 bytes, the same on all API replicas.
    pub offer_secret: SecretString,
    /// Signs the tokens of back office sessions; at least 32 bytes, the same on all API replicas.
    pub session_secret: SecretString,
    /// Whether cookies are sent over HTTPS only; off only in local development.
    pub cookie_secure: bool,
    /// Proxies whose `X-Forwarded-For` is trusted: addresses and ranges, separated by commas.
    pub trusted_proxies: String,
    /// Client id at Google; empty when people cannot sign in with Google.
    pub google_client_id: String,
    /// Who issues Google's id tokens.
    pub google_issuer: String,
    /// Where the issuer publishes its keys (a JWK set).
    pub google_keys_url: String,
    /// Secret of the client at Google; empty when the console does not offer sign-in with Google.
    pub google_client_secret: SecretString,
    /// The page of the issuer at which users sign in (the authorization endpoint).
    pub google_authorization_url: String,
    /// Where the issuer exchanges authorization codes for ID tokens (the token endpoint).
    pub google_token_url: String,
    /// Vector tiles of streets for the maps of the console: the URL of one PMTiles file; empty for none.
    pub map_pmtiles_url: String,
    /// Where report files are: `file:///folder`, `s3://bucket/prefix` or `gs://bucket/prefix`.
    pub storage_url: String,
    /// Endpoint of an S3-compatible or GCS-compatible store that is not Amazon's or Google's; empty otherwise.
    pub storage_endpoint: String,
    /// Region of an S3 bucket.
    pub storage_region: String,
    /// Access key of an S3 bucket.
    pub storage_access_key: SecretString,
    /// Secret key of an S3 bucket, or the service account's key (JSON) of a GCS bucket.
    pub storage_secret_key: SecretString,
    /// Signs links to files in a folder; at least 32 bytes, the same on all API replicas and report workers.
    pub link_secret: SecretString,
    /// Reports of one company that are made at a time.
    pub reports_at_a_time: u32,
    /// Days that the file of a report is kept.
    pub report_retention_days: u32,
    /// Encrypts the tokens of tracking providers and the stored responses in the database; 64 hex digits.
    pub vault_key: SecretString,
    /// Days that positions of buses are kept.
    pub position_retention_days: u32,
    /// Days that finished jobs stay in the ledger.
    pub job_retention_days: u32,
    /// Limits of a partner of tier STANDARD, all of its keys together: `search=100/60 write=20/60` (requests/seconds);
    /// classes that are not listed keep the defaults ([`domain::rate_limit::Limits::of_tier`]).
    pub rate_limits_standard: String,
    /// The same for partners of tier PREMIUM.
    pub rate_limits_premium: String,
    /// The same for each address without a live key ([`domain::rate_limit::Limits::of_addresses`]).
    pub rate_limits_address: String,
    /// Milliseconds that a request may wait for Redis to count it; after that it passes uncounted.
    pub rate_limit_patience_ms: u64,
    /// Maximum age in milliseconds of cached state when a request uses it; 0: each request refreshes it (`app::cache`).
    pub cache_max_age_ms: u64,
    /// Whether catalogue and schedule require an API key.
    pub catalogue_requires_key: bool,
    /// The day from which the old partner API (`/rest`) is deprecated, UTC.
    pub legacy_deprecated_on: NaiveDate,
    /// The day on which it ends at the earliest, UTC; at least 90 days later.
    pub legacy_sunset_on: NaiveDate,
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
    /// Seconds that the API continues to serve after SIGTERM, with 503 at `/readyz`, so that load balancers avoid it.
    pub shutdown_delay_seconds: u64,
    /// Set by workers, not by operators: the job that this process was started for, as JSON; empty in every other
    /// process.
    pub isolated_job: String,
    /// Seconds that requests and jobs in flight have to end after SIGTERM.
    pub shutdown_seconds: u64,
    /// Log filter, in the syntax of tracing's `EnvFilter`.
    pub log: String,
    /// `json` or `text`.
    pub log_format: LogFormat,
    /// Base URL of the collector that receives spans, by OTLP over HTTP; empty: no spans are exported.
    pub otel_exporter_otlp_endpoint: String,
    /// The share of the traces begun here that are exported, 0 to 1. For other traces the caller has decided.
    pub otel_traces_sampler_arg: f64,
    /// `service.name` of the spans; empty: the name of the program.
    pub otel_service_name: String,
}

/// Settings that are missing, malformed or contradict each other.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that is not of its type, or `DATABASE_URL` missing.
    #[error("a setting cannot be read: {0}")]
    Malformed(#[from] Box<figment::Error>),
    /// Everything else that is wrong, one sentence each.
    #[error("the settings cannot be used: {}", .0.join("; "))]
    Wrong(Vec<String>),
}

impl Settings {
    /// The settings that have a default, for tests that add the others.
    #[must_use]
    pub fn defaults() -> Figment {
        Figment::from(Serialized::defaults(DEFAULTS))
    }

    /// The origin of `PUBLIC_URL`, as browsers write it: scheme, host, and the port unless it is the scheme's default.
    /// `null`, which no page has, if it has none.
    #[must_use]
    pub fn origin(&self) -> String {
        origins::of(&self.public_url).unwrap_or_else(|| "null".to_owned())
    }

    /// The origin of `MAP_PMTILES_URL`, if it is set.
    #[must_use]
    pub fn map_origin(&self) -> Option<String> {
        origins::of(&self.map_pmtiles_url)
    }

    /// Reads and checks the environment.
    ///
    /// # Errors
    /// Names every setting that is missing, malformed or contradictory.
    pub fn from_env(needs: Needs) -> Result<Self, ConfigError> {
        Self::from_variables(environment::variables(), needs)
    }

    /// Reads and checks variables, names in capitals.
    ///
    /// # Errors
    /// As [`Self::from_env`].
    pub fn from_variables(
        variables: impl IntoIterator<Item = (String, String)>,
        needs: Needs,
    ) -> Result<Self, ConfigError> {
        Self::from_figment(&environment::over(DEFAULTS, variables), needs)
    }

    /// Reads and checks any source, for tests.
    ///
    /// # Errors
    /// As [`Self::from_env`].
    pub fn from_figment(figment: &Figment, needs: Needs) -> Result<Self, ConfigError> {
        let settings: Self = figment.extract().map_err(Box::new)?;
        let problems = check::problems(&settings, needs);
        if problems.is_empty() {
            Ok(settings)
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
        for name in [
            "DATABASE_URL",
            "ENVIRONMENT",
            "OFFER_SECRET",
            "SESSION_SECRET",
            "STORAGE_URL",
            "REDIS_URL",
        ] {
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
    fn the_old_api_ends_90_days_after_its_deprecation_at_the_earliest() {
        let wrong = |sunset| {
            with(
                &[("database_url", "postgres://x"), ("legacy_sunset_on", sunset)],
                Needs::Api,
            )
            .unwrap_err()
        };
        assert!(wrong("2027-02-28").contains("LEGACY_SUNSET_ON"));
        assert!(!wrong("2027-03-01").contains("LEGACY_SUNSET_ON"));
        assert!(wrong("next year").contains("legacy_sunset_on"));
    }

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        let origin = |url| {
            let pairs = [("database_url", "postgres://localhost/x"), ("public_url", url)];
            with(&pairs, Needs::Database).unwrap().origin()
        };
        assert_eq!(
            origin("https://API.Example.com:443/some/path"),
            "https://api.example.com"
        );
        assert_eq!(origin("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
        assert_eq!(origin("https://user:word@example.com:8443"), "https://example.com:8443");
        for none in ["", "example.com", "file:///srv"] {
            assert_eq!(origin(none), "null", "{none}");
            let problems = with(&[("database_url", "postgres://x"), ("public_url", none)], Needs::Api).unwrap_err();
            assert!(problems.contains("PUBLIC_URL"), "{problems}");
        }
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
