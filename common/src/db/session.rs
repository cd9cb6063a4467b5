//! Sessions of people.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::party::Role;
use crate::domain::session::Family;
use crate::domain::session::token::Salt;
use crate::error::AppResult;
use crate::id::{AccessId, CompanyId, PartnerId, SessionId, UserId};

/// A session to store.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Where the person works in it.
    pub access_id: AccessId,
    /// Random bytes of its refresh tokens.
    pub salt: Salt,
}

/// Stores a session that begins now.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, new: &NewSession, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "insert into sessions (id, user_id, access_id, salt, created_at, last_used_at, expires_at)
         values ($1, $2, $3, $4, $5, $5, $6)",
        new.id as SessionId,
        new.user_id as UserId,
        new.access_id as AccessId,
        new.salt.as_slice(),
        now,
        Family::begin(now).expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A session as a request finds it.
#[derive(Debug, Clone)]
pub struct Found {
    /// Whose it is.
    pub user_id: UserId,
    /// The company, in a company.
    pub company_id: Option<CompanyId>,
    /// The partner, with a partner.
    pub partner_id: Option<PartnerId>,
    /// What they may do there.
    pub role: Role,
    /// When the session was last used, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// Whether it has ended.
    pub is_over: bool,
}

/// The session of an access token, in the access that the token names if the person still has it.
///
/// # Errors
/// Database errors only.
pub async fn find(
    conn: &mut PgConnection,
    id: SessionId,
    access_id: AccessId,
    now: DateTime<Utc>,
) -> AppResult<Option<Found>> {
    let found = sqlx::query_as!(
        Found,
        r#"select s.user_id as "user_id: UserId", a.company_id as "company_id: CompanyId", a.partner_id as "partner_id: PartnerId", a.role as "role: Role",
                  s.last_used_at, (s.revoked_at is not null or s.expires_at <= $3) as "is_over!"
           from sessions s join accesses a on a.id = $2 and a.user_id = s.user_id
           where s.id = $1"#,
        id as SessionId,
        access_id as AccessId,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// Notes that a session was used.
///
/// # Errors
/// Database errors only.
pub async fn touch(conn: &mut PgConnection, id: SessionId, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "update sessions set last_used_at = $2 where id = $1",
        id as SessionId,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
