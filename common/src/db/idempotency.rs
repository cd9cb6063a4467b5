//! Answers that are kept for idempotency keys.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::idempotency::{Caller, Request};
use crate::error::{AppError, AppResult};

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Of the request.
    pub fingerprint: Vec<u8>,
    /// Of the answer.
    pub status: i16,
    /// `Content-Type` of the answer.
    pub content_type: Option<String>,
    /// `Content-Location` of the answer.
    pub content_location: Option<String>,
    /// Its body, sealed.
    pub sealed_body: Vec<u8>,
}

/// Takes the lock of a request until the end of the transaction; false when somebody has it. It does not wait, and it
/// goes with the connection: there is nothing to clear away after a process that was killed.
///
/// # Errors
/// Database errors only.
pub async fn try_lock(conn: &mut PgConnection, lock: i64) -> AppResult<bool> {
    Ok(
        sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "taken!""#, lock)
            .fetch_one(conn)
            .await?,
    )
}

/// What a caller's key was answered after an instant.
///
/// # Errors
/// Database errors only.
pub async fn find(
    conn: &mut PgConnection,
    caller: &Caller,
    request: &Request,
    after: DateTime<Utc>,
) -> AppResult<Option<Kept>> {
    let kept = sqlx::query_as!(
        Kept,
        "select fingerprint, status, content_type, content_location, sealed_body
         from idempotency_keys where caller = $1 and key_hash = $2 and created_at > $3",
        caller.as_str(),
        &request.key_hash,
        after,
    )
    .fetch_optional(conn)
    .await?;
    Ok(kept)
}

/// Keeps an answer, in the place of one that is not from after an instant. The caller holds the lock of the request.
///
/// # Errors
/// Database errors, and an answer from after that instant that stands there already.
pub async fn insert(
    conn: &mut PgConnection,
    caller: &Caller,
    request: &Request,
    kept: &Kept,
    now: DateTime<Utc>,
    after: DateTime<Utc>,
) -> AppResult<()> {
    let done = sqlx::query!(
        "insert into idempotency_keys as old
             (caller, key_hash, fingerprint, status, content_type, content_location, sealed_body, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (caller, key_hash) do update
             set fingerprint = excluded.fingerprint, status = excluded.status, content_type = excluded.content_type,
                 content_location = excluded.content_location, sealed_body = excluded.sealed_body,
                 created_at = excluded.created_at
             where old.created_at <= $9",
        caller.as_str(),
        &request.key_hash,
        &kept.fingerprint,
        kept.status,
        kept.content_type,
        kept.content_location,
        &kept.sealed_body,
        now,
        after,
    )
    .execute(conn)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(AppError::Internal("an idempotency key was answered twice".to_owned()))
    }
}
