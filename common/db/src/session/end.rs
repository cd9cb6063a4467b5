//! How sessions end before their time.

use chrono::{DateTime, Utc};
use domain::id::{SessionId, UserId};
use sqlx::PgConnection;

use crate::error::AppResult;

/// Ends sessions that have not ended.
///
/// # Errors
/// Database errors only.
pub async fn revoke(conn: &mut PgConnection, ids: &[SessionId], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update sessions set revoked_at = $2 where id = any($1) and revoked_at is null",
        &ids,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends one of a person's sessions; false when the person has no such session. One that has ended stays as it is.
///
/// # Errors
/// Database errors only.
pub async fn revoke_own(
    conn: &mut PgConnection,
    user_id: UserId,
    id: SessionId,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let done = sqlx::query!(
        "update sessions set revoked_at = coalesce(revoked_at, $3) where user_id = $1 and id = $2",
        user_id as UserId,
        id as SessionId,
        now
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every session of a person that has not ended, but one.
///
/// # Errors
/// Database errors only.
pub async fn revoke_others(
    conn: &mut PgConnection,
    user_id: UserId,
    kept: SessionId,
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "update sessions set revoked_at = $3 where user_id = $1 and id <> $2 and revoked_at is null",
        user_id as UserId,
        kept as SessionId,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends all open sessions of a user.
///
/// # Errors
/// Database errors only.
pub async fn revoke_all(conn: &mut PgConnection, user_id: UserId, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "update sessions set revoked_at = $2 where user_id = $1 and revoked_at is null",
        user_id as UserId,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
