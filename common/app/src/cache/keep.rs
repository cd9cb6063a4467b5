//! Deletes changes that every process has read.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::Cache;
use crate::error::{AppResult, chain};

/// How often changes are deleted.
const PERIOD: Duration = Duration::from_mins(1);

/// Periods for which changes are kept; a process that has not looked for longer reads everything again.
const KEPT: usize = 5;

/// Maximum number of rows that one statement deletes.
const BATCH: i64 = 10_000;

/// Deletes changes that are older than five minutes, every minute until `shutdown`. Replicas share the work.
pub async fn keep(pool: &PgPool, cache: &Arc<Cache>, shutdown: CancellationToken) {
    let mut old = OldChanges::default();
    while shutdown.run_until_cancelled(tokio::time::sleep(PERIOD)).await.is_some() {
        if let Err(error) = old.delete(pool, cache).await {
            tracing::warn!(error = chain(&error), "could not delete old changes, will retry");
        }
    }
}

/// Which changes are old: for each of the last rounds, the transaction that was the oldest running one.
#[derive(Debug, Default)]
pub struct OldChanges(VecDeque<String>);

impl OldChanges {
    /// Deletes changes older than the transaction that was the oldest running one five rounds ago, and remembers the
    /// oldest of this round. Refreshes the cache first: a process without requests would otherwise delete what it
    /// has not read itself, and its next request would wait until everything is read.
    ///
    /// # Errors
    /// Database errors only; then nothing is deleted that the cache has not read.
    pub async fn delete(&mut self, pool: &PgPool, cache: &Arc<Cache>) -> AppResult<()> {
        cache.fresh(pool).await?;
        let oldest = db::cache::oldest(&mut *pool.acquire().await?).await?;
        self.0.push_back(oldest);
        if self.0.len() <= KEPT {
            return Ok(());
        }
        if let Some(before) = self.0.pop_front() {
            while db::cache::forget(&mut *pool.acquire().await?, &before, BATCH).await? >= BATCH {}
        }
        Ok(())
    }
}
