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

/// When these schedules fire next; those without a row are left out. This query locks nothing: other schedulers may
/// fire those that are not due to this one; a scheduler that fires one locks it first ([`lock_due`]).
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

/// Those of these schedules that are due, locked until the transaction ends; those that another scheduler has locked
/// are left out. Each has a horizon, the latest legitimate instant: a tick later than that counts as due.
///
/// # Errors
/// Database errors only.
pub async fn lock_due(
    conn: &mut PgConnection,
    schedules: &[(&str, DateTime<Utc>)],
    now: DateTime<Utc>,
) -> Result<Vec<ScheduleRow>> {
    let (names, horizons) = columns(schedules);
    Ok(sqlx::query_as!(
        ScheduleRow,
        r#"select schedules.name as "name!", schedules.next_at as "next_at!"
           from unnest($1::text[], $2::timestamptz[]) as asked (name, horizon)
           join schedules on schedules.name = asked.name
           where schedules.next_at <= $3 or schedules.next_at > asked.horizon
           order by schedules.name for update of schedules skip locked"#,
        &names,
        &horizons,
        now,
    )
    .fetch_all(conn)
    .await?)
}

/// Sets when schedules fire next.
///
/// # Errors
/// Database errors only.
pub async fn set_next(conn: &mut PgConnection, schedules: &[(&str, DateTime<Utc>)]) -> Result<()> {
    let (names, instants) = columns(schedules);
    sqlx::query!(
        "update schedules set next_at = fired.next_at
         from unnest($1::text[], $2::timestamptz[]) as fired (name, next_at)
         where schedules.name = fired.name",
        &names,
        &instants,
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn columns(schedules: &[(&str, DateTime<Utc>)]) -> (Vec<String>, Vec<DateTime<Utc>>) {
    schedules.iter().map(|(name, at)| ((*name).to_owned(), *at)).unzip()
}

/// By how many seconds each of these schedules is overdue; 0 if it is on time. Those without a row are left out.
///
/// # Errors
/// Database errors only.
pub async fn lags<'a>(conn: &mut PgConnection, names: &[&'a str], now: DateTime<Utc>) -> Result<Vec<(&'a str, f64)>> {
    let lag = |(name, next_at): (&'a str, DateTime<Utc>)| (name, (now - next_at).as_seconds_f64().max(0.0));
    Ok(next(conn, names).await?.into_iter().map(lag).collect())
}
