//! What a process needs of its settings.

use connect::redis::Servers;
use domain::legacy::NOTICE;
use secrecy::{ExposeSecret, SecretString};

use super::{Needs, Origins, Settings, TrustedProxies};

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
    for (seconds, problem) in [
        (
            settings.database_statement_timeout_seconds,
            "DATABASE_STATEMENT_TIMEOUT_SECONDS must be 1 to 3600",
        ),
        (
            settings.database_idle_in_transaction_timeout_seconds,
            "DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_SECONDS must be 1 to 3600",
        ),
    ] {
        require((1..=3600).contains(&seconds), problem);
    }
    require(
        settings.shutdown_delay_seconds <= 300,
        "SHUTDOWN_DELAY_SECONDS must be 0 to 300",
    );
    require(settings.worker_concurrency > 0, "WORKER_CONCURRENCY must be at least 1");
    require(
        (1..=3650).contains(&settings.job_retention_days),
        "JOB_RETENTION_DAYS must be 1 to 3650",
    );
    require(settings.cache_max_age_ms <= 200, "CACHE_MAX_AGE_MS must be 0 to 200");
    require(
        !settings.public_url.ends_with('/'),
        "PUBLIC_URL must not end in a slash",
    );
    require(
        (0.0..=1.0).contains(&settings.otel_traces_sampler_arg),
        "OTEL_TRACES_SAMPLER_ARG must be 0 to 1",
    );
    require(
        settings.otel_exporter_otlp_endpoint.is_empty() || is_http(&settings.otel_exporter_otlp_endpoint),
        "OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// URL",
    );
    if matches!(needs, Needs::Api | Needs::Report) {
        require(
            settings.public_url.starts_with("http") && settings.origin() != "null",
            "PUBLIC_URL must be an http:// or https:// URL",
        );
    }
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
        require(
            settings.tls_cert.is_empty() == settings.tls_key.is_empty(),
            "TLS_CERT and TLS_KEY must be set together",
        );
        for problem in settings.rate_limits().err().into_iter().flatten() {
            require(false, &problem);
        }
        if let Err(problem) = Origins::parse(&settings.cors_origins) {
            require(false, &problem);
        }
        if let Err(problem) = settings.trusted_proxies.parse::<TrustedProxies>() {
            require(false, &format!("TRUSTED_PROXIES: {problem}"));
        }
        if !settings.google_client_id.is_empty() {
            require(
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
                require(is_safe(url, settings), problem);
            }
        }
        require(
            settings.google_client_id.is_empty() <= empty(&settings.google_client_secret),
            "GOOGLE_CLIENT_ID must be set where GOOGLE_CLIENT_SECRET is",
        );
        require(
            settings.map_pmtiles_url.is_empty() || is_safe(&settings.map_pmtiles_url, settings),
            "MAP_PMTILES_URL must be an https:// URL (http:// is for development)",
        );
    }
    if needs != Needs::Database
        && let Err(problem) = Servers::parse(settings.redis_url.expose_secret())
    {
        require(false, &format!("REDIS_URL {problem}"));
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
    if matches!(needs, Needs::Api | Needs::Tracking) {
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

/// Whether nobody can change what comes from there on its way. Development has no certificates.
fn is_safe(url: &str, settings: &Settings) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| match url.scheme() {
        "https" => url.has_host(),
        "http" => settings.environment != "production",
        _ => false,
    })
}

