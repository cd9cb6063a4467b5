//! Errors of the ledger.

use connect::postgres::{Trouble, trouble};

/// Result of an operation of the ledger.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the ledger failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error("a database operation failed")]
    Database(#[from] sqlx::Error),
    /// A job that cannot be written as JSON.
    #[error("a job of kind {kind} cannot be encoded")]
    Encode {
        /// Its kind.
        kind: &'static str,
        /// The error of serde.
        #[source]
        source: serde_json::Error,
    },
    /// There is no such job, or not in the state that was asked for.
    #[error("the job was not found")]
    NotFound,
}

/// Whether work failed through no fault of its own: the database was unavailable, or other transactions were in the
/// way.
#[must_use]
pub fn is_blameless(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| (*error).source())
        .filter_map(|error| error.downcast_ref::<sqlx::Error>())
        .any(|error| trouble(error).is_some_and(Trouble::is_blameless))
}
