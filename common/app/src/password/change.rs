//! Changing one's own password.

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use domain::id::{SessionId, UserId};
use secrecy::SecretString;
use sqlx::PgPool;

use super::{Fit, Verifier, check};
use crate::error::{AppError, AppResult};
use crate::ops::Operator;

/// A change of a user's own password.
#[derive(Debug)]
pub struct PasswordChange {
    /// The user.
    pub user_id: UserId,
    /// The session of the request, which continues.
    pub session_id: SessionId,
    /// The current password.
    pub current: SecretString,
    /// The new password.
    pub new: SecretString,
    /// The request.
    pub request_id: Option<String>,
}

/// Changes the password of a user who knows the current one. Their other sessions end immediately, and a sign-in in
/// progress with the old password fails. No connection is held while passwords are hashed.
///
/// # Errors
/// `newPassword` breaks a rule; [`AppError::InvalidCredentials`] when the current password is wrong, there is none, or
/// it was changed meanwhile.
pub async fn change(pool: &PgPool, verifier: &Verifier, change: &PasswordChange, now: DateTime<Utc>) -> AppResult<()> {
    check("newPassword", &change.new)?;
    let id = change.user_id;
    let found = db::user::credentials(&mut *pool.acquire().await?, id).await?;
    let found = found.ok_or(AppError::NoSession)?;
    if verifier.fit(&change.current, found.password_hash).await? == Fit::No {
        return Err(AppError::InvalidCredentials);
    }
    let hash = verifier.hash(&change.new).await?;
    let mut tx = begin(pool).await?;
    if !db::user::replace_password(&mut tx, id, found.version, &hash).await? {
        return Err(AppError::InvalidCredentials);
    }
    db::session::revoke_others(&mut tx, id, change.session_id, now).await?;
    let who = Operator::new(id.to_string(), "changed by the user", change.request_id.clone())?;
    who.record(&mut tx, now, "user.password", &id.to_string(), []).await?;
    tx.commit().await?;
    Ok(())
}
