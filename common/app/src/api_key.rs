//! API keys: shown once, stored as a hash, scoped to one environment (contract section 1).

use chrono::{DateTime, Utc};
use connect::postgres::begin;
pub use db::api_key::StoredKey;
use domain::id::{ApiKeyId, PartnerId};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};

use super::Platform;
use super::work::Work;
use crate::error::{AppError, AppResult, Noun};
use crate::ops::Operator;

/// Prefix of every key text, for secret scanners.
pub const KEY_PREFIX: &str = "pxs";

/// The text of a new key: `pxs_<environment>_<64 hex digits>`, 256 bits of `secret`.
#[must_use]
pub fn key_text(environment: &str, secret: [u8; 32]) -> String {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{KEY_PREFIX}_{environment}_{hex}")
}

/// The stored hash of a key.
pub(crate) fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Stores `key` for a partner, without an entry in the audit trail. The caller shows the text to the partner; it cannot
/// be read back.
///
/// # Errors
/// Database errors only.
pub async fn create(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    environment: &str,
    name: &str,
    key: &str,
    now: DateTime<Utc>,
) -> AppResult<StoredKey> {
    let stored = StoredKey {
        id: ApiKeyId::new(),
        name: name.to_owned(),
        hint: key.chars().take(KEY_PREFIX.len() + environment.len() + 6).collect(),
        environment: environment.to_owned(),
        created_at: now,
        last_used_at: None,
        revoked_at: None,
    };
    db::api_key::insert(conn, partner_id, &stored, &hash(key)).await?;
    Ok(stored)
}

/// Live keys that a partner may create for itself in an environment; rotating needs two.
pub const MAX_LIVE: i64 = 10;

/// Creates a key of a partner from a random `secret`, and returns its text, which cannot be read back.
///
/// # Errors
/// Validation of the name, and of the number of keys when [`MAX_LIVE`] are in use.
pub async fn issue(
    work: &Work,
    by: &Operator,
    partner_id: PartnerId,
    environment: &str,
    name: &str,
    secret: [u8; 32],
    now: DateTime<Utc>,
) -> AppResult<(StoredKey, String)> {
    if name.trim().is_empty() {
        return Err(AppError::field("name", "required", "must not be blank"));
    }
    let mut tx = work.begin().await?;
    if db::api_key::count_live(&mut tx, partner_id, environment).await? >= MAX_LIVE {
        let message = format!("must be at most {MAX_LIVE} active keys: revoke one first");
        return Err(AppError::field("apiKeys", "max", message));
    }
    let key = key_text(environment, secret);
    let stored = create(&mut tx, partner_id, environment, name, &key, now).await?;
    record(&mut tx, (now, by), "api_key.created", partner_id, stored.id).await?;
    tx.commit().await?;
    Ok((stored, key))
}

/// A page of a partner's keys, newest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, partner_id: PartnerId, take: i64, skip: i64) -> AppResult<(Vec<StoredKey>, i64)> {
    let mut snapshot = db::snapshot(pool).await?;
    let page = db::api_key::page(&mut snapshot, partner_id, take, skip).await?;
    snapshot.commit().await?;
    Ok(page)
}

/// Revokes a key of a partner; it fails from the next request on. Revoking it again changes nothing.
///
/// # Errors
/// Not found, when it is unknown or another partner's.
pub async fn revoke(
    pool: &PgPool,
    by: &Operator,
    partner_id: PartnerId,
    id: ApiKeyId,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    let was_live = db::api_key::revoke(&mut tx, partner_id, id, now).await?;
    if was_live.ok_or(AppError::NotFound(Noun::Resource))? {
        record(&mut tx, (now, by), "api_key.revoked", partner_id, id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Writes what was done with a key into the audit trail. Its name is free text, and is not stored there.
async fn record(
    conn: &mut PgConnection,
    (now, by): (DateTime<Utc>, &Operator),
    action: &str,
    partner_id: PartnerId,
    id: ApiKeyId,
) -> AppResult<()> {
    let details = [("place", partner_id.to_string().into())];
    by.record(conn, now, action, &id.to_string(), details).await
}

/// The partner of a key that an operator named.
///
/// # Errors
/// When there is none.
pub async fn owner(pool: &PgPool, id: &str) -> AppResult<(PartnerId, ApiKeyId)> {
    let unknown = || AppError::field("key", "known", format!("must be the id of a key, not {id:?}"));
    let key: ApiKeyId = id.parse().map_err(|_| unknown())?;
    let partner_id = db::api_key::owner(&mut *pool.acquire().await?, key).await?;
    Ok((partner_id.ok_or_else(unknown)?, key))
}

/// Stores `key` for a partner; false when it is a live key already.
///
/// # Errors
/// Database errors only.
pub async fn ensure(
    pool: &PgPool,
    by: &Operator,
    partner_id: PartnerId,
    environment: &str,
    name: &str,
    key: &str,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let mut tx = begin(pool).await?;
    if db::api_key::is_live(&mut tx, environment, &hash(key)).await? {
        return Ok(false);
    }
    let stored = create(&mut tx, partner_id, environment, name, key, now).await?;
    record(&mut tx, (now, by), "api_key.created", partner_id, stored.id).await?;
    tx.commit().await?;
    Ok(true)
}

/// The partner whose live key this is; `None` when it is unknown, revoked or of another environment. Every live key is
/// in memory, so an unknown one causes neither a query nor an entry.
///
/// The look-up is by the hash of the whole key, so its timing reveals nothing about the secret.
///
/// # Errors
/// Database errors only.
pub async fn authenticate(platform: &Platform, key: &str) -> AppResult<Option<PartnerId>> {
    platform.cache.recent(&platform.pool).await?;
    Ok(platform.cache.use_key(&hash(key), platform.clock.now()))
}

/// Whether a key would be authenticated. Its use is not noted.
///
/// # Errors
/// Database errors only.
pub async fn is_live(platform: &Platform, key: &str) -> AppResult<bool> {
    platform.cache.recent(&platform.pool).await?;
    Ok(platform.cache.key(&hash(key)).is_some())
}
