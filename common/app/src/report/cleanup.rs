//! Removes files past their retention, and what failed reports left.

use std::sync::Arc;

use chrono::TimeDelta;
use clients::breaker::TurnedAway;
use clients::storage::{FileStore, StorageError};
use domain::id::ReportId;
use domain::provider::Fault;
use domain::report::{LEFTOVERS_AFTER, folder};
use futures::StreamExt;
use kernel::clock::Clock;
use sqlx::PgPool;

use crate::error::AppError;

/// Number of reports that are cleaned up together.
const BATCH: i64 = 50;

/// Maximum number of concurrent removals.
const AT_A_TIME: usize = 4;

/// Why not everything was removed; what was removed is recorded.
#[derive(Debug, thiserror::Error)]
pub enum CleanupError {
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

impl CleanupError {
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

/// Dependencies for removing files.
#[derive(Clone)]
pub struct ReportRemover {
    /// Connections to the database.
    pub pool: PgPool,
    /// Where the files are.
    pub storage: Arc<dyn FileStore>,
    /// The time.
    pub clock: Clock,
    /// Days after which the file of a report is removed.
    pub retention_days: u32,
}

/// Removes the files of reports that were completed longer ago than their retention, and what attempts at failed ones
/// left; batch by batch, until there is nothing left to remove. Returns the number of reports.
///
/// # Errors
/// See [`CleanupError`].
pub async fn cleanup(remover: &ReportRemover) -> Result<usize, CleanupError> {
    let place = remover.storage.enter().await?;
    let removed = remove_all(remover).await;
    place.ended(removed.as_ref().err().and_then(CleanupError::fault), None);
    removed
}

async fn remove_all(remover: &ReportRemover) -> Result<usize, CleanupError> {
    let ReportRemover {
        pool,
        storage,
        clock,
        retention_days,
    } = remover;
    let mut cleaned = 0;
    loop {
        let now = clock.now();
        let completed_before = now - TimeDelta::days((*retention_days).into());
        let mut conn = pool.acquire().await.map_err(AppError::from)?;
        let due = db::report::upkeep::removable(&mut conn, completed_before, now - LEFTOVERS_AFTER, BATCH).await?;
        // The connection is not held during requests to the store.
        drop(conn);
        if due.is_empty() {
            return Ok(cleaned);
        }
        let removals = due.into_iter().map(async |(company_id, id)| {
            let removed = storage.remove(&folder(company_id, id)).await;
            removed.map(|()| id)
        });
        let ended: Vec<Result<ReportId, StorageError>> = futures::stream::iter(removals)
            .buffer_unordered(AT_A_TIME)
            .collect()
            .await;
        let (mut removed, mut failed) = (Vec::new(), None);
        for end in ended {
            match end {
                Ok(id) => removed.push(id),
                Err(error) => failed = Some(error),
            }
        }
        let mut conn = pool.acquire().await.map_err(AppError::from)?;
        db::report::upkeep::note_removed(&mut conn, &removed, now).await?;
        cleaned += removed.len();
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
}
