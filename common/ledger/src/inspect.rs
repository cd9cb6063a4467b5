//! Jobs as an operator sees them: how many stand where, which are dead and why, and another chance for them.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::db;
use crate::db::job::{Counts, DeadJob, JobDetails};
use crate::error::{Error, Result};
use crate::id::JobId;
use crate::job::Queue;

/// How many jobs of each queue stand where, queues in alphabetical order.
///
/// # Errors
/// Database errors only.
pub async fn stats(pool: &PgPool) -> Result<Vec<Counts>> {
    db::job::counts(&mut *pool.acquire().await?).await
}

/// Dead jobs, the latest first, at most `limit`.
///
/// # Errors
/// Database errors only.
pub async fn list_dead(pool: &PgPool, queue: Option<Queue>, limit: u32) -> Result<Vec<DeadJob>> {
    db::job::list_dead(&mut *pool.acquire().await?, queue, i64::from(limit)).await
}

/// Everything the ledger knows of one job.
///
/// # Errors
/// [`Error::NotFound`], or database errors.
pub async fn inspect(pool: &PgPool, id: JobId) -> Result<JobDetails> {
    db::job::find(&mut *pool.acquire().await?, id)
        .await?
        .ok_or(Error::NotFound)
}

/// Gives a dead job all its attempts again, from now on.
///
/// # Errors
/// [`Error::NotFound`] when there is no dead job with this id, or database errors.
pub async fn replay(pool: &PgPool, now: DateTime<Utc>, id: JobId) -> Result<()> {
    if db::job::replay(&mut *pool.acquire().await?, now, id).await? {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Gives all dead jobs (of one queue) their attempts again and returns how many there were.
///
/// # Errors
/// Database errors only.
pub async fn replay_all(pool: &PgPool, now: DateTime<Utc>, queue: Option<Queue>) -> Result<u64> {
    db::job::replay_all(&mut *pool.acquire().await?, now, queue).await
}
