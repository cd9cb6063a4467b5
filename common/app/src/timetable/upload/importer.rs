//! Dependencies of the jobs of an upload, and why an attempt fails or ends early.

use std::sync::Arc;

use clients::breaker::TurnedAway;
use clients::storage::{FileStore, StorageError};
use domain::gtfs::{Clause, Findings, Remark};
use domain::provider::Fault;
use kernel::clock::Clock;
use serde::Serialize;
use serde_json::Value;
use sqlx::PgPool;

use crate::error::{AppError, AppResult};

/// Dependencies for checking and publishing timetables.
#[derive(Clone)]
pub struct TimetableImporter {
    /// Connections to the database.
    pub pool: PgPool,
    /// Where archives are.
    pub storage: Arc<dyn FileStore>,
    /// The time.
    pub clock: Clock,
}

/// Why an attempt failed; another one may succeed.
#[derive(Debug, thiserror::Error)]
pub enum TimetableError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// The store is failing, and nothing was tried.
    #[error(transparent)]
    TurnedAway(#[from] TurnedAway),
    /// The archive is not in the store.
    #[error("the archive of an upload no longer exists")]
    NoArchive,
    /// The archive cannot be written to the disk of this machine.
    #[error("the archive cannot be stored on this machine")]
    Disk(#[from] std::io::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] AppError),
}

impl From<sqlx::Error> for TimetableError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl TimetableError {
    /// The message for the company.
    pub(super) const fn words(&self) -> &'static str {
        match self {
            Self::Store(error) => error.words,
            Self::TurnedAway(_) => "The file store failed",
            Self::NoArchive => "The archive is not there any more",
            Self::Disk(_) | Self::Database(_) => "The timetable could not be processed",
        }
    }

    /// The message for the company, as a clause.
    pub(super) const fn clause(&self) -> Clause {
        match self {
            Self::Store(_) | Self::TurnedAway(_) => Clause::StoreFailed {},
            Self::NoArchive => Clause::ArchiveGone {},
            Self::Disk(_) | Self::Database(_) => Clause::NotProcessed {},
        }
    }

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

/// Why an attempt did not succeed.
pub(super) enum Ended {
    /// The feed cannot be used; the reason is shown to the company.
    Refused(Remark, Option<Findings>),
    /// Another attempt has begun.
    Overtaken,
    /// Another attempt may succeed.
    Failed(TimetableError),
}

impl<E: Into<TimetableError>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Encodes a report for storage.
pub(super) fn stored(report: &impl Serialize) -> AppResult<Value> {
    serde_json::to_value(report).map_err(|error| AppError::Internal(format!("a report cannot be encoded: {error}")))
}
