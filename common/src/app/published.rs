//! What is published, in memory: read whole in one transaction, swapped whole, checked at every use.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use sqlx::PgPool;
use tokio::sync::Mutex;

use crate::db;
use crate::domain::catalogue::Catalogue;
use crate::domain::timetable::{Parts, Timetable};
use crate::error::{AppError, AppResult};

/// One published state.
#[derive(Debug)]
pub struct Published {
    /// Departures, fares, rates.
    pub timetable: Timetable,
    /// Cities and stops.
    pub catalogue: Catalogue,
}

impl Published {
    fn new(parts: Parts) -> Self {
        let catalogue = Catalogue::new(parts.stops.iter().filter_map(|stop| stop.stop.clone()).collect());
        Self {
            timetable: Timetable::new(parts),
            catalogue,
        }
    }
}

/// The current published state. A reader has the old or the new one, never a mix.
#[derive(Debug, Default)]
pub struct Publication {
    current: ArcSwapOption<Published>,
    loading: Mutex<()>,
}

impl Publication {
    /// The state that is current in the database; loads it first if it has changed.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn current(&self, pool: &PgPool) -> AppResult<Arc<Published>> {
        let version = db::publication::version(&mut *pool.acquire().await?).await?;
        if let Some(current) = self.of(version) {
            return Ok(current);
        }
        let _one_at_a_time = self.loading.lock().await;
        if let Some(current) = self.of(version) {
            return Ok(current);
        }
        let mut snapshot = db::snapshot(pool).await?;
        let parts = db::published::load(&mut snapshot).await?;
        snapshot.commit().await?;
        let published = tokio::task::spawn_blocking(|| Published::new(parts))
            .await
            .map_err(|e| AppError::Internal(format!("indexing the published state: {e}")))?;
        tracing::info!(version = published.timetable.version(), "published state loaded");
        let published = Arc::new(published);
        self.current.store(Some(Arc::clone(&published)));
        Ok(published)
    }

    fn of(&self, version: i64) -> Option<Arc<Published>> {
        self.current
            .load_full()
            .filter(|current| current.timetable.version() >= version)
    }
}
