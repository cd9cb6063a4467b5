//! Polls of accounts: pending, running, ended. Which are due is in [`super::due`].

use chrono::{DateTime, Utc};
use domain::id::TrackingAccountId;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Records that the running poll is about to read which trackers are enabled: see [`super::Locked::poll_begun`]. The
/// account is locked until the transaction ends.
///
/// # Errors
/// Database errors only.
pub async fn begin(conn: &mut PgConnection, id: TrackingAccountId) -> AppResult<()> {
    sqlx::query!(
        "update tracking_accounts set poll_begun = true, poll_again = false where id = $1",
        id as TrackingAccountId
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records a poll that was just written: the job of this key.
///
/// # Errors
/// Database errors only.
pub async fn set(conn: &mut PgConnection, id: TrackingAccountId, job_key: &str) -> AppResult<()> {
    sqlx::query!(
        "update tracking_accounts set poll_job_key = $2, poll_begun = false, poll_again = false where id = $1",
        id as TrackingAccountId,
        job_key,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Makes the running poll write another one when it ends.
///
/// # Errors
/// Database errors only.
pub async fn ask_again(conn: &mut PgConnection, id: TrackingAccountId) -> AppResult<()> {
    sqlx::query!(
        "update tracking_accounts set poll_again = true where id = $1",
        id as TrackingAccountId
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records a successful poll. No poll is running afterwards.
///
/// # Errors
/// Database errors only.
pub async fn note(conn: &mut PgConnection, id: TrackingAccountId, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "update tracking_accounts set polled_at = $2, failures = 0, error_message = null,
             poll_job_key = null, poll_begun = false, poll_again = false
         where id = $1",
        id as TrackingAccountId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records a poll that had no tracker to ask for. No poll is running afterwards.
///
/// # Errors
/// Database errors only.
pub async fn end(conn: &mut PgConnection, id: TrackingAccountId) -> AppResult<()> {
    sqlx::query!(
        "update tracking_accounts set poll_job_key = null, poll_begun = false, poll_again = false where id = $1",
        id as TrackingAccountId
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records a failed poll, and the earliest time of the next. No poll is running afterwards.
///
/// # Errors
/// Database errors only.
pub async fn note_failed(
    conn: &mut PgConnection,
    id: TrackingAccountId,
    failures: i32,
    reason: &str,
    next_poll_at: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "update tracking_accounts set failures = $2, error_message = $3, next_poll_at = $4,
             poll_job_key = null, poll_begun = false, poll_again = false
         where id = $1",
        id as TrackingAccountId,
        failures,
        reason,
        next_poll_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
