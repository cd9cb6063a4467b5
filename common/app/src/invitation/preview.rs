//! Preview of an invitation, for its recipient before they accept it.

use chrono::{DateTime, Utc};
use domain::access::Workplace;
use domain::invitation::{InvitationKey, InvitationStatus};
use domain::role::Role;
use sqlx::PgPool;

use crate::error::{AppError, AppResult, Noun};

/// The workplace and role of an invitation, and whether it can still be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Whether it can be accepted.
    pub status: InvitationStatus,
    /// E-mail address of the recipient.
    pub email: String,
    /// The company or the partner.
    pub workplace: Workplace,
    /// Its name.
    pub name: String,
    /// The role there.
    pub role: Role,
    /// Name of the user who invites.
    pub inviter: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Preview of an invitation. Its token is the credential.
///
/// # Errors
/// Not found, when we did not issue the token, or the invitation is deleted.
pub async fn preview(pool: &PgPool, key: &InvitationKey, token: &str, now: DateTime<Utc>) -> AppResult<Preview> {
    let id = key.verify(token).ok_or(AppError::NotFound(Noun::Resource))?;
    let found = db::invitation::seen(&mut *pool.acquire().await?, id).await?;
    let found = found.ok_or(AppError::NotFound(Noun::Resource))?;
    Ok(Preview {
        status: InvitationStatus::of(found.is_accepted, found.is_withdrawn, found.expires_at <= now),
        email: found.email,
        workplace: found.place,
        name: found.name,
        role: found.role,
        inviter: found.inviter,
        expires_at: found.expires_at,
    })
}
