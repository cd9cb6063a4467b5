//! The people of a company or a partner.

use chrono::{DateTime, Utc};
use domain::access::Workplace;
use domain::id::UserId;
use domain::role::Role;
use sqlx::PgConnection;

use crate::access::columns;
use crate::error::AppResult;

/// A person who works in a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Their user.
    pub id: UserId,
    /// Mail address, lower case.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Their role in the place.
    pub role: Role,
    /// Whether the platform has barred them from signing in.
    pub is_disabled: bool,
    /// When they last used a session there, to the minute, as far as their sessions are kept.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// The people of a place, by name, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(conn: &mut PgConnection, place: Workplace, take: i64, skip: i64) -> AppResult<(Vec<Colleague>, i64)> {
    let (_, company, partner) = columns(place);
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from accesses where company_id = $1 or partner_id = $2"#,
        company,
        partner,
    )
    .fetch_one(&mut *conn)
    .await?;
    let people = sqlx::query_as!(
        Colleague,
        r#"select u.id as "id: UserId", u.email, u.first_name, u.last_name, a.role as "role: Role",
                  u.disabled_at is not null as "is_disabled!",
                  (select max(last_used_at) from sessions s where s.access_id = a.id) as last_seen_at
           from accesses a join users u on u.id = a.user_id
           where a.company_id = $1 or a.partner_id = $2
           order by u.last_name, u.first_name, u.id limit $3 offset $4"#,
        company,
        partner,
        take,
        skip,
    )
    .fetch_all(conn)
    .await?;
    Ok((people, total))
}

/// One of the people of a place.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, place: Workplace, id: UserId) -> AppResult<Option<Colleague>> {
    let (_, company, partner) = columns(place);
    Ok(sqlx::query_as!(
        Colleague,
        r#"select u.id as "id: UserId", u.email, u.first_name, u.last_name, a.role as "role: Role",
                  u.disabled_at is not null as "is_disabled!",
                  (select max(last_used_at) from sessions s where s.access_id = a.id) as last_seen_at
           from accesses a join users u on u.id = a.user_id
           where (a.company_id = $1 or a.partner_id = $2) and a.user_id = $3"#,
        company,
        partner,
        id as UserId,
    )
    .fetch_optional(conn)
    .await?)
}

/// Locks the accesses of the administrators of a workplace who can sign in, and returns their ids. Concurrent removals
/// of administrators wait for each other.
///
/// # Errors
/// Database errors only.
pub async fn lock_admins(conn: &mut PgConnection, place: Workplace) -> AppResult<Vec<UserId>> {
    let (_, company, partner) = columns(place);
    let ids = sqlx::query_scalar!(
        r#"select a.user_id as "id: UserId" from accesses a join users u on u.id = a.user_id
           where (a.company_id = $1 or a.partner_id = $2) and a.role = 'ADMIN' and u.disabled_at is null
           order by a.id for update of a"#,
        company,
        partner,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// Whether the person of a mail address works in a place.
///
/// # Errors
/// Database errors only.
pub async fn works_there(conn: &mut PgConnection, place: Workplace, email: &str) -> AppResult<bool> {
    let (_, company, partner) = columns(place);
    let works = sqlx::query_scalar!(
        r#"select exists (
               select from accesses a join users u on u.id = a.user_id
               where (a.company_id = $1 or a.partner_id = $2) and u.email = $3
           ) as "works!""#,
        company,
        partner,
        email,
    )
    .fetch_one(conn)
    .await?;
    Ok(works)
}
