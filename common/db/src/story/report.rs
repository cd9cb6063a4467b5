//! Reports in a story, with the schedules that they were made for and the mails about them.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, ReportId, ReportMailId, ReportRunId, ReportScheduleId, UserId};
use domain::report::ReportStatus;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// The company.
    pub company_id: CompanyId,
    /// Who asked for it, or planned the schedule that did; `None` when they have left.
    pub requested_by: Option<UserId>,
    /// Status.
    pub status: ReportStatus,
    /// Attempts that have begun.
    pub attempt: i16,
    /// Percent.
    pub progress: i16,
    /// Why the last attempt failed.
    pub error_message: Option<String>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When its job was written.
    pub admitted_at: Option<DateTime<Utc>>,
    /// When its first attempt began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was completed or failed.
    pub ended_at: Option<DateTime<Utc>>,
    /// When its file was removed.
    pub removed_at: Option<DateTime<Utc>>,
    /// The request.
    pub request_id: Option<String>,
}

/// The report with this id, or those that a request asked for, at most `limit`.
///
/// # Errors
/// Database errors only.
pub async fn reports(
    conn: &mut PgConnection,
    id: Option<ReportId>,
    request_id: Option<&str>,
    limit: i64,
) -> AppResult<Vec<Report>> {
    Ok(sqlx::query_as!(
        Report,
        r#"select id as "id: ReportId", company_id as "company_id: CompanyId",
                  requested_by as "requested_by: UserId", status as "status: ReportStatus", attempt, progress,
                  error_message, created_at, admitted_at, started_at, ended_at, removed_at, request_id
           from reports where id = $1 or request_id = $2 order by id limit $3"#,
        id.map(|id| id.0),
        request_id,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// A time that a schedule of reports was due, for which a report was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRun {
    /// Its id.
    pub id: ReportRunId,
    /// The report.
    pub report_id: ReportId,
    /// The schedule.
    pub schedule_id: ReportScheduleId,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When the job was written that writes the mails.
    pub passed_on_at: Option<DateTime<Utc>>,
}

/// The times for which these reports were made, at most `limit`.
///
/// # Errors
/// Database errors only.
pub async fn report_runs(conn: &mut PgConnection, reports: &[ReportId], limit: i64) -> AppResult<Vec<ReportRun>> {
    let reports: Vec<Uuid> = reports.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        ReportRun,
        r#"select id as "id: ReportRunId", report_id as "report_id!: ReportId",
                  schedule_id as "schedule_id: ReportScheduleId", due_at, passed_on_at
           from report_runs where report_id = any($1) order by id limit $2"#,
        &reports,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// A mail about a scheduled report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportMail {
    /// Its id.
    pub id: ReportMailId,
    /// The time of the schedule.
    pub run_id: ReportRunId,
    /// Address of the recipient: personal data, to be masked.
    pub recipient: String,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// Reply of the mail server that accepted it.
    pub reply: Option<String>,
}

/// The mails of these times, at most `limit`.
///
/// # Errors
/// Database errors only.
pub async fn report_mails(conn: &mut PgConnection, runs: &[ReportRunId], limit: i64) -> AppResult<Vec<ReportMail>> {
    let runs: Vec<Uuid> = runs.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        ReportMail,
        r#"select id as "id: ReportMailId", run_id as "run_id: ReportRunId", recipient, created_at, sent_at, reply
           from report_mails where run_id = any($1) order by id limit $2"#,
        &runs,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// The report of a time that a schedule was due, or of a mail; `None` when there is none yet.
///
/// # Errors
/// Database errors only.
pub async fn report_of(conn: &mut PgConnection, run_or_mail: Uuid) -> AppResult<Option<ReportId>> {
    Ok(sqlx::query_scalar!(
        r#"select report_id as "report_id!: ReportId" from report_runs
           where id = any(array[$1::uuid, (select run_id from report_mails where id = $1::uuid)])
             and report_id is not null"#,
        run_or_mail,
    )
    .fetch_optional(conn)
    .await?)
}
