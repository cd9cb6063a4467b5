//! An invitation as its recipient sees it.

use chrono::{DateTime, Utc};
use domain::access::Workplace;
use domain::id::InvitationId;
use domain::role::Role;
use sqlx::PgConnection;

use crate::error::AppResult;

/// An invitation as its recipient sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where to.
    pub place: Workplace,
    /// Name of that place.
    pub name: String,
    /// Who is invited.
    pub email: String,
    /// The role that they get.
    pub role: Role,
    /// Who invites.
    pub inviter: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Whether it was accepted.
    pub is_accepted: bool,
    /// Whether it was withdrawn.
    pub is_withdrawn: bool,
}

/// The workplace and role of an invitation, even if it has ended.
///
/// # Errors
/// Database errors only.
pub async fn seen(conn: &mut PgConnection, id: InvitationId) -> AppResult<Option<Seen>> {
    let row = sqlx::query!(
        r#"select i.company_id, i.partner_id, coalesce(c.name, p.name) as "name!", i.email, i.role as "role: Role",
                  u.first_name || ' ' || u.last_name as "inviter!", i.expires_at,
                  i.accepted_at is not null as "is_accepted!", i.withdrawn_at is not null as "is_withdrawn!"
           from invitations i join users u on u.id = i.invited_by
                left join companies c on c.id = i.company_id left join partners p on p.id = i.partner_id
           where i.id = $1"#,
        id as InvitationId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| {
        let company = row.company_id.map(|id| Workplace::Company(id.into()));
        Some(Seen {
            place: company.or(row.partner_id.map(|id| Workplace::Partner(id.into())))?,
            name: row.name,
            email: row.email,
            role: row.role,
            inviter: row.inviter,
            expires_at: row.expires_at,
            is_accepted: row.is_accepted,
            is_withdrawn: row.is_withdrawn,
        })
    }))
}
