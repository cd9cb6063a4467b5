//! Dependencies of the generation of reports, and its errors.

use std::sync::Arc;

use clients::breaker::TurnedAway;
use clients::storage::{FileStore, StorageError};
use db::report::line::MalformedRow;
use domain::provider::Fault;
use domain::zone::UnknownZone;
use kernel::clock::Clock;
use sqlx::PgPool;

use super::admission::NewReportJob;
use crate::error::AppError;

/// Dependencies of the generation of reports.
#[derive(Clone)]
pub struct ReportGenerator {
    /// Connections to the database.
    pub pool: PgPool,
    /// Where files go.
    pub storage: Arc<dyn FileStore>,
    /// The time.
    pub clock: Clock,
    /// Number of reports of one company that are generated at a time.
    pub at_a_time: u32,
    /// Makes the job of the next report, which is admitted when one ends: `report_generate::new_job`.
    pub new_job: NewReportJob,
}

/// Why an attempt failed; another one may succeed.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// The store is failing, and nothing was tried.
    #[error(transparent)]
    TurnedAway(#[from] TurnedAway),
    /// The database.
    #[error(transparent)]
    Database(#[from] AppError),
    /// A place in a zone that the tz database does not know.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// A row that cannot be decoded.
    #[error(transparent)]
    Row(#[from] MalformedRow),
    /// The number of rows read differs from the number counted.
    #[error("{written} tickets were read where {counted} were counted")]
    Count {
        /// Tickets in the file.
        written: u64,
        /// Tickets in the snapshot.
        counted: u64,
    },
}

impl GenerateError {
    /// The message for the company.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Store(error) => error.words,
            Self::TurnedAway(_) => "The file store failed",
            Self::Database(_) => "The orders could not be read",
            Self::Zone(_) | Self::Row(_) | Self::Count { .. } => "The report could not be written",
        }
    }

    /// Whose fault it is, for errors of the store.
    pub(super) fn fault(&self) -> Option<Fault> {
        match self {
            Self::Store(error) => Some(error.fault),
            _ => None,
        }
    }

    /// Whether operators must repair something before an attempt can succeed.
    #[must_use]
    pub fn needs_people(&self) -> bool {
        self.fault() == Some(Fault::Setup)
    }
}
