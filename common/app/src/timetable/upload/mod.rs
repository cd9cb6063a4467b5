//! Timetables that companies upload: receiving ([`receive`]) and listing. Requests for a publication are in
//! `publication`, those for another check in `check`, those for an undo or its check in `undo`, the jobs in `process`,
//! removal of archives in `cleanup`.
//!
//! An upload is received into the store, previewed by a job, and published by another one, in one transaction with its
//! status, so that a repeated job finds that it is done. The timetable that a publication replaces is kept with it, so
//! that it can be restored ([`undo()`]), regardless of who imported it.

use chrono::{DateTime, Utc};
pub use db::timetable::upload::Upload as Stored;
use domain::id::{CompanyId, TimetableUploadId};
use ledger::{Cause, NewJob};
use sqlx::{PgConnection, PgPool};

use crate::error::{AppError, AppResult, Noun};
use crate::work::Tx;

mod attempt;
mod check;
mod cleanup;
pub(crate) mod importer;
pub(crate) mod process;
mod publication;
mod receive;
mod report;
mod undo;

pub use check::check;
pub use cleanup::{TimetableCleanupError, cleanup};
pub use importer::{TimetableError, TimetableImporter};
pub use process::{Processed, preview, publish as run_publication};
pub use publication::publish;
pub use receive::{Destination, ReceiveError, receive};
pub use report::{KindCounts, Lines, Listed, Rejected, Said, SoldReport, StoredCounts, UploadReport};
pub use undo::{NO_FORMER, check_undo, undo};

/// The refusal to read an archive that the retention has removed.
pub const ARCHIVE_REMOVED: AppError = AppError::Gone("The archive was removed after its retention");

/// The refusal of one more preview than a company may have at a time.
pub const TOO_MANY: AppError = AppError::TimetableConflict("Too many timetables of the company are being checked");

/// The refusal to check an upload that is being checked or published, or was published.
pub const NOT_CHECKABLE: AppError =
    AppError::TimetableConflict("Only a timetable that was checked and not published can be checked again");

/// The refusal to publish an upload in another state than ready.
pub const NOT_READY: AppError = AppError::TimetableConflict("Only a timetable that is ready can be published");

/// An upload in its current state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The upload.
    pub stored: Stored,
    /// Result of its preview or publication; not in lists.
    pub report: Option<UploadReport>,
    /// Clauses of the reason why it was refused or failed; empty for an upload from before clauses were stored.
    pub error_clauses: Vec<Said>,
}

impl Upload {
    fn read(stored: Stored) -> AppResult<Self> {
        let broken = |error| AppError::Internal(format!("the report of an upload cannot be decoded: {error}"));
        let report = stored
            .report
            .clone()
            .map(serde_json::from_value)
            .transpose()
            .map_err(broken)?;
        let error_clauses = stored
            .error_clauses
            .clone()
            .map(serde_json::from_value)
            .transpose()
            .map_err(broken)?;
        Ok(Self {
            stored,
            report,
            error_clauses: error_clauses.unwrap_or_default(),
        })
    }
}

/// A page of the uploads of a company.
#[derive(Debug)]
pub struct Uploads {
    /// Newest first and without their reports.
    pub uploads: Vec<Upload>,
    /// How many there are in all.
    pub total: i64,
    /// Whether there is a former timetable to restore.
    pub can_undo: bool,
}

/// A page of the uploads of a company.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, company_id: CompanyId, take: u32, skip: u32) -> AppResult<Uploads> {
    let mut tx = db::snapshot(pool).await?;
    let (uploads, total) = db::timetable::upload::page(&mut tx, company_id, take.into(), skip.into()).await?;
    Ok(Uploads {
        uploads: uploads.into_iter().map(Upload::read).collect::<AppResult<_>>()?,
        total,
        can_undo: db::timetable::upload::has_former(&mut tx, company_id).await?,
    })
}

/// One upload of a company.
///
/// # Errors
/// Not found when it is unknown or another company's.
pub async fn get(pool: &PgPool, company_id: CompanyId, id: TimetableUploadId) -> AppResult<Upload> {
    found(&mut *pool.acquire().await?, company_id, id).await
}

async fn found(conn: &mut PgConnection, company_id: CompanyId, id: TimetableUploadId) -> AppResult<Upload> {
    let upload = db::timetable::upload::find(conn, company_id, id).await?;
    Upload::read(upload.ok_or(AppError::NotFound(Noun::Resource))?)
}

/// Enqueues the job of a request on an upload, commits, and returns the upload as the request left it.
async fn begun(
    mut tx: Tx,
    (company_id, id): (CompanyId, TimetableUploadId),
    job: NewJob,
    cause: &Cause,
    now: DateTime<Utc>,
) -> AppResult<Upload> {
    ledger::enqueue(&mut tx, now, cause, &[job]).await?;
    trace::note("timetable_upload", id);
    let upload = found(&mut tx, company_id, id).await?;
    tx.commit().await?;
    Ok(upload)
}

fn require_archive(upload: &Upload) -> AppResult<()> {
    match upload.stored.removed_at {
        None => Ok(()),
        Some(_) => Err(ARCHIVE_REMOVED),
    }
}
