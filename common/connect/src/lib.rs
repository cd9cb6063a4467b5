//! Connections to PostgreSQL and Redis, the meaning of their errors, and a thread for what must not be late.

pub mod aside;
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
