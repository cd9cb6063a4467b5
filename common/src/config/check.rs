//! What a process needs of its settings.

use secrecy::{ExposeSecret, SecretString};

use super::{Needs, Settings};
use crate::domain::legacy::NOTICE;

/// What is wrong, a sentence each.
pub(super) fn problems(settings: &Settings, needs: Needs) -> Vec<String> {
    let mut problems = Vec::new();
    let mut require = |wanted: bool, problem: &str| {
        if !wanted {
            problems.push(problem.to_owned());
        }
    };
    let empty = |secret: &SecretString| secret.expose_secret().is_empty();
    let long = |secret: &SecretString| secret.expose_secret().len() >= 32;
    require(
        !settings.environment.is_empty()
            && settings
                .environment
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'-'),
        "ENVIRONMENT must be lower-case letters and dashes",
    );
    require(
        settings.database_url.expose_secret().starts_with("postgres"),
        "DATABASE_URL must be a postgres:// URL",
    );
    require(
        settings.database_connections > 0,
        "DATABASE_CONNECTIONS must be at least 1",
    );
    require(settings.worker_concurrency > 0, "WORKER_CONCURRENCY must be at least 1");
    require(
        !settings.public_url.ends_with('/'),
        "PUBLIC_URL must not end in a slash",
    );
    if needs == Needs::Api {
        require(
            long(&settings.offer_secret),
            "OFFER_SECRET must be set to at least 32 bytes",
        );
        require(
            long(&settings.session_secret),
            "SESSION_SECRET must be set to at least 32 bytes",
        );
        require(
            settings.legacy_sunset_on - settings.legacy_deprecated_on >= NOTICE,
            "LEGACY_SUNSET_ON must be at least 90 days after LEGACY_DEPRECATED_ON",
        );
        require(
            settings.environment != "production" || settings.cookie_secure,
            "COOKIE_SECURE must not be off in production",
        );
    }
    if needs != Needs::Database {
        require(
            settings.redis_url.expose_secret().starts_with("redis://"),
            "REDIS_URL must be set to a redis:// URL (TLS to Redis is not built in)",
        );
    }
    if matches!(needs, Needs::Api | Needs::Report) {
        require(
            ["file:///", "s3://", "gs://"]
                .iter()
                .any(|scheme| settings.storage_url.starts_with(scheme)),
            "STORAGE_URL must be set to a file:///, s3:// or gs:// URL",
        );
        require(
            !settings.storage_url.starts_with("file:") || long(&settings.link_secret),
            "LINK_SECRET must be set to at least 32 bytes when STORAGE_URL is a folder",
        );
        require(settings.reports_at_a_time > 0, "REPORTS_AT_A_TIME must be at least 1");
    }
    if needs == Needs::Geo {
        let key = settings.vault_key.expose_secret();
        require(
            key.len() == 64 && key.bytes().all(|b| b.is_ascii_hexdigit()),
            "VAULT_KEY must be set to 64 hex digits",
        );
    }
    if needs == Needs::Mail {
        require(!empty(&settings.smtp_url), "SMTP_URL must be set for the mail worker");
        require(
            !settings.mail_from.is_empty(),
            "MAIL_FROM must be set for the mail worker",
        );
    }
    if needs == Needs::Viber {
        require(
            settings.viber_url.starts_with("http"),
            "VIBER_URL must be set to an http(s) URL for the Viber worker",
        );
        require(
            !empty(&settings.viber_token),
            "VIBER_TOKEN must be set for the Viber worker",
        );
    }
    problems
}
