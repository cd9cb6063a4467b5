//! Attempts at a report. Each increments `reports.attempt` when it begins; what it writes later carries its number, and
//! has no effect once another attempt has begun.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{CompanyId, ReportId};
use domain::report::DateField;
use domain::report::dialect::{DecimalMark, Delimiter, Dialect};
use sqlx::PgConnection;

use crate::error::AppResult;

/// An attempt that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its company.
    pub company_id: CompanyId,
    /// IANA name of the company's zone.
    pub time_zone: String,
    /// The number of the attempt, from 1.
    pub attempt: i16,
    /// First day.
    pub date_from: NaiveDate,
    /// Last day.
    pub date_to: NaiveDate,
    /// Which date of a ticket counts.
    pub date_field: DateField,
    /// How the file is written.
    pub dialect: Dialect,
}

/// Begins an attempt; `None` when the report is finished, not admitted, or does not exist.
///
/// # Errors
/// Database errors only.
pub async fn begin(conn: &mut PgConnection, id: ReportId, now: DateTime<Utc>) -> AppResult<Option<Begun>> {
    let row = sqlx::query!(
        r#"update reports r
           set status = 'Processing', attempt = attempt + 1, progress = 0, started_at = coalesce(started_at, $2)
           from companies c
           where c.id = r.company_id and r.id = $1 and r.status in ('Pending', 'Processing')
               and r.admitted_at is not null
           returning r.company_id as "company_id: CompanyId", c.time_zone, r.attempt, r.date_from, r.date_to,
                     r.date_field as "date_field: DateField", r.delimiter as "delimiter: Delimiter",
                     r.decimal_mark as "decimal_mark: DecimalMark""#,
        id as ReportId,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Begun {
        company_id: row.company_id,
        time_zone: row.time_zone,
        attempt: row.attempt,
        date_from: row.date_from,
        date_to: row.date_to,
        date_field: row.date_field,
        dialect: Dialect {
            delimiter: row.delimiter,
            decimal: row.decimal_mark,
        },
    }))
}

/// Records how far the attempt is, in percent; false when it is not the present one any more.
///
/// # Errors
/// Database errors only.
pub async fn note_progress(conn: &mut PgConnection, id: ReportId, attempt: i16, progress: i16) -> AppResult<bool> {
    let noted = sqlx::query!(
        "update reports set progress = $3 where id = $1 and attempt = $2 and status = 'Processing'",
        id as ReportId,
        attempt,
        progress,
    )
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// Records why the attempt failed; nothing happens when it is not the present one any more.
///
/// # Errors
/// Database errors only.
pub async fn note_failure(conn: &mut PgConnection, id: ReportId, attempt: i16, words: &str) -> AppResult<()> {
    sqlx::query!(
        "update reports set error_message = $3 where id = $1 and attempt = $2 and status = 'Processing'",
        id as ReportId,
        attempt,
        words,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A complete file in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Key of its object in the store.
    pub object_key: String,
    /// Tickets in it.
    pub row_count: i64,
    /// Bytes.
    pub size_bytes: i64,
    /// In hex.
    pub sha256: String,
}

/// Completes the report with the attempt's file; false when the attempt is not the present one any more. Repeating it
/// after a lost response changes nothing and returns true again.
///
/// # Errors
/// Database errors only.
pub async fn complete(
    conn: &mut PgConnection,
    id: ReportId,
    attempt: i16,
    file: &File,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let completed = sqlx::query!(
        "update reports
         set status = 'Completed', progress = 100, object_key = $3, row_count = $4, size_bytes = $5, sha256 = $6,
             error_message = null, ended_at = $7
         where id = $1 and attempt = $2 and (status = 'Processing' or (status = 'Completed' and object_key = $3))",
        id as ReportId,
        attempt,
        file.object_key,
        file.row_count,
        file.size_bytes,
        file.sha256,
        now,
    )
    .execute(conn)
    .await?;
    Ok(completed.rows_affected() == 1)
}
