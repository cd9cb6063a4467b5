//! Invitations of people into a company or to a partner.

use chrono::{DateTime, Utc};
use domain::access::Workplace;
use domain::id::{AccessId, InvitationId, UserId};
use domain::language::StaffLanguage;
use domain::party::ContextType;
use domain::role::Role;
use sqlx::PgConnection;

use crate::access::columns;
use crate::error::AppResult;

mod mail;
mod seen;

pub use mail::{InvitationContents, contents, mark_sent};
pub use seen::{Seen, seen};

/// An invitation, as its workplace sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub email: String,
    /// The role that they get.
    pub role: Role,
    /// Language of the mail.
    pub language: StaffLanguage,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When the mail left.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Stores an invitation that `invited_by` wrote; `link` is the one in the mail.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    place: Workplace,
    new: &Invitation,
    invited_by: UserId,
    link: &str,
) -> AppResult<()> {
    let (_, company, partner) = columns(place);
    sqlx::query!(
        "insert into invitations (id, company_id, partner_id, email, role, language, invited_by, link, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        new.id as InvitationId,
        company,
        partner,
        new.email,
        new.role as Role,
        new.language as StaffLanguage,
        invited_by as UserId,
        link,
        new.created_at,
        new.expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Withdraws the open invitation of an address to a place, if there is one, because of a new one.
///
/// # Errors
/// Database errors only.
pub async fn supersede(conn: &mut PgConnection, place: Workplace, email: &str, now: DateTime<Utc>) -> AppResult<()> {
    let (_, company, partner) = columns(place);
    sqlx::query!(
        "update invitations set withdrawn_at = $4, link = null
         where company_id is not distinct from $1 and partner_id is not distinct from $2 and email = $3
           and accepted_at is null and withdrawn_at is null",
        company,
        partner,
        email,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The invitations of a place that can still be accepted, newest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn open(
    conn: &mut PgConnection,
    place: Workplace,
    take: i64,
    skip: i64,
    now: DateTime<Utc>,
) -> AppResult<(Vec<Invitation>, i64)> {
    let (_, company, partner) = columns(place);
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from invitations
           where (company_id = $1 or partner_id = $2) and accepted_at is null and withdrawn_at is null and expires_at > $3"#,
        company,
        partner,
        now,
    )
    .fetch_one(&mut *conn)
    .await?;
    let invitations = sqlx::query_as!(
        Invitation,
        r#"select id as "id: InvitationId", email, role as "role: Role", language as "language: StaffLanguage", created_at,
                  expires_at, sent_at
           from invitations
           where (company_id = $1 or partner_id = $2) and accepted_at is null and withdrawn_at is null and expires_at > $3
           order by id desc limit $4 offset $5"#,
        company,
        partner,
        now,
        take,
        skip,
    )
    .fetch_all(conn)
    .await?;
    Ok((invitations, total))
}

/// Withdraws an invitation of a workplace; the time of the first withdrawal stays. Whether it was not withdrawn until
/// now; `None` when the workplace has no such invitation, or it was accepted.
///
/// # Errors
/// Database errors only.
pub async fn withdraw(
    conn: &mut PgConnection,
    place: Workplace,
    id: InvitationId,
    now: DateTime<Utc>,
) -> AppResult<Option<bool>> {
    let (_, company, partner) = columns(place);
    Ok(sqlx::query_scalar!(
        r#"with before as (
               select id, withdrawn_at from invitations
               where id = $3 and (company_id = $1 or partner_id = $2) and accepted_at is null
               for no key update
           )
           update invitations i set withdrawn_at = coalesce(before.withdrawn_at, $4), link = null
           from before where i.id = before.id
           returning before.withdrawn_at is null as "is_new!""#,
        company,
        partner,
        id as InvitationId,
        now,
    )
    .fetch_optional(conn)
    .await?)
}

/// Withdraws the open invitations that a user wrote, to one place or to all.
///
/// # Errors
/// Database errors only.
pub async fn withdraw_by(
    conn: &mut PgConnection,
    invited_by: UserId,
    place: Option<Workplace>,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let (company, partner) = place.map_or((None, None), |place| {
        let (_, company, partner) = columns(place);
        (company, partner)
    });
    sqlx::query!(
        "update invitations set withdrawn_at = $2, link = null
         where invited_by = $1 and accepted_at is null and withdrawn_at is null
           and ($3 or company_id = $4 or partner_id = $5)",
        invited_by as UserId,
        now,
        place.is_none(),
        company,
        partner,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When invitations of an address to a place were written since an instant: the latest times, at most `limit`, newest
/// first.
///
/// # Errors
/// Database errors only.
pub async fn times(
    conn: &mut PgConnection,
    place: Workplace,
    email: &str,
    since: DateTime<Utc>,
    limit: i64,
) -> AppResult<Vec<DateTime<Utc>>> {
    let (_, company, partner) = columns(place);
    Ok(sqlx::query_scalar!(
        "select created_at from invitations
         where (company_id = $1 or partner_id = $2) and email = $3 and created_at > $4
         order by created_at desc limit $5",
        company,
        partner,
        email,
        since,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// An invitation that is being accepted; its row is locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepting {
    /// Where to.
    pub place: Workplace,
    /// Name of that place.
    pub name: String,
    /// Who is invited.
    pub email: String,
    /// The role that they get.
    pub role: Role,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Whether it was accepted or withdrawn.
    pub is_over: bool,
}

/// Locks an invitation.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, id: InvitationId) -> AppResult<Option<Accepting>> {
    let row = sqlx::query!(
        r#"select i.company_id, i.partner_id, coalesce(c.name, p.name) as "name!", i.email, i.role as "role: Role",
                  i.expires_at, (i.accepted_at is not null or i.withdrawn_at is not null) as "is_over!"
           from invitations i left join companies c on c.id = i.company_id left join partners p on p.id = i.partner_id
           where i.id = $1 for update of i"#,
        id as InvitationId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| {
        let company = row.company_id.map(|id| Workplace::Company(id.into()));
        Some(Accepting {
            place: company.or(row.partner_id.map(|id| Workplace::Partner(id.into())))?,
            name: row.name,
            email: row.email,
            role: row.role,
            expires_at: row.expires_at,
            is_over: row.is_over,
        })
    }))
}

/// Gives a person an access by invitation; returns the role there. An administrator keeps that role.
///
/// # Errors
/// Database errors only.
pub async fn join(conn: &mut PgConnection, user_id: UserId, place: Workplace, role: Role) -> AppResult<Role> {
    let (context, company, partner) = columns(place);
    Ok(sqlx::query_scalar!(
        r#"insert into accesses (user_id, id, context_type, company_id, partner_id, role)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (user_id, company_id, partner_id) do update
               set role = case accesses.role when 'ADMIN' then accesses.role else excluded.role end
           returning role as "role: Role""#,
        user_id as UserId,
        AccessId::new().0,
        context as ContextType,
        company,
        partner,
        role as Role,
    )
    .fetch_one(conn)
    .await?)
}

/// Records that an invitation was accepted.
///
/// # Errors
/// Database errors only.
pub async fn accept(conn: &mut PgConnection, id: InvitationId, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "update invitations set accepted_at = $2, link = null where id = $1",
        id as InvitationId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
