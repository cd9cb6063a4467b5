//! Mails about scheduled reports, one for each recipient.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{ReportMailId, ReportRunId};
use domain::language::Language;
use domain::report::DateField;
use sqlx::PgConnection;

use crate::error::AppResult;

/// A link to the file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The link.
    pub url: String,
    /// Until when it works.
    pub ends_at: DateTime<Utc>,
}

/// Writes the mails of a run to the recipients of its schedule, except for users who are barred from signing in.
/// Returns the new ones: there is one for each recipient, even if they are written repeatedly.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    run_id: ReportRunId,
    link: Option<&Link>,
    now: DateTime<Utc>,
) -> AppResult<Vec<ReportMailId>> {
    // As many as a schedule may have recipients.
    let ids: Vec<_> = (0..domain::report::schedule::MAX_RECIPIENTS)
        .map(|_| ReportMailId::new().0)
        .collect();
    Ok(sqlx::query_scalar!(
        r#"insert into report_mails (id, run_id, recipient, link, link_ends_at, created_at)
           select ids.id, run.id, to_whom.address, $3, $4, $5
           from report_runs run
           join report_schedules s on s.id = run.schedule_id
           cross join lateral unnest(s.recipients) with ordinality as to_whom (address, place)
           join unnest($2::uuid[]) with ordinality as ids (id, place) on ids.place = to_whom.place
           where run.id = $1 and not exists (
               select from users u where u.email = lower(to_whom.address) and u.disabled_at is not null
           )
           on conflict (run_id, recipient) do nothing
           returning id as "id: ReportMailId""#,
        run_id as ReportRunId,
        &ids,
        link.map(|link| link.url.as_str()),
        link.map(|link| link.ends_at),
        now,
    )
    .fetch_all(conn)
    .await?)
}

/// Contents of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailContents {
    /// The recipient.
    pub recipient: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it left.
    pub sent_at: Option<DateTime<Utc>>,
    /// The link; `None` when the mail has left, or there is no file.
    pub link: Option<String>,
    /// Until when the link works; `None` when there is no file.
    pub link_ends_at: Option<DateTime<Utc>>,
    /// Its language.
    pub language: Language,
    /// Name of the company.
    pub company: String,
    /// Its mail address, for replies.
    pub company_email: Option<String>,
    /// IANA name of its zone.
    pub time_zone: String,
    /// First day of the report.
    pub date_from: NaiveDate,
    /// Last day.
    pub date_to: NaiveDate,
    /// Days of what.
    pub date_field: DateField,
    /// Tickets in it.
    pub tickets: Option<i64>,
}

/// Contents of a mail; `None` when its schedule was deleted, the recipient was removed from it, or is a user who has been
/// barred from signing in.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, id: ReportMailId) -> AppResult<Option<MailContents>> {
    Ok(sqlx::query_as!(
        MailContents,
        r#"select m.recipient, m.created_at, m.sent_at, m.link, m.link_ends_at, s.language as "language: Language",
                  c.name as company, c.email as company_email, c.time_zone, r.date_from as "date_from!",
                  r.date_to as "date_to!", r.date_field as "date_field!: DateField", r.row_count as tickets
           from report_mails m join report_runs run on run.id = m.run_id
                join report_schedules s on s.id = run.schedule_id join companies c on c.id = s.company_id
                join reports r on r.id = run.report_id
           where m.id = $1
             and exists (select from unnest(s.recipients) as one where lower(one) = lower(m.recipient))
             and not exists (select from users u where u.email = lower(m.recipient) and u.disabled_at is not null)"#,
        id as ReportMailId,
    )
    .fetch_optional(conn)
    .await?)
}

/// Records that a mail has left and the reply of the mail server, if that has words, and forgets the link. If it leaves
/// again, time and reply are still those of the first time.
///
/// # Errors
/// Database errors only.
pub async fn mark_sent(conn: &mut PgConnection, id: ReportMailId, now: DateTime<Utc>, reply: &str) -> AppResult<()> {
    sqlx::query!(
        "update report_mails
         set sent_at = coalesce(sent_at, $2), link = null,
             reply = case when sent_at is null then nullif($3::text, '') else reply end
         where id = $1",
        id as ReportMailId,
        now,
        reply,
    )
    .execute(conn)
    .await?;
    Ok(())
}
