//! API keys of partners.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::error::AppResult;
use crate::id::{ApiKeyId, PartnerId};

/// The partner behind a live key of this environment, and the key's id.
///
/// # Errors
/// Database errors only.
pub async fn find_live(
    conn: &mut PgConnection,
    environment: &str,
    secret_hash: &[u8],
) -> AppResult<Option<(PartnerId, ApiKeyId, Option<DateTime<Utc>>)>> {
    let row = sqlx::query!(
        r#"select id as "id: ApiKeyId", partner_id as "partner_id: PartnerId", last_used_at
           from api_keys where secret_hash = $1 and environment = $2 and revoked_at is null"#,
        secret_hash,
        environment,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|r| (r.partner_id, r.id, r.last_used_at)))
}

/// Notes that a key was used.
///
/// # Errors
/// Database errors only.
pub async fn touch(conn: &mut PgConnection, id: ApiKeyId, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "update api_keys set last_used_at = $2 where id = $1",
        id as ApiKeyId,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores a new key.
///
/// # Errors
/// Database errors only.
#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
pub async fn insert(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    id: ApiKeyId,
    name: &str,
    environment: &str,
    hint: &str,
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "insert into api_keys (id, partner_id, name, environment, hint, secret_hash, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id as ApiKeyId,
        partner_id as PartnerId,
        name,
        environment,
        hint,
        secret_hash,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
