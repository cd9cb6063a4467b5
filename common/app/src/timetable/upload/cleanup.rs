//! Removes archives past their retention, and what incomplete uploads left.

use std::sync::Arc;

use clients::breaker::TurnedAway;
use clients::storage::StorageError;
use domain::provider::Fault;
use domain::timetable::upload::{ABANDONED_AFTER, KEPT, folder};

use super::TimetableImporter;
use crate::error::AppError;

/// Number of uploads that are cleaned up together.
const BATCH: i64 = 50;

/// Why not everything was removed; what was removed is recorded.
#[derive(Debug, thiserror::Error)]
pub enum TimetableCleanupError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// The store is failing, and nothing was tried.
    #[error(transparent)]
    TurnedAway(#[from] TurnedAway),
    /// The database.
    #[error(transparent)]
    Database(#[from] AppError),
}

impl TimetableCleanupError {
    fn fault(&self) -> Option<Fault> {
        match self {
            Self::Store(error) => Some(error.fault),
            Self::TurnedAway(_) | Self::Database(_) => None,
        }
    }

    /// Whether operators must repair something before a run can succeed.
    #[must_use]
    pub fn needs_people(&self) -> bool {
        self.fault() == Some(Fault::Setup)
    }
}

/// Removes archives batch by batch, until there is nothing left to remove. Returns the number of uploads.
///
/// # Errors
/// See [`TimetableCleanupError`].
pub async fn cleanup(importer: &TimetableImporter) -> Result<usize, TimetableCleanupError> {
    let storage = Arc::clone(&importer.storage);
    let place = storage.enter().await?;
    let removed = remove_all(importer).await;
    place.ended(removed.as_ref().err().and_then(TimetableCleanupError::fault), None);
    removed
}

async fn remove_all(importer: &TimetableImporter) -> Result<usize, TimetableCleanupError> {
    let mut cleaned = 0;
    loop {
        let now = importer.clock.now();
        let mut conn = importer.pool.acquire().await.map_err(AppError::from)?;
        let due = db::timetable::upload::upkeep::removable(&mut conn, now - KEPT, now - ABANDONED_AFTER, BATCH).await?;
        // The connection is not held during requests to the store.
        drop(conn);
        if due.is_empty() {
            return Ok(cleaned);
        }
        let mut ids = Vec::with_capacity(due.len());
        let mut failed = None;
        for (company_id, id) in due {
            match importer.storage.remove(&folder(company_id, id)).await {
                Ok(()) => ids.push(id),
                Err(error) => failed = Some(error),
            }
        }
        let mut conn = importer.pool.acquire().await.map_err(AppError::from)?;
        db::timetable::upload::upkeep::note_removed(&mut conn, &ids, now).await?;
        cleaned += ids.len();
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
}
