//! Continues sessions: exchanges a refresh token for new tokens.

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use domain::session::Presented;
use domain::session::token::{AccessClaims, RefreshClaim, SessionKey};
use sqlx::PgPool;

use super::{Opened, access_token, read};
use crate::error::{AppError, AppResult};

/// Issues new tokens for a refresh token. All concurrent requests with it get the same successor.
///
/// # Errors
/// [`AppError::NoSession`] when we did not issue the token, its access was withdrawn or its user disabled;
/// [`AppError::SessionExpired`] when the session has ended; [`AppError::SessionReplayed`] when the token was superseded
/// long ago: the session is revoked.
pub async fn refresh(pool: &PgPool, key: &SessionKey, token: &str, now: DateTime<Utc>) -> AppResult<Opened> {
    let claim = RefreshClaim::read(token).ok_or(AppError::NoSession)?;
    let mut tx = begin(pool).await?;
    let locked = db::session::lock(&mut tx, claim.session_id).await?;
    let session = locked.filter(|session| key.is_genuine(&claim, &session.salt));
    let session = session.ok_or(AppError::NoSession)?;
    let family = match session.family.present(claim.generation, now) {
        Presented::Rotated(family) | Presented::Repeated(family) => family,
        Presented::Over => return Err(AppError::SessionExpired),
        Presented::Replayed => {
            // Committed, although the request fails.
            db::session::revoke(&mut tx, &[claim.session_id], now).await?;
            tx.commit().await?;
            return Err(AppError::SessionReplayed);
        }
    };
    if family != session.family {
        db::session::save(&mut tx, claim.session_id, &family, now).await?;
    }
    tx.commit().await?;
    let claims = AccessClaims {
        session_id: claim.session_id,
        access_id: session.access_id,
    };
    // After the commit, so that requests that wait for the row need not wait for this.
    let mut conn = pool.acquire().await?;
    let auth = read(&mut conn, session.user_id, claim.session_id, session.access_id).await?;
    let refresh_token = key.refresh_token(claim.session_id, family.generation, &session.salt);
    Ok(Opened {
        auth,
        access_token: access_token(key, claims, now)?,
        refresh_token: refresh_token.into(),
    })
}
