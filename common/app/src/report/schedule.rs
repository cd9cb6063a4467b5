//! Report schedules, as users of a company manage them. What happens when one is due is in [`super::run`].

use chrono::{DateTime, Utc};
use db::report::failure;
pub use db::report::failure::Failure;
pub use db::report::schedule::{LastRun, ReportSchedule, WantedReport};
use domain::id::{CompanyId, ReportScheduleId, UserId};
use domain::report::schedule::{MAX_RECIPIENTS, MAX_SCHEDULES};
use domain::zone::Zone;
use sqlx::{PgConnection, PgPool};

use crate::contact::address;
use crate::error::{AppError, AppResult, FieldError, Noun};
use crate::ops::Operator;
use crate::work::Work;

/// A user of a company who manages its report schedules.
#[derive(Debug, Clone)]
pub struct Planner {
    /// The company.
    pub company_id: CompanyId,
    /// The user.
    pub user_id: UserId,
    /// The request.
    pub request_id: Option<String>,
}

impl Planner {
    /// Writes what was done into the audit trail, without the addresses.
    async fn record(
        &self,
        conn: &mut PgConnection,
        now: DateTime<Utc>,
        action: &str,
        (id, wanted): (ReportScheduleId, &WantedReport),
    ) -> AppResult<()> {
        let details = [
            ("place", self.company_id.to_string().into()),
            ("period", wanted.period.word().into()),
            ("recipients", wanted.recipients.len().into()),
            ("enabled", wanted.enabled.into()),
        ];
        let who = Operator::new(
            self.user_id.to_string(),
            "by a user of the company",
            self.request_id.clone(),
        )?;
        who.record(conn, now, action, &id.to_string(), details).await
    }
}

/// The schedules of a company, oldest first, how many there are, and the company's time zone.
///
/// # Errors
/// Database errors only.
pub async fn list(
    pool: &PgPool,
    company_id: CompanyId,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<ReportSchedule>, i64, String)> {
    let mut snapshot = db::snapshot(pool).await?;
    let (mut schedules, total) = db::report::schedule::page(&mut snapshot, company_id, take, skip).await?;
    explain(&mut snapshot, company_id, &mut schedules).await?;
    let time_zone = db::company::time_zone(&mut snapshot, company_id).await?;
    snapshot.commit().await?;
    Ok((schedules, total, time_zone))
}

/// Adds why the latest run of each schedule failed.
async fn explain(conn: &mut PgConnection, company_id: CompanyId, schedules: &mut [ReportSchedule]) -> AppResult<()> {
    for (id, failure) in failure::of_company(conn, company_id).await? {
        let schedule = schedules.iter_mut().find(|schedule| schedule.id == id);
        if let Some(last) = schedule.and_then(|schedule| schedule.last.as_mut()) {
            last.failure = Some(failure);
        }
    }
    Ok(())
}

/// Creates a schedule. It is first due at the next of its times in the future.
///
/// # Errors
/// Validation: names every address to which mail cannot be sent; names `period` when the company already has
/// [`MAX_SCHEDULES`].
pub async fn create(
    work: &Work,
    planner: &Planner,
    wanted: WantedReport,
    now: DateTime<Utc>,
) -> AppResult<ReportSchedule> {
    let wanted = checked(&wanted)?;
    let mut tx = work.begin().await?;
    // Of two concurrent requests, the second counts the schedule of the first.
    db::company::lock(&mut tx, planner.company_id).await?;
    if db::report::schedule::count(&mut tx, planner.company_id).await? >= MAX_SCHEDULES {
        let message = format!("the company has {MAX_SCHEDULES} scheduled reports: delete one first");
        return Err(AppError::field("period", "max", message));
    }
    let schedule = ReportSchedule {
        id: ReportScheduleId::new(),
        next_at: next(&mut tx, planner.company_id, &wanted, now).await?,
        wanted,
        created_at: now,
        last: None,
    };
    db::report::schedule::insert(&mut tx, planner.company_id, planner.user_id, &schedule).await?;
    let subject = (schedule.id, &schedule.wanted);
    planner.record(&mut tx, now, "report_schedule.created", subject).await?;
    tx.commit().await?;
    Ok(schedule)
}

