//! Uploads of timetables in a story.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TimetableUploadId, UserId};
use domain::timetable::upload::{UploadKind, UploadPhase, UploadStatus};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: TimetableUploadId,
    /// The company.
    pub company_id: CompanyId,
    /// Who uploaded it, or asked for the former timetable.
    pub uploaded_by: Option<UserId>,
    /// How the timetable was uploaded.
    pub kind: UploadKind,
    /// Status.
    pub status: UploadStatus,
    /// The phase of its job.
    pub phase: UploadPhase,
    /// Attempts of its jobs that have begun.
    pub attempt: i16,
    /// Key of its latest job.
    pub job_key: Option<String>,
    /// Bytes of its archive.
    pub size_bytes: Option<i64>,
    /// Why it was refused or failed, or why the last attempt did.
    pub error_message: Option<String>,
    /// When it arrived.
    pub created_at: DateTime<Utc>,
    /// When its preview ended.
    pub checked_at: Option<DateTime<Utc>>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// When its preview or publication ended, the later of the two.
    pub ended_at: Option<DateTime<Utc>>,
    /// When its archive was removed.
    pub removed_at: Option<DateTime<Utc>>,
}

/// These uploads, at most `limit`.
///
/// # Errors
/// Database errors only.
pub async fn uploads(conn: &mut PgConnection, ids: &[TimetableUploadId], limit: i64) -> AppResult<Vec<Upload>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        Upload,
        r#"select id as "id: TimetableUploadId", company_id as "company_id: CompanyId",
                  uploaded_by as "uploaded_by: UserId", kind as "kind: UploadKind", status as "status: UploadStatus",
                  phase as "phase: UploadPhase", attempt, job_key, size_bytes, error_message, created_at, checked_at,
                  published_at, ended_at, removed_at
           from timetable_uploads where id = any($1) order by id limit $2"#,
        &ids,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
