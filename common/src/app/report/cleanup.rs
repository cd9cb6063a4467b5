//! Files whose retention is over, and what failed reports left.

use chrono::TimeDelta;
use futures::StreamExt;
use sqlx::PgPool;

use crate::clients::breaker::TurnedAway;
use crate::clients::storage::{Storage, StorageError};
use crate::clock::Clock;
use crate::db;
use crate::domain::provider::Fault;
use crate::domain::report::{LEFTOVERS_AFTER, folder};
use crate::error::AppError;
use crate::id::ReportId;

/// Reports that are cleaned up together.
const BATCH: i64 = 50;

/// Concurrent removals.
const AT_A_TIME: usize = 4;

/// Why not everything was removed; what was removed is noted.
#[derive(Debug, thiserror::Error)]
pub enum CleanupError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// The store fails, and nothing was tried.
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

/// Removes the files of reports that were completed more than `retention_days` ago, and what attempts at failed ones
/// left; batch by batch, until there is nothing left to remove. Answers of how many reports.
///
/// # Errors
/// See [`CleanupError`].
pub async fn cleanup(
    pool: &PgPool,
    storage: &Storage,
    clock: &Clock,
    retention_days: u32,
) -> Result<usize, CleanupError> {
    let place = storage.enter().await?;
    let removed = remove_all(pool, storage, clock, retention_days).await;
    place.ended(removed.as_ref().err().and_then(CleanupError::fault), None);
    removed
}

async fn remove_all(
    pool: &PgPool,
    storage: &Storage,
    clock: &Clock,
    retention_days: u32,
) -> Result<usize, CleanupError> {
    let mut cleaned = 0;
    loop {
        let now = clock.now();
        let completed_before = now - TimeDelta::days(retention_days.into());
        let mut conn = pool.acquire().await.map_err(AppError::from)?;
        let due = db::report::upkeep::removable(&mut conn, completed_before, now - LEFTOVERS_AFTER, BATCH).await?;
        // Not held while the store is busy.
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
