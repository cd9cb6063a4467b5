//! What people change about themselves.

use chrono::{DateTime, Utc};
use domain::id::{SessionId, UserId};
use secrecy::SecretString;
use serde_json::json;
use sqlx::PgPool;

use crate::error::{AppError, AppResult};
use crate::ops::Operator;
use crate::password::{self, Fit, Verifier};

/// A person's own wish to have another password.
#[derive(Debug)]
pub struct PasswordChange {
    /// Whose.
    pub user_id: UserId,
    /// The session in which they wish it, which goes on.
    pub session_id: SessionId,
    /// The password at present.
    pub current: SecretString,
    /// The one that takes its place.
    pub new: SecretString,
    /// The request.
    pub request_id: Option<String>,
}

/// The mail address of a person who is signed in.
///
/// # Errors
/// [`AppError::NoSession`] when the person is gone.
pub async fn email(pool: &PgPool, id: UserId) -> AppResult<String> {
    let profile = db::user::profile(&mut *pool.acquire().await?, id).await?;
    Ok(profile.ok_or(AppError::NoSession)?.email)
}

/// Gives a person who knows their password another one. Their other sessions end at once, and a sign-in in progress with
/// the old password fails. No connection is held while passwords are hashed.
///
/// # Errors
/// `newPassword` breaks a rule; [`AppError::InvalidCredentials`] when the current password is wrong, there is none, or
/// it was changed meanwhile.
pub async fn change_password(
    pool: &PgPool,
    verifier: &Verifier,
    change: &PasswordChange,
    now: DateTime<Utc>,
) -> AppResult<()> {
    password::check("newPassword", &change.new)?;
    let id = change.user_id;
    let found = db::user::credentials(&mut *pool.acquire().await?, id).await?;
    let found = found.ok_or(AppError::NoSession)?;
    if verifier.fit(&change.current, found.password_hash).await? == Fit::No {
        return Err(AppError::InvalidCredentials);
    }
    let hash = verifier.hash(&change.new).await?;
    let mut tx = pool.begin().await?;
    if !db::user::replace_password(&mut tx, id, found.version, &hash).await? {
        return Err(AppError::InvalidCredentials);
    }
    db::session::revoke_others(&mut tx, id, change.session_id, now).await?;
    let who = Operator::new(id.to_string(), "changed by the user", change.request_id.clone())?;
    who.record(&mut tx, now, "user.password", &id.to_string(), json!({}))
        .await?;
    tx.commit().await?;
    Ok(())
}
