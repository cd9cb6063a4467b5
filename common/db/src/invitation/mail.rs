//! The mails of invitations.

use chrono::{DateTime, Utc};
use domain::id::InvitationId;
use domain::language::StaffLanguage;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Contents of the mail of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationContents {
    /// Who is invited.
    pub email: String,
    /// Language of the mail.
    pub language: StaffLanguage,
    /// Name of the company or the partner.
    pub place: String,
    /// Who invites.
    pub inviter: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// IANA name of the time zone of the company; UTC for a partner.
    pub time_zone: String,
    /// Where it can be accepted; `None` if the mail has been sent, or the invitation has ended.
    pub link: Option<String>,
}

/// Contents of the mail of an invitation.
///
/// # Errors
/// Database errors only.
pub async fn contents(
    conn: &mut PgConnection,
    id: InvitationId,
    now: DateTime<Utc>,
) -> AppResult<Option<InvitationContents>> {
    Ok(sqlx::query_as!(
        InvitationContents,
        r#"select i.email, i.language as "language: StaffLanguage", coalesce(c.name, p.name) as "place!",
                  u.first_name || ' ' || u.last_name as "inviter!", i.created_at, i.expires_at,
                  coalesce(c.time_zone, 'UTC') as "time_zone!",
                  case when i.expires_at > $2 then i.link end as link
           from invitations i join users u on u.id = i.invited_by
                left join companies c on c.id = i.company_id left join partners p on p.id = i.partner_id
           where i.id = $1"#,
        id as InvitationId,
        now,
    )
    .fetch_optional(conn)
    .await?)
}

/// Records that the mail of an invitation has been sent, and deletes its link.
///
/// # Errors
/// Database errors only.
pub async fn mark_sent(conn: &mut PgConnection, id: InvitationId, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "update invitations set sent_at = coalesce(sent_at, $2), link = null where id = $1",
        id as InvitationId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
