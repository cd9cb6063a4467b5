//! Connections to PostgreSQL and Redis, and the meaning of their errors.

pub mod metrics;
pub mod postgres;
pub mod redis;

/// A client that cannot be built from its settings.
#[derive(Debug, thiserror::Error)]
#[error("{setting} {problem}")]
pub struct SettingError {
    /// Name of the environment variable.
    pub setting: &'static str,
    /// The problem; never the value.
    pub problem: String,
}
