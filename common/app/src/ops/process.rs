//! Worker processes.

use ledger::inspect::ProcessRow;
use sqlx::PgPool;

use crate::error::AppResult;

/// Worker processes that were not given up, by name, the first thousand.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool) -> AppResult<Vec<ProcessRow>> {
    Ok(ledger::inspect::processes(&mut *pool.acquire().await?).await?)
}
