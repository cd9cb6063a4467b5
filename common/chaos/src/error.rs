//! Why the harness itself cannot go on. That the platform broke a promise is not an error but a finding.

/// A failure of the harness.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A variable that `./dev chaos` sets is missing or malformed.
    #[error("settings")]
    Settings(#[from] config::ConfigError),
    /// A file, process or socket.
    #[error("the system")]
    Io(#[from] std::io::Error),
    /// PostgreSQL, when nothing is wrong with it.
    #[error("PostgreSQL")]
    Database(#[from] sqlx::Error),
    /// Redis, when nothing is wrong with it.
    #[error("Redis")]
    Redis(#[from] redis::RedisError),
    /// The HTTP client.
    #[error("the HTTP client")]
    Http(#[from] reqwest::Error),
    /// The platform did not get ready.
    #[error("not ready within {seconds} s: {what}")]
    NotReady {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
    /// Nobody can sign in, so nothing can be tried.
    #[error("cannot sign in: {0}")]
    SignIn(String),
}

/// With an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;
