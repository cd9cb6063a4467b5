//! Requests for an undo of the latest publication, and for a check of what that would do. An undo is an upload without
//! an archive: the jobs of [`super::process`] preview and publish it like any other.

use domain::id::{CompanyId, TimetableUploadId, UserId};
use domain::timetable::upload::UploadStatus;
use kernel::clock::Clock;
use ledger::Cause;
use sqlx::PgConnection;

use super::check::{preview_job, require_capacity};
use super::publication::{publication_job, require_none_publishing};
use super::{Upload, begun};
use crate::error::{AppError, AppResult};
use crate::ops::Operator;
use crate::work::Work;

/// The refusal to undo a publication when nothing is kept to return to.
pub const NO_FORMER: AppError = AppError::TimetableConflict("There is no former timetable to go back to");

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
    let (key, job) = publication_job(id, now)?;
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

/// Requests a preview of an undo: an upload that can be published once it is ready. It replaces a former one that was
/// not published.
///
/// # Errors
/// [`NO_FORMER`]; [`super::TOO_MANY`].
pub async fn check_undo(
    work: &Work,
    clock: &Clock,
    (company_id, user_id): (CompanyId, UserId),
    cause: &Cause,
) -> AppResult<Upload> {
    let (now, id) = (clock.now(), TimetableUploadId::new());
    let mut tx = work.begin().await?;
    db::timetable::upload::lock(&mut tx, company_id).await?;
    require_former(&mut tx, company_id).await?;
    require_capacity(&mut tx, company_id).await?;
    db::timetable::upload::forget_checked_undos(&mut tx, company_id).await?;
    let (key, job) = preview_job(id, now)?;
    let status = (UploadStatus::Checking, key.as_str());
    db::timetable::upload::insert_undo(&mut tx, company_id, id, user_id, status, now).await?;
    begun(tx, (company_id, id), job, cause, now).await
}

async fn require_former(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    if db::timetable::upload::has_former(conn, company_id).await? {
        return Ok(());
    }
    Err(NO_FORMER)
}
