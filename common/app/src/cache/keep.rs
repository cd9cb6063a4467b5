//! Deletes changes that every process has read.

use std::collections::VecDeque;
use std::time::Duration;

use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::error::{AppResult, chain};

/// How often changes are deleted.
const PERIOD: Duration = Duration::from_mins(1);

/// Periods for which changes are kept; a process that has not looked for longer reads everything again.
const KEPT: usize = 5;

/// Maximum number of rows that one statement deletes.
const BATCH: i64 = 10_000;

/// Deletes changes that are older than five minutes, every minute until `shutdown`. Replicas share the work.
pub async fn keep(pool: &PgPool, shutdown: CancellationToken) {
    let mut seen = VecDeque::new();
    while shutdown.run_until_cancelled(tokio::time::sleep(PERIOD)).await.is_some() {
        if let Err(error) = round(pool, &mut seen).await {
            tracing::warn!(error = chain(&error), "could not delete old changes, will retry");
        }
    }
}

/// Deletes changes older than the transaction that was the oldest running one [`KEPT`] rounds ago, and remembers the
/// oldest of this round.
async fn round(pool: &PgPool, seen: &mut VecDeque<String>) -> AppResult<()> {
    let oldest = db::cache::oldest(&mut *pool.acquire().await?).await?;
    seen.push_back(oldest);
    if seen.len() <= KEPT {
        return Ok(());
    }
    if let Some(before) = seen.pop_front() {
        while db::cache::forget(&mut *pool.acquire().await?, &before, BATCH).await? >= BATCH {}
    }
    Ok(())
}
