//! Attempts of the jobs of an upload. Each increments `timetable_uploads.attempt` when it begins; what it writes later
//! carries its number, and has no effect once another attempt has begun.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TimetableUploadId};
use domain::timetable::upload::{UploadKind, UploadPhase, UploadStatus};
use serde_json::Value;
use sqlx::PgConnection;

use crate::error::AppResult;

/// An attempt that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its company.
    pub company_id: CompanyId,
    /// The slug of the company.
    pub slug: String,
    /// The names of the company and of its carriers.
    pub names: Vec<String>,
    /// How the timetable was uploaded.
    pub kind: UploadKind,
    /// The number of the attempt, from 1.
    pub attempt: i16,
    /// When it was checked; `None` for an undo that is published without a check.
    pub checked_at: Option<DateTime<Utc>>,
    /// When the timetable with which it was compared had changed last; `None` when nothing was published.
    pub compared_with: Option<DateTime<Utc>>,
}

/// Why an attempt failed.
#[derive(Debug, Clone, Copy)]
pub struct Why<'a> {
    /// In English.
    pub words: &'a str,
    /// In clauses that programs can read.
    pub clauses: &'a Value,
}

/// Begins an attempt at an upload in this state; `None` when it is in another one, or does not exist.
///
/// # Errors
/// Database errors only.
pub async fn begin(conn: &mut PgConnection, id: TimetableUploadId, status: UploadStatus) -> AppResult<Option<Begun>> {
    Ok(sqlx::query_as!(
        Begun,
        r#"update timetable_uploads u
           set attempt = attempt + 1, phase = 'Reading'
           from companies c
           where c.id = u.company_id and u.id = $1 and u.status = $2
           returning u.company_id as "company_id: CompanyId", c.slug, u.kind as "kind: UploadKind", u.attempt,
                     u.checked_at, u.compared_with,
                     array(select c.name union select k.name from carriers k where k.company_id = c.id) as "names!""#,
        id as TimetableUploadId,
        status as UploadStatus,
    )
    .fetch_optional(conn)
    .await?)
}

/// Records the phase of the attempt; nothing happens when it is not the present one any more.
///
/// # Errors
/// Database errors only.
pub async fn note_phase(
    conn: &mut PgConnection,
    id: TimetableUploadId,
    attempt: i16,
    phase: UploadPhase,
) -> AppResult<()> {
    sqlx::query!(
        "update timetable_uploads set phase = $3
         where id = $1 and attempt = $2 and status in ('Checking', 'Publishing')",
        id as TimetableUploadId,
        attempt,
        phase as UploadPhase,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records why the attempt failed; nothing happens when it is not the present one any more.
///
/// # Errors
/// Database errors only.
pub async fn note_failure(conn: &mut PgConnection, id: TimetableUploadId, attempt: i16, why: Why<'_>) -> AppResult<()> {
    sqlx::query!(
        "update timetable_uploads set error_message = $3, error_clauses = $4
         where id = $1 and attempt = $2 and status in ('Checking', 'Publishing')",
        id as TimetableUploadId,
        attempt,
        why.words,
        why.clauses,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the attempt because the feed cannot be used, with what is known about it.
///
/// # Errors
/// Database errors only.
pub async fn refuse(
    conn: &mut PgConnection,
    id: TimetableUploadId,
    attempt: i16,
    why: Why<'_>,
    report: Option<&Value>,
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "update timetable_uploads
         set status = 'Refused', phase = 'Done', error_message = $3, error_clauses = $6,
             report = coalesce($4, report), checked_at = coalesce(checked_at, $5), ended_at = $5
         where id = $1 and attempt = $2 and status in ('Checking', 'Publishing')",
        id as TimetableUploadId,
        attempt,
        why.words,
        report,
        now,
        why.clauses,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a preview that compared the upload with the timetable that had changed last at `compared_with`; nothing happens
/// when the attempt is not the present one any more.
///
/// # Errors
/// Database errors only.
pub async fn previewed(
    conn: &mut PgConnection,
    id: TimetableUploadId,
    attempt: i16,
    report: &Value,
    compared_with: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "update timetable_uploads
         set status = 'Ready', phase = 'Done', report = $3, error_message = null, error_clauses = null,
             checked_at = $4, ended_at = $4, compared_with = $5
         where id = $1 and attempt = $2 and status = 'Checking'",
        id as TimetableUploadId,
        attempt,
        report,
        now,
        compared_with,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a publication, in its transaction. `former` is the timetable that it replaced, `None` when nothing changed:
/// then the former one stays. False when the attempt is not the present one any more.
///
/// # Errors
/// Database errors only.
pub async fn published(
    conn: &mut PgConnection,
    id: TimetableUploadId,
    attempt: i16,
    report: &Value,
    former: Option<&[u8]>,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    if former.is_some() {
        sqlx::query!(
            "update timetable_uploads set former = null
             where company_id = (select company_id from timetable_uploads where id = $1) and former is not null",
            id as TimetableUploadId,
        )
        .execute(&mut *conn)
        .await?;
    }
    let done = sqlx::query!(
        "update timetable_uploads
         set status = 'Published', phase = 'Done', report = $3, error_message = null, error_clauses = null,
             former = $4, published_at = $5, ended_at = $5
         where id = $1 and attempt = $2 and status = 'Publishing'",
        id as TimetableUploadId,
        attempt,
        report,
        former,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The timetable that the latest publication of a company replaced, and when that was.
///
/// # Errors
/// Database errors only.
pub async fn former(
    conn: &mut PgConnection,
    company_id: CompanyId,
) -> AppResult<Option<(Vec<u8>, Option<DateTime<Utc>>)>> {
    let row = sqlx::query!(
        r#"select former as "former!", published_at from timetable_uploads
           where company_id = $1 and former is not null limit 1"#,
        company_id as CompanyId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.former, row.published_at)))
}
