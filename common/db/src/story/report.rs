//! Reports in a story.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, ReportId, UserId};
use domain::report::ReportStatus;
use sqlx::PgConnection;

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
        r#"select id as "id: ReportId", company_id as "company_id: CompanyId", requested_by as "requested_by: UserId",
                  status as "status: ReportStatus", attempt, progress, error_message, created_at, admitted_at, started_at, ended_at, removed_at, request_id
           from reports where id = $1 or request_id = $2 order by id limit $3"#,
        id.map(|id| id.0),
        request_id,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
