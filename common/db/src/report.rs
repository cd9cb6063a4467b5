//! Reports: requested, listed, admitted. Attempts are in [`attempt`], the rows of the file in [`rows`]
//! and [`mod@line`], abandoned reports in [`upkeep`], scheduled reports in [`schedule`], [`run`] and [`mail`].

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{CompanyId, ReportId, UserId};
use domain::report::dialect::{DecimalMark, Delimiter, Dialect};
use domain::report::{DateField, Range, ReportStatus};
use ledger::Cause;
use sqlx::PgConnection;

use crate::error::AppResult;

pub mod attempt;
pub mod failure;
pub mod line;
pub mod mail;
pub mod rows;
pub mod run;
pub mod schedule;
mod sum;
pub mod upkeep;

/// A requested report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewReport {
    /// Its company.
    pub company_id: CompanyId,
    /// The requesting user; `None` if the user was deleted, while the schedule continues.
    pub requested_by: Option<UserId>,
    /// The days that it covers.
    pub range: Range,
    /// Which date of a ticket counts.
    pub date_field: DateField,
    /// How its file is written.
    pub dialect: Dialect,
}

/// A report in its current state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// Status.
    pub status: ReportStatus,
    /// First day, in the company's time zone.
    pub date_from: NaiveDate,
    /// Last day.
    pub date_to: NaiveDate,
    /// Which date of a ticket counts.
    pub date_field: DateField,
    /// Format of the file.
    pub format: String,
    /// Tickets in it, once it is complete.
    pub row_count: Option<i64>,
    /// Bytes, once it is complete.
    pub size_bytes: Option<i64>,
    /// SHA-256 of the file, in hex, once it is complete.
    pub sha256: Option<String>,
    /// Percent, 100 when it is complete.
    pub progress: i16,
    /// Why the last attempt failed, in words.
    pub error_message: Option<String>,
    /// When it was requested.
    pub created_at: DateTime<Utc>,
    /// When its first attempt began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was completed or failed.
    pub ended_at: Option<DateTime<Utc>>,
    /// Key of its file in the store.
    pub object_key: Option<String>,
    /// When the file was removed.
    pub removed_at: Option<DateTime<Utc>>,
}

/// Waits until no other transaction changes which reports of the company are unfinished, and keeps further ones waiting
/// until this one ends. Every function that requests, ends or admits a report calls this first.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('reports of ' || $1::uuid::text, 0))",
        company_id as CompanyId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The unfinished report of the same tickets in the same dialect, if there is one.
///
/// # Errors
/// Database errors only.
pub async fn find_unfinished(conn: &mut PgConnection, new: &NewReport) -> AppResult<Option<ReportId>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id: ReportId" from reports
           where company_id = $1 and date_from = $2 and date_to = $3 and date_field = $4
               and delimiter = $5 and decimal_mark = $6 and status in ('Pending', 'Processing')"#,
        new.company_id as CompanyId,
        new.range.from(),
        new.range.to(),
        new.date_field as DateField,
        new.dialect.delimiter as Delimiter,
        new.dialect.decimal as DecimalMark,
    )
    .fetch_optional(conn)
    .await?)
}

/// Stores a requested report. The caller holds the [`lock`], and [`find_unfinished`] has found none like it.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    new: &NewReport,
    cause: &Cause,
    now: DateTime<Utc>,
) -> AppResult<ReportId> {
    let id = ReportId::new();
    if new.dialect == Dialect::STANDARD {
        sqlx::query!(
            "insert into reports (id, company_id, requested_by, date_from, date_to, date_field, created_at, request_id,
                                  trace_id, traceparent)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            id as ReportId,
            new.company_id as CompanyId,
            new.requested_by as Option<UserId>,
            new.range.from(),
            new.range.to(),
            new.date_field as DateField,
            now,
            cause.request_id.as_deref(),
            cause.trace_id.as_deref(),
            cause.traceparent.map(String::from),
        )
        .execute(conn)
        .await?;
    } else {
        // A child of the table: see migration 0022. All other statements find its rows in the parent.
        sqlx::query!(
            "insert into reports_in_dialects (id, company_id, requested_by, date_from, date_to, date_field, created_at,
                                              request_id, trace_id, traceparent, delimiter, decimal_mark)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            id as ReportId,
            new.company_id as CompanyId,
            new.requested_by as Option<UserId>,
            new.range.from(),
            new.range.to(),
            new.date_field as DateField,
            now,
            cause.request_id.as_deref(),
            cause.trace_id.as_deref(),
            cause.traceparent.map(String::from),
            new.dialect.delimiter as Delimiter,
            new.dialect.decimal as DecimalMark,
        )
        .execute(conn)
        .await?;
    }
    Ok(id)
}

/// One report of a company.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, company_id: CompanyId, id: ReportId) -> AppResult<Option<Report>> {
    Ok(sqlx::query_as!(
        Report,
        r#"select id as "id: ReportId", status as "status: ReportStatus", date_from, date_to,
                  date_field as "date_field: DateField", format, row_count, size_bytes, sha256, progress,
                  error_message, created_at, started_at, ended_at, object_key, removed_at
           from reports where company_id = $1 and id = $2"#,
        company_id as CompanyId,
        id as ReportId,
    )
    .fetch_optional(conn)
    .await?)
}

/// Reports of a company, those of a status or all, newest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn page(
    conn: &mut PgConnection,
    company_id: CompanyId,
    status: Option<ReportStatus>,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<Report>, i64)> {
    let reports = sqlx::query_as!(
        Report,
        r#"select id as "id: ReportId", status as "status: ReportStatus", date_from, date_to,
                  date_field as "date_field: DateField", format, row_count, size_bytes, sha256, progress,
                  error_message, created_at, started_at, ended_at, object_key, removed_at
           from reports where company_id = $1 and ($4::text is null or status = $4)
           order by id desc limit $2 offset $3"#,
        company_id as CompanyId,
        take,
        skip,
        status as Option<ReportStatus>,
    )
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from reports where company_id = $1 and ($2::text is null or status = $2)"#,
        company_id as CompanyId,
        status as Option<ReportStatus>,
    )
    .fetch_one(conn)
    .await?;
    Ok((reports, total))
}

/// Admits those of a company's reports that have waited longest, as long as no more than `at_a_time` are admitted and
/// unfinished; they are to get their jobs in the same transaction.
///
/// # Errors
/// Database errors only.
pub async fn admit(
    conn: &mut PgConnection,
    company_id: CompanyId,
    at_a_time: u32,
    now: DateTime<Utc>,
) -> AppResult<Vec<(ReportId, Cause)>> {
    let rows = sqlx::query!(
        r#"with free as (
               select greatest($2 - count(*), 0) as places from reports
               where company_id = $1 and status in ('Pending', 'Processing') and admitted_at is not null
           ), next as (
               select id from reports
               where company_id = $1 and status in ('Pending', 'Processing') and admitted_at is null
               order by id limit (select places from free)
           )
           update reports set admitted_at = $3 from next where reports.id = next.id
           returning reports.id as "id: ReportId", request_id, trace_id, traceparent"#,
        company_id as CompanyId,
        i64::from(at_a_time),
        now,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let cause = Cause::stored(row.request_id, row.trace_id, row.traceparent.as_deref());
            (row.id, cause)
        })
        .collect())
}
