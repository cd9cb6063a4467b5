//! Schedules of the scheduler.

use ledger::inspect::ScheduleRow;
use sqlx::PgPool;

use crate::error::AppResult;

/// Schedules, by name, the first thousand.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool) -> AppResult<Vec<ScheduleRow>> {
    Ok(ledger::inspect::schedules(&mut *pool.acquire().await?).await?)
}
