//! Settings that a process requires.

use connect::redis::Servers;
use domain::legacy::NOTICE;
use secrecy::{ExposeSecret, SecretString};

use super::{Needs, Origins, Settings, TrustedProxies};

/// The `ENVIRONMENT` in which insecure settings are rejected, and in which operators must state reasons.
const PRODUCTION: &str = "production";

impl Settings {
    /// Whether this is the environment of real sales (`ENVIRONMENT` is `production`).
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.environment == PRODUCTION
    }
}

/// The problems, one sentence each.
pub(super) fn problems(settings: &Settings, needs: Needs) -> Vec<String> {
    let mut problems = Problems(Vec::new());
    problems.general(settings);
    if matches!(needs, Needs::Api | Needs::Report) {
        problems.public_url(settings);
    }
    if needs == Needs::Api {
        problems.api(settings);
        problems.google(settings);
    }
    if needs != Needs::Database
        && let Err(problem) = Servers::parse(settings.redis_url.expose_secret())
    {
        problems.require(false, &format!("REDIS_URL {problem}"));
    }
    if matches!(needs, Needs::Api | Needs::Report) {
        problems.storage(settings);
    }
    if matches!(needs, Needs::Api | Needs::Tracking) {
        problems.vault(settings);
    }
    if needs == Needs::Mail {
        problems.mail(settings);
    }
    if needs == Needs::Viber {
        problems.viber(settings);
    }
    problems.0
}

fn is_empty(secret: &SecretString) -> bool {
    secret.expose_secret().is_empty()
}

fn is_long(secret: &SecretString) -> bool {
    secret.expose_secret().len() >= 32
}

/// The problems found so far.
struct Problems(Vec<String>);

impl Problems {
    fn require(&mut self, wanted: bool, problem: &str) {
        if !wanted {
            self.0.push(problem.to_owned());
        }
    }

