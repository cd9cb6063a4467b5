//! API keys: shown once, stored as a hash, scoped to one environment (contract section 1).

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;

use crate::db;
use crate::error::AppResult;
use crate::id::{ApiKeyId, PartnerId};

/// Prefix of every key text, for secret scanners.
pub const KEY_PREFIX: &str = "pxs";

/// The text of a new key: `pxs_<environment>_<64 hex digits>`, 256 bits of `secret`.
#[must_use]
pub fn key_text(environment: &str, secret: [u8; 32]) -> String {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{KEY_PREFIX}_{environment}_{hex}")
}

/// What is stored of a key.
pub(crate) fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Stores `key` for a partner. The caller shows the text to the partner; it cannot be read back.
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
) -> AppResult<ApiKeyId> {
    let id = ApiKeyId::new();
    let hint: String = key.chars().take(KEY_PREFIX.len() + environment.len() + 6).collect();
    db::api_key::insert(conn, partner_id, id, name, environment, &hint, &hash(key), now).await?;
    Ok(id)
}

/// Stores `key` for a partner unless it is a live key already; false then.
///
/// # Errors
/// Database errors only.
pub async fn ensure(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    environment: &str,
    name: &str,
    key: &str,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    if db::api_key::find_live(conn, environment, &hash(key)).await?.is_some() {
        return Ok(false);
    }
    create(conn, partner_id, environment, name, key, now).await?;
    Ok(true)
}

/// The partner whose live key this is; `None` when it is unknown, revoked or of another environment.
///
/// The look-up is by the hash of the whole key: what the index compares says nothing about the secret.
///
/// # Errors
/// Database errors only.
pub async fn authenticate(
    conn: &mut PgConnection,
    environment: &str,
    key: &str,
    now: DateTime<Utc>,
) -> AppResult<Option<PartnerId>> {
    let Some((partner_id, id, last_used_at)) = db::api_key::find_live(conn, environment, &hash(key)).await? else {
        return Ok(None);
    };
    if last_used_at.is_none_or(|at| at < now - TimeDelta::minutes(1)) {
        db::api_key::touch(conn, id, now).await?;
    }
    Ok(Some(partner_id))
}
