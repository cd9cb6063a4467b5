//! Reports of a company's tickets (contract section 7): requesting, listing and downloading them. Generation is in
//! [`generate`], removal of files in [`cleanup`], scheduled reports in [`schedule`], [`run`] and [`mail`].
//!
//! A limited number of a company's reports is generated at a time; only these have a job in the ledger, the others wait
//! as rows. So no company can fill the queue, and when a report ends the next one is admitted in the same transaction.

use chrono::{DateTime, Utc};
use clients::storage::FileStore;
pub use db::report::{NewReport, Report};
use domain::id::{CompanyId, ReportId};
use domain::report::{LINK_LIFETIME, ReportStatus};
use kernel::clock::Clock;
use ledger::Cause;
use sqlx::{PgConnection, PgPool};

use super::work::Work;
use crate::error::{AppError, AppResult, Noun};
use crate::jobs::report_generate;

mod admission;
mod cleanup;
pub(crate) mod generate;
pub(crate) mod generator;
pub mod mail;
pub mod run;
pub mod schedule;
mod write;

pub use admission::NewReportJob;
pub use cleanup::{CleanupError, ReportRemover, cleanup};
pub use generate::{Generated, generate};
pub use generator::{GenerateError, ReportGenerator};

use admission::admit;

/// The refusal of a link to a file that the retention has removed.
pub const FILE_REMOVED: AppError = AppError::Gone("The file was removed after its retention");

/// Requests a report. If the same one, in the same dialect, has been requested and is not finished, that one is
/// returned, also to concurrent requests.
///
/// # Errors
/// Database errors only.
pub async fn request(work: &Work, clock: &Clock, at_a_time: u32, new: NewReport, cause: &Cause) -> AppResult<Report> {
    let mut tx = work.begin().await?;
    let id = ask(&mut tx, clock.now(), at_a_time, &new, cause).await?;
    let report = db::report::find(&mut tx, new.company_id, id).await?;
    trace::note("report", id);
    tx.commit().await?;
    report.ok_or(AppError::NotFound(Noun::Report))
}

/// Requests a report in the caller's transaction.
async fn ask(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    at_a_time: u32,
    new: &NewReport,
    cause: &Cause,
) -> AppResult<ReportId> {
    db::report::lock(conn, new.company_id).await?;
    let id = match db::report::find_unfinished(conn, new).await? {
        Some(id) => id,
        None => db::report::insert(conn, new, cause, now).await?,
    };
    admit(conn, new.company_id, at_a_time, report_generate::new_job, now).await?;
    Ok(id)
}

/// Reports of a company, those of a status or all, newest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(
    pool: &PgPool,
    company_id: CompanyId,
    status: Option<ReportStatus>,
    take: u32,
    skip: u32,
) -> AppResult<(Vec<Report>, i64)> {
    let mut tx = db::snapshot(pool).await?;
    db::report::page(&mut tx, company_id, status, take.into(), skip.into()).await
}

/// One report of a company.
///
/// # Errors
/// Not found when it is unknown or another company's.
pub async fn get(pool: &PgPool, company_id: CompanyId, id: ReportId) -> AppResult<Report> {
    let mut conn = pool.acquire().await?;
    let report = db::report::find(&mut conn, company_id, id).await?;
    report.ok_or(AppError::NotFound(Noun::Report))
}

/// A new link to the file of a report, and when it expires.
///
/// # Errors
/// Not found; [`AppError::ReportNotReady`] when the report is not complete; gone when its file was removed;
/// unavailable when the store does not sign.
pub async fn link(
    pool: &PgPool,
    storage: &dyn FileStore,
    clock: &Clock,
    company_id: CompanyId,
    id: ReportId,
) -> AppResult<(String, DateTime<Utc>)> {
    let report = get(pool, company_id, id).await?;
    let key = match (report.status, report.object_key) {
        (ReportStatus::Completed, Some(_)) if report.removed_at.is_some() => {
            return Err(FILE_REMOVED);
        }
        (ReportStatus::Completed, Some(key)) => key,
        _ => return Err(AppError::ReportNotReady),
    };
    storage
        .link(&key, clock.now(), LINK_LIFETIME)
        .await
        .map_err(|error| AppError::Unavailable(error.words))
}
