//! Sessions of people in the backoffice (contract section 6).

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::db;
use crate::db::session::NewSession;
use crate::domain::party::{ContextType, Role};
use crate::domain::session::token::{AccessClaims, Salt, SessionKey, TokenError};
use crate::error::{AppError, AppResult};
use crate::id::{AccessId, CompanyId, PartnerId, SessionId, UserId};

/// Where somebody works, with the id of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workplace {
    /// In a bus company.
    Company(CompanyId),
    /// With a reseller.
    Partner(PartnerId),
}

impl Workplace {
    /// The kind of place.
    #[must_use]
    pub const fn context(self) -> ContextType {
        match self {
            Self::Company(_) => ContextType::Company,
            Self::Partner(_) => ContextType::Partner,
        }
    }
}

/// A person who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// The person.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// The access that the token names.
    pub access_id: AccessId,
    /// Where it lets the person work.
    pub workplace: Workplace,
    /// What the person may do there.
    pub role: Role,
}

/// Begins a session of a person in one of their accesses. `salt` is random.
///
/// # Errors
/// Database errors only.
pub async fn begin(
    conn: &mut PgConnection,
    user_id: UserId,
    access_id: AccessId,
    salt: Salt,
    now: DateTime<Utc>,
) -> AppResult<SessionId> {
    let new = NewSession {
        id: SessionId::new(),
        user_id,
        access_id,
        salt,
    };
    db::session::insert(conn, &new, now).await?;
    Ok(new.id)
}

/// Who is behind an access token. The session and the access are looked up each time: what is revoked or withdrawn
/// ends at once.
///
/// # Errors
/// [`AppError::NoSession`] when it is no token of ours or its access was withdrawn, [`AppError::SessionExpired`] when
/// it or its session has ended.
pub async fn authenticate(
    conn: &mut PgConnection,
    key: &SessionKey,
    token: &str,
    now: DateTime<Utc>,
) -> AppResult<SignedIn> {
    let AccessClaims { session_id, access_id } = key.verify(token, now).map_err(|error| match error {
        TokenError::Malformed => AppError::NoSession,
        TokenError::Expired => AppError::SessionExpired,
    })?;
    let found = db::session::find(conn, session_id, access_id, now)
        .await?
        .ok_or(AppError::NoSession)?;
    if found.is_over {
        return Err(AppError::SessionExpired);
    }
    let workplace = match (found.company_id, found.partner_id) {
        (Some(company_id), None) => Workplace::Company(company_id),
        (None, Some(partner_id)) => Workplace::Partner(partner_id),
        _ => return Err(AppError::Internal("an access to nothing".to_owned())),
    };
    if found.last_used_at < now - TimeDelta::minutes(1) {
        db::session::touch(conn, session_id, now).await?;
    }
    Ok(SignedIn {
        user_id: found.user_id,
        session_id,
        access_id,
        workplace,
        role: found.role,
    })
}
