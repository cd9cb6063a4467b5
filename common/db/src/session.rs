//! Sessions of people.

mod end;
mod list;

use chrono::{DateTime, Utc};
use domain::access::Workplace;
use domain::id::{AccessId, CompanyId, PartnerId, SessionId, UserId};
use domain::party::ContextType;
use domain::role::Role;
use domain::session::Family;
use domain::session::token::Salt;
use sqlx::PgConnection;

use super::access::workplace;
use crate::error::{AppError, AppResult};

pub use end::{revoke, revoke_all, revoke_others, revoke_own};
pub use list::{Listed, list};

/// A session to store.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Its user.
    pub user_id: UserId,
    /// The access of the session.
    pub access_id: AccessId,
    /// Random bytes of its refresh tokens.
    pub salt: Salt,
    /// Browser and system (`domain::browser`).
    pub browser: Option<String>,
}

/// Stores a session that begins now.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, new: &NewSession, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "insert into sessions (id, user_id, access_id, salt, created_at, last_used_at, expires_at, browser)
         values ($1, $2, $3, $4, $5, $5, $6, $7)",
        new.id as SessionId,
        new.user_id as UserId,
        new.access_id as AccessId,
        new.salt.as_slice(),
        now,
        Family::begin(now).expires_at,
        new.browser,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A session as a request finds it.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its user.
    pub user_id: UserId,
    /// The workplace of the session.
    pub workplace: Workplace,
    /// Their role there.
    pub role: Role,
    /// When the session was last used, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// Whether it has ended, or continues in another workplace.
    pub is_over: bool,
}

/// The session of an access token, in the access that the token names if the person still has it and is not disabled.
///
/// # Errors
/// Database errors only.
pub async fn find(
    conn: &mut PgConnection,
    id: SessionId,
    access_id: AccessId,
    now: DateTime<Utc>,
) -> AppResult<Option<Found>> {
    let row = sqlx::query!(
        r#"select s.user_id as "user_id: UserId", a.company_id as "company_id: CompanyId", a.partner_id as "partner_id: PartnerId", a.context_type as "context: ContextType", a.role as "role: Role",
                  s.last_used_at, (s.revoked_at is not null or s.expires_at <= $3 or s.access_id <> $2) as "is_over!"
           from sessions s join accesses a on a.id = $2 and a.user_id = s.user_id
               join users u on u.id = s.user_id and u.disabled_at is null
           where s.id = $1"#,
        id as SessionId,
        access_id as AccessId,
        now,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Found {
            user_id: row.user_id,
            workplace: workplace(row.context, row.company_id, row.partner_id)?,
            role: row.role,
            last_used_at: row.last_used_at,
            is_over: row.is_over,
        })
    })
    .transpose()
}

/// Records that a session was used.
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

/// A session as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Its user.
    pub user_id: UserId,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// When it was ended.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A session of a person.
///
/// # Errors
/// Database errors only.
pub async fn get(conn: &mut PgConnection, user_id: UserId, id: SessionId) -> AppResult<Option<Session>> {
    let session = sqlx::query_as!(
        Session,
        r#"select id as "id: SessionId", user_id as "user_id: UserId", expires_at, last_used_at, revoked_at
           from sessions where user_id = $1 and id = $2"#,
        user_id as UserId,
        id as SessionId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(session)
}

/// A session whose refresh token is presented; its row is locked.
#[derive(Debug, Clone)]
pub struct Locked {
    /// Its user.
    pub user_id: UserId,
    /// The access of the session.
    pub access_id: AccessId,
    /// Random bytes of its refresh tokens.
    pub salt: Salt,
    /// The state that decides which of them are valid.
    pub family: Family,
}

/// Locks a session of a person who is not disabled.
///
/// # Errors
/// Database errors, and a row that no release of this project wrote.
pub async fn lock(conn: &mut PgConnection, id: SessionId) -> AppResult<Option<Locked>> {
    let row = sqlx::query!(
        r#"select s.user_id as "user_id: UserId", s.access_id as "access_id: AccessId", s.salt, s.generation,
                  s.superseded_at, s.repeated_at, s.expires_at, s.revoked_at
           from sessions s join users u on u.id = s.user_id and u.disabled_at is null
           where s.id = $1 for update of s"#,
        id as SessionId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let broken = || AppError::Internal(format!("{id} cannot be read"));
        Ok(Locked {
            user_id: row.user_id,
            access_id: row.access_id,
            salt: row.salt.try_into().map_err(|_| broken())?,
            family: Family {
                generation: row.generation.try_into().map_err(|_| broken())?,
                superseded_at: row.superseded_at,
                repeated_at: row.repeated_at,
                expires_at: row.expires_at,
                revoked_at: row.revoked_at,
            },
        })
    })
    .transpose()
}

/// Stores the new state of a session's refresh tokens, and the time of its use.
///
/// # Errors
/// Database errors, and more generations than can be counted.
pub async fn save(conn: &mut PgConnection, id: SessionId, family: &Family, now: DateTime<Utc>) -> AppResult<()> {
    let generation = i32::try_from(family.generation);
    let generation = generation.map_err(|_| AppError::Internal(format!("{id} has too many generations")))?;
    sqlx::query!(
        "update sessions
         set generation = $2, superseded_at = $3, repeated_at = $4, expires_at = $5, revoked_at = $6, last_used_at = $7
         where id = $1",
        id as SessionId,
        generation,
        &family.superseded_at,
        family.repeated_at,
        family.expires_at,
        family.revoked_at,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves a session of a person to another workplace; false when the session has ended.
///
/// # Errors
/// Database errors only.
pub async fn move_to(
    conn: &mut PgConnection,
    user_id: UserId,
    id: SessionId,
    access_id: AccessId,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let done = sqlx::query!(
        "update sessions set access_id = $3, last_used_at = $4
         where user_id = $1 and id = $2 and revoked_at is null and expires_at > $4",
        user_id as UserId,
        id as SessionId,
        access_id as AccessId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The salt of a session's refresh tokens.
///
/// # Errors
/// Database errors only.
pub async fn salt(conn: &mut PgConnection, id: SessionId) -> AppResult<Option<Vec<u8>>> {
    let salt = sqlx::query_scalar!("select salt from sessions where id = $1", id as SessionId)
        .fetch_optional(conn)
        .await?;
    Ok(salt)
}
