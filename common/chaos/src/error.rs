//! Errors that stop the harness itself. A guarantee that the platform broke is not an error but a finding.

/// A failure of the harness.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A variable that `./dev chaos` sets is missing or malformed.
    #[error(transparent)]
    Settings(#[from] config::ConfigError),
    /// A file, process or socket.
    #[error("an I/O operation failed")]
    Io(#[from] std::io::Error),
    /// PostgreSQL failed outside of a fault.
    #[error("a database operation failed")]
    Database(#[from] sqlx::Error),
    /// Redis failed outside of a fault.
    #[error("a Redis operation failed")]
    Redis(#[from] redis::RedisError),
    /// The HTTP client.
    #[error("an HTTP operation failed")]
    Http(#[from] reqwest::Error),
    /// The platform did not become ready.
    #[error("not ready within {seconds} s: {what}")]
    NotReady {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
    /// A fault names a program that the platform does not have.
    #[error("there is no program {0}")]
    UnknownProgram(String),
    /// A fault could not be injected: nothing would be tested.
    #[error("{0}")]
    NotInjected(String),
    /// The sign-in failed, so no load can be made.
    #[error("cannot sign in: {0}")]
    SignIn(String),
}

/// The result of the harness's functions.
pub type Result<T> = std::result::Result<T, Error>;
