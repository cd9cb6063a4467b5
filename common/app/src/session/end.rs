//! Ends sessions before they expire.

use chrono::{DateTime, Utc};
use domain::id::{SessionId, UserId};
use domain::session::token::{RefreshClaim, SessionKey};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{PgConnection, PgPool};

use crate::error::{AppError, AppResult, Noun};

/// Ends the sessions of these tokens. Expired tokens still count; foreign tokens are ignored.
///
/// # Errors
/// Database errors only.
pub async fn logout(
    pool: &PgPool,
    key: &SessionKey,
    access_token: Option<&SecretString>,
    refresh_token: Option<&SecretString>,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let claim = refresh_token.and_then(|token| RefreshClaim::read(token.expose_secret()));
    let of_access = access_token.and_then(|token| key.session_of(token.expose_secret()));
    if claim.is_none() && of_access.is_none() {
        return Ok(());
    }
    let mut conn = pool.acquire().await?;
    let of_refresh = match claim {
        Some(claim) => genuine(&mut conn, key, &claim).await?,
        None => None,
    };
    let ids: Vec<SessionId> = of_access.into_iter().chain(of_refresh).collect();
    db::session::revoke(&mut conn, &ids, now).await
}

async fn genuine(conn: &mut PgConnection, key: &SessionKey, claim: &RefreshClaim) -> AppResult<Option<SessionId>> {
    let salt = db::session::salt(conn, claim.session_id).await?;
    let salt = salt.and_then(|salt| salt.try_into().ok());
    Ok(salt
        .is_some_and(|salt| key.is_genuine(claim, &salt))
        .then_some(claim.session_id))
}

/// Ends every session of a user.
///
/// # Errors
/// Database errors only.
pub async fn logout_all(pool: &PgPool, user_id: UserId, now: DateTime<Utc>) -> AppResult<()> {
    db::session::revoke_all(&mut *pool.acquire().await?, user_id, now).await
}

/// Ends one of a user's sessions immediately.
///
/// # Errors
/// Not found, when the user has no such session.
pub async fn end(pool: &PgPool, user_id: UserId, id: SessionId, now: DateTime<Utc>) -> AppResult<()> {
    if db::session::revoke_own(&mut *pool.acquire().await?, user_id, id, now).await? {
        Ok(())
    } else {
        Err(AppError::NotFound(Noun::Resource))
    }
}
