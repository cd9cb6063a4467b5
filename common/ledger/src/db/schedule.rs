//! Schedules and their next due times. A scheduler claims a schedule only by locking its row.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::error::Result;

/// A schedule as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRow {
    /// Its name.
    pub name: String,
    /// When it fires next.
    pub next_at: DateTime<Utc>,
}

/// Schedules, by name, the first thousand.
///
/// # Errors
/// Database errors only.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<ScheduleRow>> {
    Ok(sqlx::query_as!(
        ScheduleRow,
        "select name, next_at from schedules order by name limit 1000"
    )
    .fetch_all(conn)
    .await?)
}

/// Adds a schedule that first fires at `first_at`, unless it exists.
///
/// # Errors
/// Database errors only.
pub async fn enter(conn: &mut PgConnection, name: &str, first_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "insert into schedules (name, next_at) values ($1, $2) on conflict (name) do nothing",
        name,
        first_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When these schedules fire next; those without a row are left out. This query locks nothing, since nearly always none
/// is due; a scheduler that fires one locks it first ([`lock_due`]).
///
/// # Errors
/// Database errors only.
pub async fn next<'a>(conn: &mut PgConnection, names: &[&'a str]) -> Result<Vec<(&'a str, DateTime<Utc>)>> {
    let known: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let rows = sqlx::query_as!(
        ScheduleRow,
        "select name, next_at from schedules where name = any($1)",
        &known
    )
    .fetch_all(conn)
    .await?;
    let next_at = |name: &&'a str| {
        let row = rows.iter().find(|row| row.name == *name)?;
        Some((*name, row.next_at))
    };
    Ok(names.iter().filter_map(next_at).collect())
}

/// The due tick of a schedule, locked until the transaction ends; `None` if it is not due or another scheduler has
/// locked it. A tick later than `horizon`, the latest legitimate instant, counts as due.
///
/// # Errors
/// Database errors only.
pub async fn lock_due(
    conn: &mut PgConnection,
    name: &str,
    now: DateTime<Utc>,
    horizon: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    Ok(sqlx::query_scalar!(
        "select next_at from schedules
         where name = $1 and (next_at <= $2 or next_at > $3) for update skip locked",
        name,
        now,
        horizon,
    )
    .fetch_optional(conn)
    .await?)
}

/// Sets when a schedule fires next.
///
/// # Errors
/// Database errors only.
pub async fn set_next(conn: &mut PgConnection, name: &str, next_at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update schedules set next_at = $2 where name = $1", name, next_at)
        .execute(conn)
        .await?;
    Ok(())
}

/// By how many seconds each of these schedules is overdue; 0 if it is on time. Those without a row are left out.
///
/// # Errors
/// Database errors only.
pub async fn lags<'a>(conn: &mut PgConnection, names: &[&'a str], now: DateTime<Utc>) -> Result<Vec<(&'a str, f64)>> {
    let lag = |(name, next_at): (&'a str, DateTime<Utc>)| (name, (now - next_at).as_seconds_f64().max(0.0));
    Ok(next(conn, names).await?.into_iter().map(lag).collect())
}
