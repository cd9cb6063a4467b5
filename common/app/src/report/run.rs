//! Runs of scheduled reports: when one is due, the report is requested as if a user had done so, and when it has ended,
//! a mail is written to each recipient. The schedule in `scheduler/src/report_schedule.rs` writes the jobs of both.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use clients::storage::{FileStore, StorageError};
use connect::postgres::begin;
use db::report::mail::Link;
use db::report::run::Ended;
use domain::id::ReportRunId;
use domain::report::MAILED_LINK_LIFETIME;
use domain::zone::Zone;
use kernel::clock::Clock;
use ledger::{Cause, NewJob};
use sqlx::PgPool;

use super::ReportGenerator;
use crate::error::{AppError, AppResult};
use crate::jobs::report_mail::{self, ReportMail};

/// Dependencies for mailing files.
#[derive(Clone)]
pub struct ReportCourier {
    /// Connections to the database.
    pub pool: PgPool,
    /// Where the files are.
    pub storage: Arc<dyn FileStore>,
    /// The time.
    pub clock: Clock,
    /// Days after which the file of a report is removed.
    pub retention_days: u32,
}

/// Why the mails of a run were not written.
#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// The store cannot sign a link.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// The database.
    #[error(transparent)]
    Database(#[from] AppError),
}

/// Requests the report of a run, once. If the same report has been requested and is not finished, that one is used. The
/// period is relative to the day on which the run was due, even if this is called late.
///
/// # Errors
/// Database errors; internal, if the company's time zone or the days are invalid.
pub async fn start(generator: &ReportGenerator, id: ReportRunId, cause: &Cause) -> AppResult<()> {
    let now = generator.clock.now();
    let mut tx = db::begin(&generator.pool).await?;
    let Some(run) = db::report::run::lock_starting(&mut tx, id).await? else {
        return Ok(());
    };
    let zone = Zone::named(&run.time_zone).map_err(|error| AppError::Internal(error.to_string()))?;
    let range = run.period.range(zone.day(run.due_at));
    let range = range.map_err(|error| AppError::Internal(error.to_string()))?;
    let report_id = super::ask(&mut tx, now, generator.at_a_time, &run.report(range), cause).await?;
    db::report::run::set_report(&mut tx, id, report_id).await?;
    trace::note("report", report_id);
    tx.commit().await?;
    Ok(())
}

/// Writes the mails of a run whose report has ended, with their jobs; returns how many.
///
/// # Errors
/// See [`DeliverError`].
pub async fn deliver(courier: &ReportCourier, id: ReportRunId, cause: &Cause) -> Result<usize, DeliverError> {
    let ended = {
        let mut conn = courier.pool.acquire().await.map_err(AppError::from)?;
        db::report::run::find_ended(&mut conn, id).await?
    };
    let Some(ended) = ended else {
        return Ok(0);
    };
    let link = link(courier, &ended).await?;
    let written = write(courier, id, link.as_ref(), cause).await?;
    Ok(written)
}

async fn write(courier: &ReportCourier, id: ReportRunId, link: Option<&Link>, cause: &Cause) -> AppResult<usize> {
    let now = courier.clock.now();
    let mut tx = begin(&courier.pool).await?;
    let mails = db::report::mail::insert(&mut tx, id, link, now).await?;
    let jobs = mails.iter().map(|mail_id| {
        let job = NewJob::new(&ReportMail { mail_id: *mail_id }, now)?;
        Ok(job.with_key(report_mail::key(*mail_id)))
    });
    let jobs = jobs.collect::<ledger::Result<Vec<_>>>()?;
    ledger::enqueue(&mut tx, now, cause, &jobs).await?;
    tx.commit().await?;
    Ok(mails.len())
}

/// A link that works as long as the file is kept, but no longer than a week; `None` when there is no file.
async fn link(courier: &ReportCourier, ended: &Ended) -> Result<Option<Link>, StorageError> {
    let Some(key) = &ended.object_key else {
        return Ok(None);
    };
    let now = courier.clock.now();
    let lifetime = lifetime(ended.ended_at, courier.retention_days, now);
    if lifetime <= TimeDelta::zero() {
        return Ok(None);
    }
    let (url, ends_at) = courier.storage.link(key, now, lifetime).await?;
    Ok(Some(Link { url, ends_at }))
}

fn lifetime(ended_at: DateTime<Utc>, retention_days: u32, now: DateTime<Utc>) -> TimeDelta {
    let kept = ended_at + TimeDelta::days(retention_days.into()) - now;
    kept.min(MAILED_LINK_LIFETIME)
}
