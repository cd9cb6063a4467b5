//! Schedules of reports, as companies see and change them. When they are due is in [`super::run`].

use chrono::{DateTime, NaiveTime, Utc};
use domain::id::{CompanyId, ReportId, ReportScheduleId, UserId};
use domain::language::Language;
use domain::report::dialect::{DecimalMark, Delimiter, Dialect};
use domain::report::schedule::{Days, Period, Timing, Weekdays};
use domain::report::{DateField, ReportStatus};
use sqlx::PgConnection;

use super::failure::Failure;
use crate::error::{AppError, AppResult};

/// The report that a company wants periodically.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedReport {
    /// Which days each report covers.
    pub period: Period,
    /// Days of what.
    pub date_field: DateField,
    /// How its file is written.
    pub dialect: Dialect,
    /// When it is made.
    pub timing: Timing,
    /// Language of the mails.
    pub language: Language,
    /// Addresses that the mails go to.
    pub recipients: Vec<String>,
    /// Whether it is made at all.
    pub enabled: bool,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSchedule {
    /// Its id.
    pub id: ReportScheduleId,
    /// The wanted report.
    pub wanted: WantedReport,
    /// When it is due next; `None` while it is disabled.
    pub next_at: Option<DateTime<Utc>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// The last time that it was due.
    pub last: Option<LastRun>,
}

/// The last time that a schedule was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// Its report, once requested, and the status of that.
    pub report: Option<(ReportId, ReportStatus)>,
    /// Why its recipients will never get it, from [`super::failure`].
    pub failure: Option<Failure>,
}

/// The columns of a schedule, as all statements here read them.
struct Row {
    id: ReportScheduleId,
    period: Period,
    date_field: DateField,
    delimiter: Delimiter,
    decimal_mark: DecimalMark,
    weekdays: Option<i16>,
    day_of_month: Option<i16>,
    local_time: NaiveTime,
    language: Language,
    recipients: Vec<String>,
    enabled: bool,
    next_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    last_due_at: Option<DateTime<Utc>>,
    report_id: Option<ReportId>,
    report_status: Option<ReportStatus>,
}

impl TryFrom<Row> for ReportSchedule {
    type Error = AppError;

    fn try_from(row: Row) -> AppResult<Self> {
        Ok(Self {
            id: row.id,
            wanted: WantedReport {
                period: row.period,
                date_field: row.date_field,
                dialect: Dialect {
                    delimiter: row.delimiter,
                    decimal: row.decimal_mark,
                },
                timing: timing(row.weekdays, row.day_of_month, row.local_time)?,
                language: row.language,
                recipients: row.recipients,
                enabled: row.enabled,
            },
            next_at: row.next_at,
            created_at: row.created_at,
            last: row.last_due_at.map(|due_at| LastRun {
                due_at,
                report: row.report_id.zip(row.report_status),
                failure: None,
            }),
        })
    }
}

/// The timing that is stored.
pub(super) fn timing(weekdays: Option<i16>, day_of_month: Option<i16>, time: NaiveTime) -> AppResult<Timing> {
    let days = Days::stored(weekdays, day_of_month);
    let days = days.ok_or_else(|| AppError::Internal("a schedule of reports without days is stored".to_owned()))?;
    Ok(Timing { days, time })
}

/// How many schedules a company has.
///
/// # Errors
/// Database errors only.
pub async fn count(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "total!" from report_schedules where company_id = $1"#,
        company_id as CompanyId,
    )
    .fetch_one(conn)
    .await?)
}

/// The schedules of a company, oldest first, and how many there are in all.
///
/// # Errors
/// Database errors only.
pub async fn page(
    conn: &mut PgConnection,
    company_id: CompanyId,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<ReportSchedule>, i64)> {
    let total = count(conn, company_id).await?;
    Ok((read(conn, company_id, None, take, skip).await?, total))
}

/// A schedule of a company; locked until the transaction ends, so that it does not run meanwhile.
///
/// # Errors
/// Database errors only.
pub async fn lock(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: ReportScheduleId,
) -> AppResult<Option<ReportSchedule>> {
    sqlx::query_scalar!(
        "select id from report_schedules where company_id = $1 and id = $2 for update",
        company_id as CompanyId,
        id as ReportScheduleId,
    )
    .fetch_optional(&mut *conn)
    .await?;
    Ok(read(conn, company_id, Some(id), 1, 0).await?.pop())
}

