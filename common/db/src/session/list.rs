//! The sessions of a person, as a list.

use chrono::{DateTime, Utc};
use domain::access::Workplace;
use domain::id::{CompanyId, PartnerId, SessionId, UserId};
use domain::party::ContextType;
use sqlx::PgConnection;

use crate::access::{PLATFORM_NAME, workplace};
use crate::error::AppResult;

/// A session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: SessionId,
    /// Where the person works in it.
    pub workplace: Workplace,
    /// Name of that place.
    pub name: String,
    /// Browser and system at sign-in.
    pub browser: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

/// A page of a person's sessions that have not ended, those used last first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(
    conn: &mut PgConnection,
    user_id: UserId,
    take: i64,
    skip: i64,
    now: DateTime<Utc>,
) -> AppResult<(Vec<Listed>, i64)> {
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from sessions where user_id = $1 and revoked_at is null and expires_at > $2"#,
        user_id as UserId,
        now,
    )
    .fetch_one(&mut *conn)
    .await?;
    let rows = sqlx::query!(
        r#"select s.id as "id: SessionId", a.company_id as "company_id: CompanyId", a.partner_id as "partner_id: PartnerId",
                  a.context_type as "context: ContextType", coalesce(c.name, p.name) as name, s.browser, s.created_at,
                  s.last_used_at, s.expires_at
           from sessions s join accesses a on a.id = s.access_id
                left join companies c on c.id = a.company_id left join partners p on p.id = a.partner_id
           where s.user_id = $1 and s.revoked_at is null and s.expires_at > $2
           order by s.last_used_at desc, s.id desc limit $3 offset $4"#,
        user_id as UserId,
        now,
        take,
        skip,
    )
    .fetch_all(conn)
    .await?;
    let listed = rows.into_iter().map(|row| {
        Ok(Listed {
            id: row.id,
            workplace: workplace(row.context, row.company_id, row.partner_id)?,
            name: row.name.unwrap_or_else(|| PLATFORM_NAME.to_owned()),
            browser: row.browser,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
        })
    });
    Ok((listed.collect::<AppResult<_>>()?, total))
}
