//! API keys of partners.

use chrono::{DateTime, Utc};
use domain::id::{ApiKeyId, PartnerId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// Whether this is a live key of this environment.
///
/// # Errors
/// Database errors only.
pub async fn is_live(conn: &mut PgConnection, environment: &str, secret_hash: &[u8]) -> AppResult<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (
               select from api_keys where secret_hash = $1 and environment = $2 and revoked_at is null
           ) as "is_live!""#,
        secret_hash,
        environment,
    )
    .fetch_one(conn)
    .await?)
}

/// A key that works, as processes keep it in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Its partner.
    pub partner_id: PartnerId,
    /// SHA-256 of its text.
    pub secret_hash: Vec<u8>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A key, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Its name, which says what it is for.
    pub name: String,
    /// The first characters of its text.
    pub hint: String,
    /// The environment in which it works.
    pub environment: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was revoked.
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
/// so that no key can be added meanwhile.
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

/// The partner of a key.
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

/// Revokes a key of a partner; the time of the first revocation stays. Whether it was live until now; `None` when the
/// partner has no such key.
///
/// # Errors
/// Database errors only.
pub async fn revoke(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    id: ApiKeyId,
    now: DateTime<Utc>,
) -> AppResult<Option<bool>> {
    Ok(sqlx::query_scalar!(
        r#"with before as (
               select id, revoked_at from api_keys where partner_id = $1 and id = $2 for no key update
           )
           update api_keys k set revoked_at = coalesce(before.revoked_at, $3)
           from before where k.id = before.id
           returning before.revoked_at is null as "was_live!""#,
        partner_id as PartnerId,
        id as ApiKeyId,
        now,
    )
    .fetch_optional(conn)
    .await?)
}

/// Records when keys were used. Writers lock the rows in one order, so that replicas do not dead-lock.
///
/// # Errors
/// Database errors only.
pub async fn touch(conn: &mut PgConnection, uses: &[(ApiKeyId, DateTime<Utc>)]) -> AppResult<()> {
    let (ids, instants): (Vec<Uuid>, Vec<DateTime<Utc>>) = uses.iter().map(|(id, at)| (id.0, *at)).unzip();
    sqlx::query!(
        "with used as (
             select k.id, new.at from unnest($1::uuid[], $2::timestamptz[]) as new (id, at)
             join api_keys k on k.id = new.id
             order by k.id for no key update of k
         )
         update api_keys k set last_used_at = greatest(k.last_used_at, used.at) from used where k.id = used.id",
        &ids,
        &instants,
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
