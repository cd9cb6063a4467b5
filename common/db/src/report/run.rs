//! Schedules of reports that are due, and the outcomes of their runs.

use chrono::{DateTime, NaiveTime, Utc};
use domain::id::{CompanyId, ReportId, ReportRunId, ReportScheduleId, UserId};
use domain::report::dialect::{DecimalMark, Delimiter, Dialect};
use domain::report::schedule::{Period, Timing};
use domain::report::{DateField, ReportStatus};
use sqlx::PgConnection;
use uuid::Uuid;

use super::NewReport;
use super::schedule::timing;
use crate::error::AppResult;

/// A schedule that is due; its row is locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: ReportScheduleId,
    /// IANA name of the company's zone.
    pub time_zone: String,
    /// When it is due.
    pub timing: Timing,
    /// Since when it has been due.
    pub next_at: DateTime<Utc>,
}

/// Locks the schedules that have been due for longest, at most `limit`, skipping those that are locked.
///
/// # Errors
/// Database errors only.
pub async fn lock_due(conn: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> AppResult<Vec<Due>> {
    let rows = sqlx::query!(
        r#"select s.id as "id: ReportScheduleId", c.time_zone, s.weekdays, s.day_of_month, s.local_time as "local_time: NaiveTime",
                  s.next_at as "next_at!"
           from report_schedules s join companies c on c.id = s.company_id
           where s.next_at <= $1 order by s.next_at limit $2 for update of s skip locked"#,
        now,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let due = rows.into_iter().map(|row| {
        Ok(Due {
            id: row.id,
            time_zone: row.time_zone,
            timing: timing(row.weekdays, row.day_of_month, row.local_time)?,
            next_at: row.next_at,
        })
    });
    due.collect()
}

/// The next state of a schedule that was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// The schedule.
    pub id: ReportScheduleId,
    /// The time for which its report is made; `None` when none is made.
    pub due_at: Option<DateTime<Utc>>,
    /// When it is due next.
    pub next_at: DateTime<Utc>,
}

/// Moves schedules on and records that they were due; runs that are older than `keep_from` are deleted. Returns the new
/// runs: there is one for each schedule and time, even if it is recorded repeatedly.
///
/// # Errors
/// Database errors only.
pub async fn fire(
    conn: &mut PgConnection,
    fired: &[Fired],
    keep_from: DateTime<Utc>,
    now: DateTime<Utc>,
) -> AppResult<Vec<ReportRunId>> {
    let schedules: Vec<Uuid> = fired.iter().map(|one| one.id.0).collect();
    let due: Vec<Option<DateTime<Utc>>> = fired.iter().map(|one| one.due_at).collect();
    let next: Vec<DateTime<Utc>> = fired.iter().map(|one| one.next_at).collect();
    let runs: Vec<Uuid> = fired.iter().map(|_| ReportRunId::new().0).collect();
    Ok(sqlx::query_scalar!(
        r#"with fired as (
               select * from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::uuid[])
                   as f (schedule_id, due_at, next_at, run_id)
           ), moved as (
               update report_schedules s set next_at = f.next_at from fired f where s.id = f.schedule_id
           ), old as (
               delete from report_runs where schedule_id = any($1) and due_at < $5
           )
           insert into report_runs (id, schedule_id, due_at, created_at)
           select run_id, schedule_id, due_at, $6 from fired where due_at is not null
           on conflict (schedule_id, due_at) do nothing
           returning id as "id: ReportRunId""#,
        &schedules,
        &due as &[Option<DateTime<Utc>>],
        &next,
        &runs,
        keep_from,
        now,
    )
    .fetch_all(conn)
    .await?)
}

/// Marks runs whose reports have ended and whose mails are still to be written, at most `limit`, as passed on, and
/// returns them.
///
/// # Errors
/// Database errors only.
pub async fn pass_on(conn: &mut PgConnection, now: DateTime<Utc>, limit: i64) -> AppResult<Vec<ReportRunId>> {
    Ok(sqlx::query_scalar!(
        r#"with ended as (
               select run.id from report_runs run join reports r on r.id = run.report_id
               where run.report_id is not null and run.passed_on_at is null and r.status in ('Completed', 'Failed')
               order by run.id limit $2 for update of run skip locked
           )
           update report_runs run set passed_on_at = $1 from ended where run.id = ended.id
           returning run.id as "id: ReportRunId""#,
        now,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// A run whose report is to be requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Starting {
    /// The company.
    pub company_id: CompanyId,
    /// IANA name of its zone.
    pub time_zone: String,
    /// Who created the schedule, if they are still there.
    pub created_by: Option<UserId>,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// Which days the report covers.
    pub period: Period,
    /// Days of what.
    pub date_field: DateField,
    /// How its file is written.
    pub dialect: Dialect,
}

impl Starting {
    /// Its report, for these days.
    #[must_use]
    pub const fn report(&self, range: domain::report::Range) -> NewReport {
        NewReport {
            company_id: self.company_id,
            requested_by: self.created_by,
            range,
            date_field: self.date_field,
            dialect: self.dialect,
        }
    }
}

/// Locks a run whose report has not been requested yet; `None` when it has, or the schedule was deleted.
///
/// # Errors
/// Database errors only.
pub async fn lock_starting(conn: &mut PgConnection, id: ReportRunId) -> AppResult<Option<Starting>> {
    let row = sqlx::query!(
        r#"select s.company_id as "company_id: CompanyId", c.time_zone, s.created_by as "created_by: UserId", run.due_at,
                  s.period as "period: Period", s.date_field as "date_field: DateField",
                  s.delimiter as "delimiter: Delimiter", s.decimal_mark as "decimal_mark: DecimalMark"
           from report_runs run join report_schedules s on s.id = run.schedule_id join companies c on c.id = s.company_id
           where run.id = $1 and run.report_id is null for update of run"#,
        id as ReportRunId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Starting {
        company_id: row.company_id,
        time_zone: row.time_zone,
        created_by: row.created_by,
        due_at: row.due_at,
        period: row.period,
        date_field: row.date_field,
        dialect: Dialect {
            delimiter: row.delimiter,
            decimal: row.decimal_mark,
        },
    }))
}

/// Records the report of a run.
///
/// # Errors
/// Database errors only.
pub async fn set_report(conn: &mut PgConnection, id: ReportRunId, report_id: ReportId) -> AppResult<()> {
    sqlx::query!(
        "update report_runs set report_id = $2 where id = $1",
        id as ReportRunId,
        report_id as ReportId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The ended report of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How it ended.
    pub status: ReportStatus,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// Key of its file in the store; `None` when there is none (any more).
    pub object_key: Option<String>,
}

/// The ended report of a run; `None` when it has not ended, or the schedule was deleted.
///
/// # Errors
/// Database errors only.
pub async fn find_ended(conn: &mut PgConnection, id: ReportRunId) -> AppResult<Option<Ended>> {
    Ok(sqlx::query_as!(
        Ended,
        r#"select r.status as "status!: ReportStatus", r.ended_at as "ended_at!",
                  case when r.removed_at is null then r.object_key end as object_key
           from report_runs run join reports r on r.id = run.report_id
           where run.id = $1 and r.ended_at is not null"#,
        id as ReportRunId,
    )
    .fetch_optional(conn)
    .await?)
}
