//! Deletes changes that every process has read.

use std::collections::VecDeque;
use std::time::Duration;

use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::error::{AppResult, chain};

/// How often changes are deleted.
const PERIOD: Duration = Duration::from_mins(1);

/// After how many periods: a process that did not look for longer reads everything again.
const KEPT: usize = 5;

/// Rows of one statement.
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

/// Deletes what was older than the oldest running transaction of some rounds ago, and remembers this round's.
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
