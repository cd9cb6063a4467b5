//! Requests for another check of an upload.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TimetableUploadId};
use domain::timetable::upload::AT_A_TIME;
use kernel::clock::Clock;
use ledger::{Cause, NewJob};
use sqlx::PgConnection;

use super::{NOT_CHECKABLE, TOO_MANY, Upload, begun, found, require_archive};
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
    require_capacity(&mut tx, company_id).await?;
    let (key, job) = preview_job(id, now)?;
    if !db::timetable::upload::check(&mut tx, company_id, id, &key).await? {
        return Err(NOT_CHECKABLE);
    }
    begun(tx, (company_id, id), job, cause, now).await
}

pub(super) async fn require_capacity(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    let unfinished = db::timetable::upload::unfinished(conn, company_id).await?;
    if unfinished.receiving + unfinished.checking < AT_A_TIME {
        return Ok(());
    }
    Err(TOO_MANY)
}

/// The job, whose key differs from that of the first preview.
pub(super) fn preview_job(id: TimetableUploadId, now: DateTime<Utc>) -> AppResult<(String, NewJob)> {
    let key = format!("{}:{}", timetable_preview::key(id), now.timestamp_micros());
    let job = timetable_preview::new_job(id, now)?.with_key(key.clone());
    Ok((key, job))
}
