//! Timetables that companies upload: receiving ([`receive`]), listing, and requesting publication or undo. Requests for
//! another check are in `check`, the jobs in `process`, removal of archives in `cleanup`.
//!
//! An upload is received into the store, previewed by a job, and published by another one, in one transaction with its
//! status, so that a repeated job finds that it is done. The timetable that a publication replaces is kept with it, so
//! that it can be restored ([`undo`]), regardless of who imported it.

use chrono::{DateTime, Utc};
use db::timetable::company_feed;
pub use db::timetable::upload::Upload as Stored;
use domain::id::{CompanyId, TimetableUploadId, UserId};
use domain::timetable::upload::{UploadKind, UploadStatus};
use kernel::clock::Clock;
use ledger::{Cause, NewJob};
use sqlx::{PgConnection, PgPool};

use crate::error::{AppError, AppResult, Noun};
use crate::jobs::timetable_publish;
use crate::ops::Operator;
use crate::work::{Tx, Work};

mod attempt;
mod check;
mod cleanup;
mod importer;
mod process;
mod receive;
mod report;

pub use check::{check, check_undo};
pub use cleanup::{TimetableCleanupError, cleanup};
pub use importer::{TimetableError, TimetableImporter};
pub use process::{Processed, preview, publish as run_publication};
pub use receive::{Destination, ReceiveError, receive};
pub use report::{KindCounts, Lines, Listed, Rejected, Said, SoldReport, StoredCounts, UploadReport};

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
        let broken = |error| AppError::Internal(format!("the report of an upload does not decode: {error}"));
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

/// Requests the publication of an upload that was previewed.
///
/// # Errors
/// Not found; [`AppError::TimetableConflict`] when its status does not allow it, another one is being published, or the
/// published timetable has changed since the preview; gone when its archive was removed.
pub async fn publish(
    work: &Work,
    clock: &Clock,
    by: &Operator,
    company_id: CompanyId,
    id: TimetableUploadId,
    cause: &Cause,
) -> AppResult<Upload> {
    let now = clock.now();
    let mut tx = work.begin().await?;
    db::timetable::upload::lock(&mut tx, company_id).await?;
    let upload = found(&mut tx, company_id, id).await?;
    require_archive(&upload)?;
    require_none_publishing(&mut tx, company_id).await?;
    let (key, job) = job(id, now)?;
    if !db::timetable::upload::publish(&mut tx, company_id, id, &key).await? {
        return Err(AppError::TimetableConflict(
            "Only a timetable that is ready can be published",
        ));
    }
    // The job decides this again: the timetable may change until then.
    require_unchanged(&mut tx, company_id, id).await?;
    let place = [("place", company_id.to_string().into())];
    let action = match upload.stored.kind {
        UploadKind::Upload => "timetable.publish",
        UploadKind::Undo => "timetable.undo",
    };
    by.record(&mut tx, now, action, &id.to_string(), place).await?;
    begun(tx, (company_id, id), job, cause, now).await
}

/// Requests that the timetable which the latest publication replaced is restored.
///
/// # Errors
/// [`AppError::TimetableConflict`] when there is none, or a timetable is being published.
pub async fn undo(
    work: &Work,
    clock: &Clock,
    by: &Operator,
    (company_id, user_id): (CompanyId, UserId),
    cause: &Cause,
) -> AppResult<Upload> {
    let (now, id) = (clock.now(), TimetableUploadId::new());
    let mut tx = work.begin().await?;
    db::timetable::upload::lock(&mut tx, company_id).await?;
    require_none_publishing(&mut tx, company_id).await?;
    require_former(&mut tx, company_id).await?;
    let (key, job) = job(id, now)?;
    db::timetable::upload::insert_undo(
        &mut tx,
        company_id,
        id,
        user_id,
        (UploadStatus::Publishing, key.as_str()),
        now,
    )
    .await?;
    let place = [("place", company_id.to_string().into())];
    by.record(&mut tx, now, "timetable.undo", &id.to_string(), place)
        .await?;
    begun(tx, (company_id, id), job, cause, now).await
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
        Some(_) => Err(AppError::Gone("The archive was removed after its retention")),
    }
}

/// Refuses an upload whose preview was about another timetable than the one that is published now.
async fn require_unchanged(conn: &mut PgConnection, company_id: CompanyId, id: TimetableUploadId) -> AppResult<()> {
    let feeds = company_feed::list(conn, company_id).await?;
    let present = feeds.first().map(|feed| feed.changed_at);
    if db::timetable::upload::compared_with(conn, company_id, id).await? == present {
        return Ok(());
    }
    Err(AppError::TimetableConflict(
        "The published timetable has changed since this one was checked: check it again",
    ))
}

async fn require_former(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    if db::timetable::upload::has_former(conn, company_id).await? {
        return Ok(());
    }
    Err(AppError::TimetableConflict(
        "There is no former timetable to go back to",
    ))
}

async fn require_none_publishing(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    match db::timetable::upload::unfinished(conn, company_id).await?.publishing {
        0 => Ok(()),
        _ => Err(AppError::TimetableConflict(
            "Another timetable of the company is being published",
        )),
    }
}

fn job(id: TimetableUploadId, now: DateTime<Utc>) -> AppResult<(String, NewJob)> {
    let key = format!("timetable_publish:{id}:{}", now.timestamp_micros());
    let job = timetable_publish::new_job(id, now)?.with_key(key.clone());
    Ok((key, job))
}
