//! Requests to undo a publication, or to check what that would do.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TimetableUploadId, UserId};
use domain::timetable::upload::UploadStatus;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Stores a request to publish the former timetable again, or to check that (by status).
///
/// # Errors
/// Database errors only.
pub async fn insert_undo(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TimetableUploadId,
    by: UserId,
    (status, job_key): (UploadStatus, &str),
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "insert into timetable_uploads (id, company_id, uploaded_by, kind, status, job_key, created_at)
         values ($1, $2, $3, 'Undo', $4, $5, $6)",
        id as TimetableUploadId,
        company_id as CompanyId,
        by as UserId,
        status as UploadStatus,
        job_key,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes the checked undos of a company that were not published: another check replaces them.
///
/// # Errors
/// Database errors only.
pub async fn forget_checked_undos(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    sqlx::query!(
        "delete from timetable_uploads where company_id = $1 and kind = 'Undo' and status = 'Ready'",
        company_id as CompanyId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the company has a former timetable to go back to.
///
/// # Errors
/// Database errors only.
pub async fn has_former(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from timetable_uploads where company_id = $1 and former is not null) as "has!""#,
        company_id as CompanyId,
    )
    .fetch_one(conn)
    .await?)
}
