//! Syncs of accounts, when they are over. Which are due is in [`super::due`].

use chrono::{DateTime, Utc};
use domain::id::TrackingAccountId;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Records a sync that went well.
///
/// # Errors
/// Database errors only.
pub async fn note(conn: &mut PgConnection, id: TrackingAccountId, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "update tracking_accounts set synced_at = $2, sync_job_key = null,
             error_message = case when failures = 0 then null else error_message end
         where id = $1",
        id as TrackingAccountId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records a sync that failed, and the earliest time of the next.
///
/// # Errors
/// Database errors only.
pub async fn note_failed(
    conn: &mut PgConnection,
    id: TrackingAccountId,
    reason: &str,
    next_sync_at: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "update tracking_accounts set error_message = $2, next_sync_at = $3, sync_job_key = null where id = $1",
        id as TrackingAccountId,
        reason,
        next_sync_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
