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

/// A key, without what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// The first characters of its text.
    pub hint: String,
    /// Where it works.
    pub environment: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Since when it does not work any more.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A page of a partner's keys, newest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn page(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<StoredKey>, i64)> {
    let keys = sqlx::query_as!(
        StoredKey,
        r#"select id as "id: ApiKeyId", name, hint, environment, created_at, last_used_at, revoked_at
           from api_keys where partner_id = $1 order by created_at desc, id desc limit $2 offset $3"#,
        partner_id as PartnerId,
        take,
        skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from api_keys where partner_id = $1"#,
        partner_id as PartnerId,
    )
    .fetch_one(conn)
    .await?;
    Ok((keys, total))
}

/// How many live keys a partner has in an environment. The partner's row is locked until the end of the transaction,
/// so that nobody adds one meanwhile.
///
/// # Errors
/// Database errors only.
pub async fn count_live(conn: &mut PgConnection, partner_id: PartnerId, environment: &str) -> AppResult<i64> {
    sqlx::query!(
        "select id from partners where id = $1 for no key update",
        partner_id as PartnerId
    )
    .fetch_optional(&mut *conn)
    .await?;
    let live = sqlx::query_scalar!(
        r#"select count(*) as "live!" from api_keys where partner_id = $1 and environment = $2 and revoked_at is null"#,
        partner_id as PartnerId,
        environment,
    )
    .fetch_one(conn)
    .await?;
    Ok(live)
}

/// Whose key it is.
///
/// # Errors
/// Database errors only.
pub async fn owner(conn: &mut PgConnection, id: ApiKeyId) -> AppResult<Option<PartnerId>> {
    Ok(sqlx::query_scalar!(
        r#"select partner_id as "partner_id: PartnerId" from api_keys where id = $1"#,
        id as ApiKeyId,
    )
    .fetch_optional(conn)
    .await?)
}

/// Revokes a key of a partner; when it was first revoked stays. False when it has no such key.
///
/// # Errors
/// Database errors only.
pub async fn revoke(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    id: ApiKeyId,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let done = sqlx::query!(
        "update api_keys set revoked_at = coalesce(revoked_at, $3)
         where partner_id = $1 and id = $2",
        partner_id as PartnerId,
        id as ApiKeyId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
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
pub async fn insert(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    key: &StoredKey,
    secret_hash: &[u8],
) -> AppResult<()> {
    sqlx::query!(
        "insert into api_keys (id, partner_id, name, environment, hint, secret_hash, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        key.id as ApiKeyId,
        partner_id as PartnerId,
        key.name,
        key.environment,
        key.hint,
        secret_hash,
        key.created_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
