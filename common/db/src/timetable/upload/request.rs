//! Requests to check or publish an upload.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TimetableUploadId};
use sqlx::PgConnection;

use crate::error::AppResult;

/// Begins to check an upload again that was not published; false when its state does not allow it.
///
/// # Errors
/// Database errors only.
pub async fn check(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TimetableUploadId,
    job_key: &str,
) -> AppResult<bool> {
    let begun = sqlx::query!(
        "update timetable_uploads set status = 'Checking', phase = 'Waiting', job_key = $3, report = null,
             error_message = null, error_clauses = null, compared_with = null, checked_at = null, ended_at = null
         where company_id = $1 and id = $2 and removed_at is null and status in ('Ready', 'Refused', 'Failed')",
        company_id as CompanyId,
        id as TimetableUploadId,
        job_key,
    )
    .execute(conn)
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// When the timetable with which an upload was compared had changed last; `None` when nothing was published.
///
/// # Errors
/// Database errors only.
pub async fn compared_with(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TimetableUploadId,
) -> AppResult<Option<DateTime<Utc>>> {
    let found = sqlx::query_scalar!(
        "select compared_with from timetable_uploads where company_id = $1 and id = $2",
        company_id as CompanyId,
        id as TimetableUploadId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.flatten())
}

/// Begins to publish an upload that was previewed; false when its state does not allow it.
///
/// # Errors
/// Database errors only.
pub async fn publish(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TimetableUploadId,
    job_key: &str,
) -> AppResult<bool> {
    let begun = sqlx::query!(
        "update timetable_uploads set status = 'Publishing', phase = 'Waiting', job_key = $3, error_message = null,
             error_clauses = null, ended_at = null
         where company_id = $1 and id = $2 and removed_at is null
             and (status = 'Ready' or status = 'Failed' and checked_at is not null)",
        company_id as CompanyId,
        id as TimetableUploadId,
        job_key,
    )
    .execute(conn)
    .await?;
    Ok(begun.rows_affected() == 1)
}
