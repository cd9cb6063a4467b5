//! Responses stored for idempotency keys.
//!
//! The statements that look for one select whether it is recent enough instead of requiring it. As a condition, it
//! would let PostgreSQL choose the index of the times, whose estimated cost is that of the primary key while the table
//! is empty: a session that planned the statement then would read all recent responses at each request, until the table
//! is analysed.

use chrono::{DateTime, Utc};
use domain::idempotency::{Caller, Request};
use sqlx::PgConnection;

use crate::error::AppResult;

/// A stored response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Fingerprint of the request.
    pub fingerprint: Vec<u8>,
    /// HTTP status of the response.
    pub status: i16,
    /// `Content-Type` of the response.
    pub content_type: Option<String>,
    /// `Content-Location` of the response.
    pub content_location: Option<String>,
    /// Its body, encrypted.
    pub sealed_body: Vec<u8>,
}

/// Whether a request can be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Nothing: the lock is taken, and there is no response.
    Free,
    /// Another request has the lock.
    InFlight,
    /// It was answered before.
    Answered(Kept),
}

/// Takes the lock of a request until the end of the transaction, if it is free, and checks whether the request was
/// answered after an instant. The lock ends with the connection, so a killed process leaves nothing behind. The check
/// is as old as the statement, so it may miss a duplicate that committed just before the lock was taken; [`insert`]
/// sees it.
///
/// # Errors
/// Database errors only.
pub async fn enter(
    conn: &mut PgConnection,
    caller: &Caller,
    request: &Request,
    after: DateTime<Utc>,
) -> AppResult<Entry> {
    let row = sqlx::query!(
        r#"with lock as materialized (select pg_try_advisory_xact_lock($1) as taken)
           select lock.taken as "taken!", k.created_at > $4 as "is_current?", k.fingerprint as "fingerprint?",
                  k.status as "status?", k.content_type, k.content_location, k.sealed_body as "sealed_body?"
           from lock
           left join idempotency_keys k on k.caller = $2 and k.key_hash = $3"#,
        request.lock(caller),
        caller.as_str(),
        &request.key_hash,
        after,
    )
    .fetch_one(conn)
    .await?;
    Ok(match (row.is_current, row.fingerprint, row.status, row.sealed_body) {
        (Some(true), Some(fingerprint), Some(status), Some(sealed_body)) => Entry::Answered(Kept {
            fingerprint,
            status,
            content_type: row.content_type,
            content_location: row.content_location,
            sealed_body,
        }),
        _ if row.taken => Entry::Free,
        _ => Entry::InFlight,
    })
}

/// Whether another request has the lock of this one. Outside a transaction, so that the lock with which it is found out
/// ends with the statement.
///
/// # Errors
/// Database errors only.
pub async fn is_in_flight(conn: &mut PgConnection, caller: &Caller, request: &Request) -> AppResult<bool> {
    Ok(sqlx::query_scalar!(
        r#"select not pg_try_advisory_xact_lock($1) as "is_in_flight!""#,
        request.lock(caller)
    )
    .fetch_one(conn)
    .await?)
}

/// The response to a caller's key after an instant.
///
/// # Errors
/// Database errors only.
pub async fn find(
    conn: &mut PgConnection,
    caller: &Caller,
    request: &Request,
    after: DateTime<Utc>,
) -> AppResult<Option<Kept>> {
    let row = sqlx::query!(
        r#"select created_at > $3 as "is_current!", fingerprint, status, content_type, content_location, sealed_body
           from idempotency_keys where caller = $1 and key_hash = $2"#,
        caller.as_str(),
        &request.key_hash,
        after,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.filter(|row| row.is_current).map(|row| Kept {
        fingerprint: row.fingerprint,
        status: row.status,
        content_type: row.content_type,
        content_location: row.content_location,
        sealed_body: row.sealed_body,
    }))
}

/// Stores a response, in place of one that is not newer than an instant; false when there is a newer one. The caller
/// holds the lock of the request.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    caller: &Caller,
    request: &Request,
    kept: &Kept,
    now: DateTime<Utc>,
    after: DateTime<Utc>,
) -> AppResult<bool> {
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
    Ok(done.rows_affected() == 1)
}
