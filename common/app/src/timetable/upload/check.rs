//! Requests for another check of an upload, and for a check of what an undo would do.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TimetableUploadId, UserId};
use domain::timetable::upload::{AT_A_TIME, UploadStatus};
use kernel::clock::Clock;
use ledger::{Cause, NewJob};
use sqlx::PgConnection;

use super::{NOT_CHECKABLE, TOO_MANY, Upload, begun, found, require_archive, require_former};
use crate::error::AppResult;
use crate::jobs::timetable_preview;
use crate::work::Work;

/// Requests another preview of an upload that was not published: what it would do may have changed since the first one.
///
/// # Errors
/// Not found; [`NOT_CHECKABLE`]; [`TOO_MANY`]; gone when its archive was removed.
pub async fn check(
    work: &Work,
    clock: &Clock,
    company_id: CompanyId,
    id: TimetableUploadId,
    cause: &Cause,
) -> AppResult<Upload> {
    let now = clock.now();
    let mut tx = work.begin().await?;
    db::timetable::upload::lock(&mut tx, company_id).await?;
    require_archive(&found(&mut tx, company_id, id).await?)?;
    require_room(&mut tx, company_id).await?;
    let (key, job) = job(id, now)?;
    if !db::timetable::upload::check(&mut tx, company_id, id, &key).await? {
        return Err(NOT_CHECKABLE);
    }
    begun(tx, (company_id, id), job, cause, now).await
}

/// Requests a preview of an undo: an upload that can be published once it is ready. It replaces a former one that was not
/// published.
///
/// # Errors
/// [`super::NO_FORMER`]; [`TOO_MANY`].
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
    require_room(&mut tx, company_id).await?;
    db::timetable::upload::forget_checked_undos(&mut tx, company_id).await?;
    let (key, job) = job(id, now)?;
    let status = (UploadStatus::Checking, key.as_str());
    db::timetable::upload::insert_undo(&mut tx, company_id, id, user_id, status, now).await?;
    begun(tx, (company_id, id), job, cause, now).await
}

async fn require_room(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    let unfinished = db::timetable::upload::unfinished(conn, company_id).await?;
    if unfinished.receiving + unfinished.checking < AT_A_TIME {
        return Ok(());
    }
    Err(TOO_MANY)
}

/// The job, whose key differs from that of the first preview.
fn job(id: TimetableUploadId, now: DateTime<Utc>) -> AppResult<(String, NewJob)> {
    let key = format!("{}:{}", timetable_preview::key(id), now.timestamp_micros());
    let job = timetable_preview::new_job(id, now)?.with_key(key.clone());
    Ok((key, job))
}
