//! Timetables that companies upload: received and listed. Requests to check and publish them are in `request`, those to
//! undo a publication in `undo`, what jobs write in [`attempt`], what schedules and clean-up need in [`upkeep`].

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TimetableUploadId, UserId};
use domain::timetable::upload::{UploadKind, UploadPhase, UploadStatus};
use serde_json::Value;
use sqlx::PgConnection;

use crate::error::AppResult;

pub mod attempt;
mod request;
mod undo;
pub mod upkeep;

pub use request::{check, compared_with, publish};
pub use undo::{forget_checked_undos, has_former, insert_undo};

/// An upload in its current state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: TimetableUploadId,
    /// How it was uploaded.
    pub kind: UploadKind,
    /// Status.
    pub status: UploadStatus,
    /// The phase of its job.
    pub phase: UploadPhase,
    /// Bytes of its archive.
    pub size_bytes: Option<i64>,
    /// SHA-256 of its archive, in hex.
    pub sha256: Option<String>,
    /// Result of the preview or the publication.
    pub report: Option<Value>,
    /// Why it was refused or failed.
    pub error_message: Option<String>,
    /// The clauses of the error.
    pub error_clauses: Option<Value>,
    /// When it was received.
    pub created_at: DateTime<Utc>,
    /// When its preview ended.
    pub checked_at: Option<DateTime<Utc>>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// When its archive was removed.
    pub removed_at: Option<DateTime<Utc>>,
    /// Whether it is the latest publication of the company.
    pub is_current: bool,
}

/// Waits until no other transaction changes which uploads of the company are unfinished, and keeps further ones waiting
/// until this one ends.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('timetables of ' || $1::uuid::text, 0))",
        company_id as CompanyId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many uploads of a company are not finished, by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfinished {
    /// They are being received.
    pub receiving: i64,
    /// They are being previewed, or wait for that.
    pub checking: i64,
    /// They are being published, or wait for that.
    pub publishing: i64,
}

/// How many uploads of a company are not finished.
///
/// # Errors
/// Database errors only.
pub async fn unfinished(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<Unfinished> {
    Ok(sqlx::query_as!(
        Unfinished,
        r#"select count(*) filter (where status = 'Receiving') as "receiving!",
                  count(*) filter (where status = 'Checking') as "checking!",
                  count(*) filter (where status = 'Publishing') as "publishing!"
           from timetable_uploads where company_id = $1 and status in ('Receiving', 'Checking', 'Publishing')"#,
        company_id as CompanyId,
    )
    .fetch_one(conn)
    .await?)
}

/// Stores an upload that is about to be received.
///
/// # Errors
/// Database errors only.
pub async fn begin(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TimetableUploadId,
    uploaded_by: UserId,
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "insert into timetable_uploads (id, company_id, uploaded_by, status, created_at)
         values ($1, $2, $3, 'Receiving', $4)",
        id as TimetableUploadId,
        company_id as CompanyId,
        uploaded_by as UserId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An archive in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Bytes.
    pub size_bytes: i64,
    /// In hex.
    pub sha256: String,
}

/// Records that an upload was received, and which job previews it.
///
/// # Errors
/// Database errors only.
pub async fn received(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TimetableUploadId,
    archive: &Archive,
    job_key: &str,
) -> AppResult<()> {
    sqlx::query!(
        "update timetable_uploads set status = 'Checking', size_bytes = $3, sha256 = $4, job_key = $5
         where company_id = $1 and id = $2 and status = 'Receiving'",
        company_id as CompanyId,
        id as TimetableUploadId,
        archive.size_bytes,
        archive.sha256,
        job_key,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One upload of a company.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, company_id: CompanyId, id: TimetableUploadId) -> AppResult<Option<Upload>> {
    Ok(sqlx::query_as!(
        Upload,
        r#"select id as "id: TimetableUploadId", kind as "kind: UploadKind", status as "status: UploadStatus",
                  phase as "phase: UploadPhase", size_bytes, sha256, report, error_message, error_clauses, created_at,
                  checked_at, published_at, removed_at,
                  (id = (select p.id from timetable_uploads p where p.company_id = $1 and p.published_at is not null
                        order by p.published_at desc limit 1)) is true as "is_current!"
           from timetable_uploads where company_id = $1 and id = $2 and status <> 'Receiving'"#,
        company_id as CompanyId,
        id as TimetableUploadId,
    )
    .fetch_optional(conn)
    .await?)
}

/// Uploads of a company, newest first and without their reports, and how many there are in all.
///
/// # Errors
/// Database errors only.
pub async fn page(
    conn: &mut PgConnection,
    company_id: CompanyId,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<Upload>, i64)> {
    let uploads = sqlx::query_as!(
        Upload,
        r#"select id as "id: TimetableUploadId", kind as "kind: UploadKind", status as "status: UploadStatus",
                  phase as "phase: UploadPhase", size_bytes, sha256, null::jsonb as report, error_message, error_clauses,
                  created_at, checked_at, published_at, removed_at,
                  (id = (select p.id from timetable_uploads p where p.company_id = $1 and p.published_at is not null
                        order by p.published_at desc limit 1)) is true as "is_current!"
           from timetable_uploads where company_id = $1 and status <> 'Receiving'
           order by id desc limit $2 offset $3"#,
        company_id as CompanyId,
        take,
        skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from timetable_uploads where company_id = $1 and status <> 'Receiving'"#,
        company_id as CompanyId,
    )
    .fetch_one(conn)
    .await?;
    Ok((uploads, total))
}
