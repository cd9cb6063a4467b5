//! Tests of the settings that each process requires.

use figment::Figment;
use figment::providers::Serialized;

use crate::default::DEFAULTS;
use crate::{Needs, Settings};

fn figment() -> Figment {
    Figment::from(Serialized::defaults(DEFAULTS)).merge(("database_url", "postgres://localhost/x"))
}

#[test]
fn insecure_settings_are_named() {
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
fn only_production_is_production() {
    for (environment, expected) in [("production", true), ("staging", false), ("pre-production", false)] {
        let figment = figment().merge(("environment", environment));
        let settings = Settings::from_figment(&figment, Needs::Database).unwrap();
        assert_eq!(settings.is_production(), expected, "{environment}");
    }
    assert!(
        !Settings::from_figment(&figment(), Needs::Database)
            .unwrap()
            .is_production()
    );
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
fn the_settings_of_tracing_are_checked() {
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
