//! The environment as a source of settings. Which settings exist is not defined here.

use figment::providers::Serialized;
use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Profile, Provider};
use serde::Serialize;

/// The variables of this process. What is not Unicode is not a setting; such characters in a value are replaced.
pub fn variables() -> Vec<(String, String)> {
    #[expect(clippy::disallowed_methods, reason = "settings are read in this crate")]
    let variables = std::env::vars_os();
    variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .collect()
}

/// The defaults, overridden by the variables. A setting whose default is a number or a boolean is read as one. Every
/// other is text and taken literally, except for surrounding blanks: a key or a password may be all digits.
pub fn over(defaults: impl Serialize, variables: impl IntoIterator<Item = (String, String)>) -> Figment {
    let defaults = Figment::from(Serialized::defaults(defaults));
    let mut settings = Dict::new();
    for (name, text) in variables {
        let name = name.to_ascii_lowercase();
        // Other names are not settings, and figment reads a dot as a nesting level.
        if name.is_empty() || name.bytes().any(|byte| !byte.is_ascii_alphanumeric() && byte != b'_') {
            continue;
        }
        let text = text.trim();
        let value = match defaults.find_value(&name) {
            Ok(Value::Num(..) | Value::Bool(..)) => {
                let Ok(value) = text.parse();
                value
            }
            _ => Value::from(text),
        };
        settings.insert(name, value);
    }
    defaults.merge(Environment(settings))
}

struct Environment(Dict);

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("the environment")
            .interpolater(|_: &Profile, keys: &[&str]| keys.join(".").to_ascii_uppercase())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Profile::Default.collect(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use crate::{ConfigError, Needs, Settings};

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let database = ("DATABASE_URL", "postgres://localhost/x");
        let pairs = pairs.iter().chain([&database]);
        Settings::from_variables(
            pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
            Needs::Database,
        )
    }

    #[test]
    fn text_that_looks_like_something_else_stays_text() {
        let digits = "0123456789".repeat(7);
        let settings = read(&[
            ("VAULT_KEY", &digits[..64]),
            ("SESSION_SECRET", &digits),
            ("OFFER_SECRET", "true"),
            ("VIBER_TOKEN", "007"),
            ("STORAGE_SECRET_KEY", r#"{"type": "service_account"}"#),
            ("STORAGE_ACCESS_KEY", " [1, 2] \n"),
            ("GOOGLE_CLIENT_ID", "1.50"),
        ])
        .unwrap();
        assert_eq!(settings.vault_key.expose_secret(), &digits[..64]);
        assert_eq!(settings.session_secret.expose_secret(), digits);
        assert_eq!(settings.offer_secret.expose_secret(), "true");
        assert_eq!(settings.viber_token.expose_secret(), "007");
        assert_eq!(
            settings.storage_secret_key.expose_secret(),
            r#"{"type": "service_account"}"#
        );
        assert_eq!(settings.storage_access_key.expose_secret(), "[1, 2]");
        assert_eq!(settings.google_client_id, "1.50");
    }

    #[test]
    fn numbers_truth_values_days_and_words_are_read() {
        let settings = read(&[
            ("DATABASE_CONNECTIONS", "25"),
            ("COOKIE_SECURE", "false"),
            ("LEGACY_SUNSET_ON", "2028-01-01"),
            ("LISTEN", "0.0.0.0:80"),
            ("LOG_FORMAT", "text"),
            ("no.setting", "x"),
            ("", "x"),
        ])
        .unwrap();
        assert_eq!((settings.database_connections, settings.cookie_secure), (25, false));
        assert_eq!(settings.legacy_sunset_on.to_string(), "2028-01-01");
        assert_eq!(settings.listen.port(), 80);
        assert_eq!(settings.log_format, crate::LogFormat::Text);
    }

    #[test]
    fn a_malformed_value_is_named_as_it_was_given() {
        for (name, value) in [
            ("DATABASE_CONNECTIONS", "many"),
            ("COOKIE_SECURE", "perhaps"),
            ("LISTEN", "8080"),
        ] {
            let problem = read(&[(name, value)]).unwrap_err().to_string();
            assert!(problem.contains(name), "{problem}");
        }
    }
}
