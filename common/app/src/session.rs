//! Sessions of users of the back office (contract section 6): the user of an access token, and users' views of their
//! sessions. How sessions begin, continue and end is in the submodules.

use chrono::{DateTime, TimeDelta, Utc};
use db::session::NewSession;
pub use db::session::{Listed, Session};
pub use db::user::Profile;
use domain::access::Access;

use crate::error::{AppError, AppResult};
pub use domain::access::Workplace;
use domain::id::{AccessId, SessionId, UserId};
use domain::role::Role;
use domain::session::token::{AccessClaims, Salt, SessionKey, TokenError};
use secrecy::SecretString;
use sqlx::{PgConnection, PgPool};

mod end;
mod login;
mod refresh;

pub use end::{end, logout, logout_all};
pub(super) use login::identified;
pub use login::{Identified, PreLogin, identify_by_password, login, pre_login, switch};
pub use refresh::refresh;

/// A user who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// The person.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// The access that the token names.
    pub access_id: AccessId,
    /// The workplace of that access.
    pub workplace: Workplace,
    /// The role of the user there.
    pub role: Role,
}

/// A session as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auth {
    /// The person.
    pub user: Profile,
    /// The access that the session uses.
    pub access: Access,
    /// The session.
    pub session: Session,
    /// All accesses of the user.
    pub accesses: Vec<Access>,
}

/// A session with its new tokens.
#[derive(Debug)]
pub struct Opened {
    /// The session as its user sees it.
    pub auth: Auth,
    /// Valid for [`ACCESS_LIFETIME`](domain::session::ACCESS_LIFETIME).
    pub access_token: SecretString,
    /// Valid until the session ends or the token is superseded.
    pub refresh_token: SecretString,
}

/// Begins a session of a user with one of their accesses. `salt` is random; `browser` helps the user to recognise the
/// session.
///
/// # Errors
/// Database errors only.
pub async fn begin(
    conn: &mut PgConnection,
    user_id: UserId,
    access_id: AccessId,
    salt: Salt,
    browser: Option<String>,
    now: DateTime<Utc>,
) -> AppResult<SessionId> {
    let new = NewSession {
        id: SessionId::new(),
        user_id,
        access_id,
        salt,
        browser,
    };
    db::session::insert(conn, &new, now).await?;
    Ok(new.id)
}

/// The user of an access token. Session, access and user are looked up each time: what is revoked, withdrawn or
/// disabled ends immediately. So do tokens for a workplace when the session switches to another one.
///
/// # Errors
/// [`AppError::NoSession`] when we did not issue the token, its access was withdrawn or its user disabled;
/// [`AppError::SessionExpired`] when it or its session has ended, or the session has switched to another workplace.
pub async fn authenticate(pool: &PgPool, key: &SessionKey, token: &str, now: DateTime<Utc>) -> AppResult<SignedIn> {
    let AccessClaims { session_id, access_id } = key.verify(token, now).map_err(|error| match error {
        TokenError::Malformed => AppError::NoSession,
        TokenError::Expired => AppError::SessionExpired,
    })?;
    let mut conn = pool.acquire().await?;
    let found = db::session::find(&mut conn, session_id, access_id, now)
        .await?
        .ok_or(AppError::NoSession)?;
    if found.is_over {
        return Err(AppError::SessionExpired);
    }
    if found.last_used_at < now - TimeDelta::minutes(1) {
        db::session::touch(&mut conn, session_id, now).await?;
    }
    Ok(SignedIn {
        user_id: found.user_id,
        session_id,
        access_id,
        workplace: found.workplace,
        role: found.role,
    })
}

/// A page (take, skip) of the sessions of a user that have not ended, in every workplace, those used last first, and
/// how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(
    pool: &PgPool,
    user_id: UserId,
    (take, skip): (i64, i64),
    now: DateTime<Utc>,
) -> AppResult<(Vec<Listed>, i64)> {
    db::session::list(&mut *pool.acquire().await?, user_id, take, skip, now).await
}

/// A user's view of one of their sessions, with one of their accesses.
///
/// # Errors
/// [`AppError::NoSession`] when one of the three is gone.
pub async fn current(pool: &PgPool, user_id: UserId, session_id: SessionId, access_id: AccessId) -> AppResult<Auth> {
    read(&mut *pool.acquire().await?, user_id, session_id, access_id).await
}

/// As [`current`], on a connection.
async fn read(conn: &mut PgConnection, user_id: UserId, session_id: SessionId, access_id: AccessId) -> AppResult<Auth> {
    let gone = || AppError::NoSession;
    let accesses = db::access::of_user(conn, user_id).await?;
    Ok(Auth {
        user: db::user::profile(conn, user_id).await?.ok_or_else(gone)?,
        session: db::session::get(conn, user_id, session_id).await?.ok_or_else(gone)?,
        access: accesses
            .iter()
            .find(|access| access.id == access_id)
            .cloned()
            .ok_or_else(gone)?,
        accesses,
    })
}

/// An access token.
fn access_token(key: &SessionKey, claims: AccessClaims, now: DateTime<Utc>) -> AppResult<SecretString> {
    let token = key.sign(claims, now);
    let token = token.map_err(|e| AppError::Internal(format!("signing an access token failed: {e}")))?;
    Ok(token.into())
}