fn is_http(url: &str) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use figment::Figment;
    use figment::providers::Serialized;

    use crate::default::DEFAULTS;
    use crate::{Needs, Settings};

    fn figment() -> Figment {
        Figment::from(Serialized::defaults(DEFAULTS)).merge(("database_url", "postgres://localhost/x"))
    }

    #[test]
    fn what_would_let_strangers_in_is_named() {
        let api = |pairs: &[(&str, &str)]| {
            let base = figment().merge(("google_client_id", "us"));
            let figment = pairs.iter().fold(base, |figment, pair| figment.merge(*pair));
            Settings::from_figment(&figment, Needs::Api).unwrap_err().to_string()
        };
        assert!(!api(&[]).contains("GOOGLE") && !api(&[]).contains("TRUSTED_PROXIES"));
        assert!(api(&[("google_issuer", "")]).contains("GOOGLE_ISSUER"));
        for url in ["", "certs", "file:///etc/keys"] {
            assert!(api(&[("google_keys_url", url)]).contains("GOOGLE_KEYS_URL"), "{url}");
        }
        let plain = ("google_keys_url", "http://127.0.0.1:1/keys");
        assert!(!api(&[plain]).contains("GOOGLE_KEYS_URL"));
        assert!(api(&[plain, ("environment", "production")]).contains("GOOGLE_KEYS_URL"));
        for name in ["google_authorization_url", "google_token_url", "map_pmtiles_url"] {
            let upper = name.to_uppercase();
            for url in ["certs", "file:///etc/keys"] {
                assert!(api(&[(name, url)]).contains(&upper), "{url}");
            }
            assert!(!api(&[(name, "https://provider.example/x")]).contains(&upper));
            let plain = (name, "http://127.0.0.1:1/x");
            assert!(!api(&[plain]).contains(&upper));
            assert!(api(&[plain, ("environment", "production")]).contains(&upper));
        }
        assert!(api(&[("google_client_id", ""), ("google_client_secret", "s")]).contains("GOOGLE_CLIENT_ID"));
        let problems = api(&[("trusted_proxies", "10.0.0.0/8, proxy.example")]);
        assert!(problems.contains("TRUSTED_PROXIES: \"proxy.example\""), "{problems}");
    }

    #[test]
    fn a_limit_of_the_database_is_a_limit() {
        let with = |name: &str, seconds: u64| {
            let figment = figment().merge((name, seconds));
            Settings::from_figment(&figment, Needs::Database).map_err(|e| e.to_string())
        };
        for name in [
            "database_statement_timeout_seconds",
            "database_idle_in_transaction_timeout_seconds",
        ] {
            assert!(with(name, 1).is_ok() && with(name, 3600).is_ok());
            for wrong in [0, 3601] {
                assert!(with(name, wrong).unwrap_err().contains(&name.to_uppercase()));
            }
        }
        assert!(with("shutdown_delay_seconds", 0).is_ok());
        let problem = with("shutdown_delay_seconds", 301).unwrap_err();
        assert!(problem.contains("SHUTDOWN_DELAY_SECONDS"));
    }

    #[test]
    fn where_spans_go_and_how_many_is_checked() {
        let with = |name: &str, value: &str| {
            let variables = [("DATABASE_URL", "postgres://localhost/x"), (name, value)];
            let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
            Settings::from_variables(variables, Needs::Database).map_err(|e| e.to_string())
        };
        for (name, right, wrong) in [
            ("OTEL_TRACES_SAMPLER_ARG", ["0", "0.01", "1"], ["-0.1", "1.1", "NaN"]),
            (
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                ["", "http://127.0.0.1:4318", "https://collector.example/base/"],
                ["collector:4318", "grpc://collector", "/v1/traces"],
            ),
        ] {
            for value in right {
                assert!(with(name, value).is_ok(), "{name}={value}");
            }
            for value in wrong {
                assert!(with(name, value).unwrap_err().contains(name), "{name}={value}");
            }
        }
        let share = with("OTEL_TRACES_SAMPLER_ARG", "0.25").unwrap().otel_traces_sampler_arg;
        assert!((share - 0.25).abs() < f64::EPSILON);
    }

    #[test]
    fn jobs_are_kept_for_a_day_at_least() {
        let days = |days: u32| {
            let figment = figment().merge(("job_retention_days", days));
            Settings::from_figment(&figment, Needs::Database).map_err(|e| e.to_string())
        };
        assert!(days(1).is_ok() && days(3650).is_ok());
        for wrong in [0, 3651, u32::MAX] {
            assert!(days(wrong).unwrap_err().contains("JOB_RETENTION_DAYS"));
        }
    }
}