/// Replaces the settings of a schedule. Mails about reports in progress go to the new recipients; those that are written
/// already, to the ones who remain. The next due time is kept, unless the times changed or the schedule was disabled.
///
/// # Errors
/// Not found, when it is unknown or another company's; validation as [`create`].
pub async fn replace(
    pool: &PgPool,
    planner: &Planner,
    id: ReportScheduleId,
    wanted: WantedReport,
    now: DateTime<Utc>,
) -> AppResult<ReportSchedule> {
    let wanted = checked(&wanted)?;
    let mut tx = db::begin(pool).await?;
    let before = db::report::schedule::lock(&mut tx, planner.company_id, id).await?;
    let before = before.ok_or(AppError::NotFound(Noun::Resource))?;
    let is_unmoved = wanted.enabled && before.wanted.enabled && wanted.timing == before.wanted.timing;
    let next_at = if is_unmoved {
        before.next_at
    } else {
        next(&mut tx, planner.company_id, &wanted, now).await?
    };
    let mut schedule = ReportSchedule {
        wanted,
        next_at,
        ..before
    };
    db::report::schedule::update(&mut tx, planner.company_id, &schedule).await?;
    explain(&mut tx, planner.company_id, std::slice::from_mut(&mut schedule)).await?;
    let subject = (id, &schedule.wanted);
    planner.record(&mut tx, now, "report_schedule.changed", subject).await?;
    tx.commit().await?;
    Ok(schedule)
}

/// Deletes a schedule. Mails that have not been sent are not sent any more; finished reports stay.
///
/// # Errors
/// Not found, when it is unknown, another company's, or deleted.
pub async fn delete(pool: &PgPool, planner: &Planner, id: ReportScheduleId, now: DateTime<Utc>) -> AppResult<()> {
    let mut tx = db::begin(pool).await?;
    let before = db::report::schedule::lock(&mut tx, planner.company_id, id).await?;
    let before = before.ok_or(AppError::NotFound(Noun::Resource))?;
    db::report::schedule::delete(&mut tx, planner.company_id, id).await?;
    let subject = (id, &before.wanted);
    planner.record(&mut tx, now, "report_schedule.deleted", subject).await?;
    tx.commit().await?;
    Ok(())
}

/// The settings with the addresses in the form in which they are stored, each once.
fn checked(wanted: &WantedReport) -> AppResult<WantedReport> {
    let (mut recipients, mut wrong): (Vec<String>, Vec<FieldError>) = (Vec::new(), Vec::new());
    for (at, typed) in wanted.recipients.iter().enumerate() {
        match address(&format!("recipients[{at}]"), typed) {
            Ok(address) if recipients.iter().any(|known| known.eq_ignore_ascii_case(&address)) => {}
            Ok(address) => recipients.push(address),
            Err(error) => wrong.push(error),
        }
    }
    if wrong.is_empty() && !(1..=MAX_RECIPIENTS).contains(&recipients.len()) {
        let message = format!("must be 1 to {MAX_RECIPIENTS} addresses");
        wrong.push(FieldError::new("recipients", "range", message));
    }
    if wrong.is_empty() {
        Ok(WantedReport { recipients, ..*wanted })
    } else {
        Err(AppError::Validation(wrong))
    }
}

/// When a schedule of a company is due next; `None` when it is disabled.
async fn next(
    conn: &mut PgConnection,
    company_id: CompanyId,
    wanted: &WantedReport,
    now: DateTime<Utc>,
) -> AppResult<Option<DateTime<Utc>>> {
    if !wanted.enabled {
        return Ok(None);
    }
    let zone = db::company::time_zone(conn, company_id).await?;
    let zone = Zone::named(&zone).map_err(|error| AppError::Internal(error.to_string()))?;
    let next = wanted.timing.next(&zone, now);
    next.map(Some)
        .ok_or_else(|| AppError::Internal("a schedule without a next time".to_owned()))
}
