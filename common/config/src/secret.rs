//! Secrets that are passed to a command for one run.

use secrecy::SecretString;

/// `TRACKING_TOKEN`, the token of an account at a tracking provider; until the next release also under its old name,
/// `FMS_TOKEN`.
#[must_use]
pub fn tracking_token() -> Option<SecretString> {
    from_env("TRACKING_TOKEN").or_else(|| from_env("FMS_TOKEN"))
}

/// The value of an environment variable, taken literally (figment would read a token of digits as a number); `None`
/// when it is missing or blank.
#[must_use]
pub fn from_env(name: &str) -> Option<SecretString> {
    #[expect(clippy::disallowed_methods, reason = "settings are read in this crate")]
    let value = std::env::var(name).unwrap_or_default();
    Some(value.trim())
        .filter(|value| !value.is_empty())
        .map(|value| value.to_owned().into())
}