    /// What every process needs.
    fn general(&mut self, settings: &Settings) {
        self.require(
            !settings.environment.is_empty()
                && settings
                    .environment
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'-'),
            "ENVIRONMENT must be lower-case letters and dashes",
        );
        self.require(
            settings.database_url.expose_secret().starts_with("postgres"),
            "DATABASE_URL must be a postgres:// URL",
        );
        self.require(
            settings.database_connections > 0,
            "DATABASE_CONNECTIONS must be at least 1",
        );
        for (seconds, problem) in [
            (
                settings.database_statement_timeout_seconds,
                "DATABASE_STATEMENT_TIMEOUT_SECONDS must be between 1 and 3600",
            ),
            (
                settings.database_idle_in_transaction_timeout_seconds,
                "DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_SECONDS must be between 1 and 3600",
            ),
        ] {
            self.require((1..=3600).contains(&seconds), problem);
        }
        self.require(
            settings.shutdown_delay_seconds <= 300,
            "SHUTDOWN_DELAY_SECONDS must be 0 to 300",
        );
        self.require(settings.worker_concurrency > 0, "WORKER_CONCURRENCY must be at least 1");
        self.require(
            (1..=3650).contains(&settings.job_retention_days),
            "JOB_RETENTION_DAYS must be between 1 and 3650",
        );
        self.require(settings.cache_max_age_ms <= 200, "CACHE_MAX_AGE_MS must be 0 to 200");
        self.require(
            !settings.public_url.ends_with('/'),
            "PUBLIC_URL must not end in a slash",
        );
        self.require(
            (0.0..=1.0).contains(&settings.otel_traces_sampler_arg),
            "OTEL_TRACES_SAMPLER_ARG must be 0 to 1",
        );
        self.require(
            settings.otel_exporter_otlp_endpoint.is_empty() || is_http(&settings.otel_exporter_otlp_endpoint),
            "OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// URL",
        );
    }

    /// The base URL of links.
    fn public_url(&mut self, settings: &Settings) {
        self.require(
            settings.public_url.starts_with("http") && settings.origin() != "null",
            "PUBLIC_URL must be an http:// or https:// URL",
        );
    }

    /// Secrets and limits of the API.
    fn api(&mut self, settings: &Settings) {
        self.require(
            is_long(&settings.offer_secret),
            "OFFER_SECRET must be set to at least 32 bytes",
        );
        self.require(
            is_long(&settings.session_secret),
            "SESSION_SECRET must be set to at least 32 bytes",
        );
        self.require(
            settings.legacy_sunset_on - settings.legacy_deprecated_on >= NOTICE,
            "LEGACY_SUNSET_ON must be at least 90 days after LEGACY_DEPRECATED_ON",
        );
        self.require(
            !settings.is_production() || settings.cookie_secure,
            "COOKIE_SECURE must not be off in production",
        );
        self.require(
            settings.tls_cert.is_empty() == settings.tls_key.is_empty(),
            "TLS_CERT and TLS_KEY must be set together",
        );
        for problem in settings.rate_limits().err().into_iter().flatten() {
            self.require(false, &problem);
        }
        if let Err(problem) = Origins::parse(&settings.cors_origins) {
            self.require(false, &problem);
        }
        if let Err(problem) = settings.trusted_proxies.parse::<TrustedProxies>() {
            self.require(false, &format!("TRUSTED_PROXIES: {problem}"));
        }
    }

    /// Sign-in with Google, and the map.
    fn google(&mut self, settings: &Settings) {
        if !settings.google_client_id.is_empty() {
            self.require(
                !settings.google_issuer.is_empty(),
                "GOOGLE_ISSUER must be set where GOOGLE_CLIENT_ID is",
            );
            // An attacker who can modify keys or tokens in transit can sign in as any user.
            for (url, problem) in [
                (
                    &settings.google_keys_url,
                    "GOOGLE_KEYS_URL must be an https:// URL (http:// is for development)",
                ),
                (
                    &settings.google_authorization_url,
                    "GOOGLE_AUTHORIZATION_URL must be an https:// URL (http:// is for development)",
                ),
                (
                    &settings.google_token_url,
                    "GOOGLE_TOKEN_URL must be an https:// URL (http:// is for development)",
                ),
            ] {
                self.require(is_safe(url, settings), problem);
            }
        }
        self.require(
            settings.google_client_id.is_empty() <= is_empty(&settings.google_client_secret),
            "GOOGLE_CLIENT_ID must be set where GOOGLE_CLIENT_SECRET is",
        );
        self.require(
            settings.map_pmtiles_url.is_empty() || is_safe(&settings.map_pmtiles_url, settings),
            "MAP_PMTILES_URL must be an https:// URL (http:// is for development)",
        );
    }

    /// The store of files.
    fn storage(&mut self, settings: &Settings) {
        self.require(
            ["file:///", "s3://", "gs://"]
                .iter()
                .any(|scheme| settings.storage_url.starts_with(scheme)),
            "STORAGE_URL must be set to a file:///, s3:// or gs:// URL",
        );
        self.require(
            !settings.storage_url.starts_with("file:") || is_long(&settings.link_secret),
            "LINK_SECRET must be set to at least 32 bytes when STORAGE_URL is a folder",
        );
        self.require(settings.reports_at_a_time > 0, "REPORTS_AT_A_TIME must be at least 1");
    }

    /// The key that encrypts stored secrets.
    fn vault(&mut self, settings: &Settings) {
        let key = settings.vault_key.expose_secret();
        self.require(
            key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()),
            "VAULT_KEY must be set to 64 hex digits",
        );
    }

    /// The mail worker.
    fn mail(&mut self, settings: &Settings) {
        self.require(
            !is_empty(&settings.smtp_url),
            "SMTP_URL must be set for the mail worker",
        );
        self.require(
            !settings.mail_from.is_empty(),
            "MAIL_FROM must be set for the mail worker",
        );
    }

    /// The Viber worker.
    fn viber(&mut self, settings: &Settings) {
        self.require(
            settings.viber_url.starts_with("http"),
            "VIBER_URL must be set to an http(s) URL for the Viber worker",
        );
        self.require(
            !is_empty(&settings.viber_token),
            "VIBER_TOKEN must be set for the Viber worker",
        );
    }
}

/// Whether responses from there cannot be changed in transit. Development has no certificates.
fn is_safe(url: &str, settings: &Settings) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| match url.scheme() {
        "https" => url.has_host(),
        "http" => !settings.is_production(),
        _ => false,
    })
}

fn is_http(url: &str) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