/// The schedules of a company, or one of them, oldest first.
async fn read(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: Option<ReportScheduleId>,
    take: i64,
    skip: i64,
) -> AppResult<Vec<ReportSchedule>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select s.id as "id: ReportScheduleId", s.period as "period: Period", s.date_field as "date_field: DateField",
                  s.delimiter as "delimiter: Delimiter", s.decimal_mark as "decimal_mark: DecimalMark", s.weekdays,
                  s.day_of_month, s.local_time, s.language as "language: Language", s.recipients, s.enabled, s.next_at,
                  s.created_at, l.due_at as "last_due_at?", r.id as "report_id?: ReportId",
                  r.status as "report_status?: ReportStatus"
           from report_schedules s
           left join lateral (
               select due_at, report_id from report_runs where schedule_id = s.id order by due_at desc limit 1
           ) l on true
           left join reports r on r.id = l.report_id
           where s.company_id = $1 and ($2::uuid is null or s.id = $2) order by s.id limit $3 offset $4"#,
        company_id as CompanyId,
        id.map(|id| id.0),
        take,
        skip,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(ReportSchedule::try_from).collect()
}

/// Stores a new schedule.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    company_id: CompanyId,
    created_by: UserId,
    schedule: &ReportSchedule,
) -> AppResult<()> {
    let wanted = &schedule.wanted;
    sqlx::query!(
        "insert into report_schedules (id, company_id, created_by, period, date_field, delimiter, decimal_mark, weekdays,
                                       day_of_month, local_time, language, recipients, enabled, next_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        schedule.id as ReportScheduleId,
        company_id as CompanyId,
        created_by as UserId,
        wanted.period as Period,
        wanted.date_field as DateField,
        wanted.dialect.delimiter as Delimiter,
        wanted.dialect.decimal as DecimalMark,
        wanted.timing.days.weekdays().map(Weekdays::bits),
        wanted.timing.days.day_of_month().map(i16::from),
        wanted.timing.time,
        wanted.language as Language,
        &wanted.recipients,
        wanted.enabled,
        schedule.next_at,
        schedule.created_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces what a schedule of a company wants, and when it is due next.
///
/// # Errors
/// Database errors only.
pub async fn update(conn: &mut PgConnection, company_id: CompanyId, schedule: &ReportSchedule) -> AppResult<()> {
    let wanted = &schedule.wanted;
    sqlx::query!(
        "update report_schedules
         set period = $3, date_field = $4, delimiter = $5, decimal_mark = $6, weekdays = $7, day_of_month = $8,
             local_time = $9, language = $10, recipients = $11, enabled = $12, next_at = $13
         where company_id = $1 and id = $2",
        company_id as CompanyId,
        schedule.id as ReportScheduleId,
        wanted.period as Period,
        wanted.date_field as DateField,
        wanted.dialect.delimiter as Delimiter,
        wanted.dialect.decimal as DecimalMark,
        wanted.timing.days.weekdays().map(Weekdays::bits),
        wanted.timing.days.day_of_month().map(i16::from),
        wanted.timing.time,
        wanted.language as Language,
        &wanted.recipients,
        wanted.enabled,
        schedule.next_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes a schedule of a company, with mails that have not left; false when there is none.
///
/// # Errors
/// Database errors only.
pub async fn delete(conn: &mut PgConnection, company_id: CompanyId, id: ReportScheduleId) -> AppResult<bool> {
    let done = sqlx::query!(
        "delete from report_schedules where company_id = $1 and id = $2",
        company_id as CompanyId,
        id as ReportScheduleId,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes an address from the schedules of a company, and from their mails that have not left. A schedule that has no
/// recipient any more is disabled.
///
/// # Errors
/// Database errors only.
pub async fn forget(conn: &mut PgConnection, company_id: CompanyId, address: &str) -> AppResult<()> {
    sqlx::query!(
        "with unsent as (
             delete from report_mails m using report_runs r, report_schedules s
             where r.id = m.run_id and s.id = r.schedule_id and s.company_id = $1 and lower(m.recipient) = $2
                 and m.sent_at is null
         ), remaining as (
             select s.id, array(select one from unnest(s.recipients) as one where lower(one) <> $2) as recipients
             from report_schedules s
             where s.company_id = $1 and exists (select from unnest(s.recipients) as one where lower(one) = $2)
         )
         update report_schedules s
         set recipients = r.recipients, enabled = s.enabled and cardinality(r.recipients) > 0,
             next_at = case when cardinality(r.recipients) > 0 then s.next_at end
         from remaining r where r.id = s.id",
        company_id as CompanyId,
        address.to_lowercase(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
