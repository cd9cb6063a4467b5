//! Requests for the publication of an upload.

use chrono::{DateTime, Utc};
use db::timetable::company_feed;
use domain::id::{CompanyId, TimetableUploadId};
use domain::timetable::upload::UploadKind;
use kernel::clock::Clock;
use ledger::{Cause, NewJob};
use sqlx::PgConnection;

use super::{NOT_READY, Upload, begun, found, require_archive};
use crate::error::{AppError, AppResult};
use crate::jobs::timetable_publish;
use crate::ops::Operator;
use crate::work::Work;

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
    let (key, job) = publication_job(id, now)?;
    if !db::timetable::upload::publish(&mut tx, company_id, id, &key).await? {
        return Err(NOT_READY);
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

pub(super) async fn require_none_publishing(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    match db::timetable::upload::unfinished(conn, company_id).await?.publishing {
        0 => Ok(()),
        _ => Err(AppError::TimetableConflict(
            "Another timetable of the company is being published",
        )),
    }
}

pub(super) fn publication_job(id: TimetableUploadId, now: DateTime<Utc>) -> AppResult<(String, NewJob)> {
    let key = format!("timetable_publish:{id}:{}", now.timestamp_micros());
    let job = timetable_publish::new_job(id, now)?.with_key(key.clone());
    Ok((key, job))
}
