//! Environment variables of `admin seed-demo`.

use secrecy::{ExposeSecret, SecretString};

use super::{ConfigError, secret};

/// Credentials that `admin seed-demo` gives the demo partners and the demo people.
#[derive(Debug, Clone)]
pub struct DemoCredentials {
    /// `API_KEY`: of partner `demo`.
    pub api_key: SecretString,
    /// `API_KEY_2`: of partner `demo-two`.
    pub api_key_2: SecretString,
    /// `BACKOFFICE_EMAIL`: of a user of a bus company.
    pub email: String,
    /// `BACKOFFICE_PASSWORD`.
    pub password: SecretString,
    /// `PARTNER_EMAIL`: of a user of partner `demo`.
    pub partner_email: String,
    /// `PARTNER_PASSWORD`.
    pub partner_password: SecretString,
    /// `OPS_EMAIL`: of a platform operator.
    pub ops_email: String,
    /// `OPS_PASSWORD`.
    pub ops_password: SecretString,
}

impl DemoCredentials {
    /// Reads the environment. Values are taken literally: figment would read a password of digits as a number.
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
            partner_email: read("PARTNER_EMAIL"),
            partner_password: read("PARTNER_PASSWORD").into(),
            ops_email: read("OPS_EMAIL"),
            ops_password: read("OPS_PASSWORD").into(),
        };
        if problems.is_empty() {
            Ok(credentials)
        } else {
            Err(ConfigError::Wrong(problems))
        }
    }
}

/// The tracking provider of the demo companies.
#[derive(Debug, Clone)]
pub struct DemoTracking {
    /// `TRACKING_URL`; until the next release also under its old name, `FMS_URL`.
    pub url: String,
    /// `TRACKING_TOKEN`: the part of each company's token that all have.
    pub token: SecretString,
}

impl DemoTracking {
    /// Reads the environment; `None` when `TRACKING_URL` is missing or blank.
    ///
    /// # Errors
    /// When there is a URL and no token.
    pub fn from_env() -> Result<Option<Self>, ConfigError> {
        let Some(url) = secret::from_env("TRACKING_URL").or_else(|| secret::from_env("FMS_URL")) else {
            return Ok(None);
        };
        let missing = || ConfigError::Wrong(vec!["TRACKING_TOKEN must be set beside TRACKING_URL".to_owned()]);
        let token = secret::tracking_token().ok_or_else(missing)?;
        Ok(Some(Self {
            url: url.expose_secret().to_owned(),
            token,
        }))
    }
}
