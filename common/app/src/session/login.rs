//! Sign-in, and switching between the workplaces of a user. First the user is identified, by password or otherwise;
//! everything after that is the same.

use chrono::{DateTime, Utc};
use connect::postgres;
use db::user::{Credentials, Profile};
use domain::access::{Access, Undecided, Workplace, choose};
use domain::id::UserId;
use domain::session::token::{AccessClaims, Salt, SessionKey};
use secrecy::SecretString;
use sqlx::{PgConnection, PgPool};

use super::{Auth, Opened, SignedIn, access_token, begin, read};
use crate::error::{AppError, AppResult, Noun};
use crate::password::{Fit, Verifier};

/// A user and their workplaces, before a session begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreLogin {
    /// The person.
    pub user: Profile,
    /// Their accesses.
    pub accesses: Vec<Access>,
}

/// An authenticated user, whose credentials may have changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identified {
    /// The person.
    pub user_id: UserId,
    /// Version of the credentials that were verified.
    pub(crate) version: i32,
}

/// The user with this e-mail address and password. Every attempt costs a verification, whether the user exists or not,
/// and holds no connection meanwhile. A hash that was not made from the normal form of the password is replaced.
///
/// # Errors
/// [`AppError::InvalidCredentials`], the same for an unknown address, a wrong password, a user without a password and a
/// disabled user.
pub async fn identify_by_password(
    pool: &PgPool,
    verifier: &Verifier,
    email: &str,
    password: &SecretString,
) -> AppResult<Identified> {
    let found = db::user::find(&mut *pool.acquire().await?, email).await?;
    let hash = found.as_ref().and_then(|found| found.password_hash.clone());
    let fit = verifier.fit(password, hash.clone()).await?;
    if fit == Fit::No {
        return Err(AppError::InvalidCredentials);
    }
    let who = identified(found)?;
    if let (Fit::Renew(new), Some(old)) = (fit, hash) {
        let mut conn = pool.acquire().await?;
        db::user::renew_password(&mut conn, who.user_id, &old, &new).await?;
        tracing::info!(user_id = %who.user_id, "password rehashed in its normal form");
    }
    Ok(who)
}

/// The user of these credentials, which were verified.
pub(crate) fn identified(found: Option<Credentials>) -> AppResult<Identified> {
    let found = found.filter(|found| !found.is_disabled);
    let found = found.ok_or(AppError::InvalidCredentials)?;
    Ok(Identified {
        user_id: found.id,
        version: found.version,
    })
}

/// The accesses from which an identified user can choose.
///
/// # Errors
/// [`AppError::InvalidCredentials`] if the user was deleted meanwhile.
pub async fn pre_login(pool: &PgPool, user_id: UserId) -> AppResult<PreLogin> {
    let mut conn = pool.acquire().await?;
    let user = db::user::profile(&mut conn, user_id).await?;
    Ok(PreLogin {
        user: user.ok_or(AppError::InvalidCredentials)?,
        accesses: db::access::of_user(&mut conn, user_id).await?,
    })
}

/// Begins a session of an identified user. `place` is the id of the company or partner to work in; without it the
/// user's only access is used. `salt` is random; `browser` helps the user to recognise the session.
///
/// # Errors
/// [`AppError::InvalidCredentials`] when the credentials changed meanwhile, or the user was disabled;
/// [`AppError::CompanyRequired`] when there are several accesses and no `place`; [`AppError::NoAccess`] when there are
/// none; not found (company) when the user does not work in `place`.
pub async fn login(
    pool: &PgPool,
    key: &SessionKey,
    who: Identified,
    place: Option<&str>,
    salt: Salt,
    browser: Option<String>,
    now: DateTime<Utc>,
) -> AppResult<Opened> {
    let user_id = who.user_id;
    let mut tx = postgres::begin(pool).await?;
    if !db::user::hold(&mut tx, user_id, who.version).await? {
        return Err(AppError::InvalidCredentials);
    }
    let access = choose_access(&mut tx, user_id, place).await?;
    let session_id = begin(&mut tx, user_id, access.id, salt, browser, now).await?;
    let auth = read(&mut tx, user_id, session_id, access.id).await?;
    tx.commit().await?;
    let access_id = access.id;
    Ok(Opened {
        auth,
        access_token: access_token(key, AccessClaims { session_id, access_id }, now)?,
        refresh_token: key.refresh_token(session_id, 0, &salt).into(),
    })
}

/// Switches a session to another workplace, also for later tokens. Returns an access token for it; those for the
/// previous workplace are refused from now on.
///
/// # Errors
/// Not found (company) when the user does not work there; [`AppError::SessionExpired`] when the session has ended.
pub async fn switch(
    pool: &PgPool,
    key: &SessionKey,
    who: &SignedIn,
    place: &str,
    now: DateTime<Utc>,
) -> AppResult<(Auth, SecretString)> {
    let mut tx = postgres::begin(pool).await?;
    let access = choose_access(&mut tx, who.user_id, Some(place)).await?;
    if !db::session::move_to(&mut tx, who.user_id, who.session_id, access.id, now).await? {
        return Err(AppError::SessionExpired);
    }
    let auth = read(&mut tx, who.user_id, who.session_id, access.id).await?;
    tx.commit().await?;
    let claims = AccessClaims {
        session_id: who.session_id,
        access_id: access.id,
    };
    Ok((auth, access_token(key, claims, now)?))
}

/// The access for a session, locked until the transaction ends.
async fn choose_access(conn: &mut PgConnection, user_id: UserId, place: Option<&str>) -> AppResult<Access> {
    let unknown = || AppError::NotFound(Noun::Company);
    let wanted = place.map(|id| Workplace::read(id).ok_or_else(unknown)).transpose()?;
    let accesses = db::access::of_user(conn, user_id).await?;
    let access = choose(&accesses, wanted).map_err(|undecided| match undecided {
        Undecided::Nowhere => AppError::NoAccess,
        Undecided::Elsewhere => unknown(),
        Undecided::Several => places(&accesses),
    })?;
    if db::access::hold(conn, user_id, access.id).await? {
        Ok(access.clone())
    } else {
        Err(unknown())
    }
}

/// The error for a user with several workplaces who did not choose one.
fn places(accesses: &[Access]) -> AppError {
    let named = accesses.iter().map(|access| (access.workplace, access.name.clone()));
    AppError::CompanyRequired {
        companies: named
            .clone()
            .filter_map(|(place, name)| Some((place.company_id()?, name)))
            .collect(),
        partners: named
            .filter_map(|(place, name)| Some((place.partner_id()?, name)))
            .collect(),
    }
}
