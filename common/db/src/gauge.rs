//! Values of the business gauges. Every statement walks a partial index or a few days of departures, and counts are
//! capped.

use chrono::{DateTime, Utc};
use domain::payment_window::PAYMENT_WINDOW;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Rows that one count sees at most.
const MOST: i64 = 10_000;

/// Seconds by which the oldest unpaid ticket has outlived its payment window; 0 when none has.
///
/// # Errors
/// Database errors only.
pub async fn sweep_lag(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<f64> {
    let ended = now - PAYMENT_WINDOW;
    let lag = sqlx::query_scalar!(
        r#"select extract(epoch from $1 - created_at)::float8 as "seconds!" from tickets
           where status = 'Processing' and payment_status = 'Unpaid' and created_at <= $1
           order by created_at limit 1"#,
        ended,
    )
    .fetch_optional(conn)
    .await?;
    Ok(lag.unwrap_or_default())
}

/// Buses that a tracker follows and that drive a departure with sold tickets now, by how old their latest position is.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tracking {
    /// At most two minutes.
    pub fresh: i64,
    /// At most ten minutes.
    pub stale: i64,
    /// Older, or there is none.
    pub silent: i64,
    /// The oldest of these positions, in seconds; 0 when there is none.
    pub oldest_seconds: f64,
}

/// How well buses that are under way are tracked.
///
/// # Errors
/// Database errors only.
pub async fn tracking(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<Tracking> {
    Ok(sqlx::query_as!(
        Tracking,
        r#"with under_way as (
               select distinct bus_id from departures
               where service_day between ($1::timestamptz - interval '2 days')::date
                                     and ($1::timestamptz + interval '1 day')::date
                 and exists (select from trackers where trackers.bus_id = departures.bus_id and enabled)
                 and (select departure_at from departure_calls as call
                      where call.trip_id = departures.trip_id and call.service_day = departures.service_day
                      order by position limit 1) <= $1
                 and (select arrival_at from departure_calls as call
                      where call.trip_id = departures.trip_id and call.service_day = departures.service_day
                      order by position desc limit 1) >= $1
               limit $2
           ), tracked as (
               select extract(epoch from $1 - max(recorded_at))::float8 as age
               from under_way join trackers using (bus_id)
               where enabled group by bus_id
           )
           select count(*) filter (where age <= 120) as "fresh!",
                  count(*) filter (where age > 120 and age <= 600) as "stale!",
                  count(*) filter (where age is null or age > 600) as "silent!",
                  coalesce(greatest(max(age), 0), 0) as "oldest_seconds!"
           from tracked"#,
        now,
        MOST,
    )
    .fetch_one(conn)
    .await?)
}

/// Reports by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reports {
    /// They wait.
    pub pending: i64,
    /// They are being made.
    pub processing: i64,
    /// They were completed within the last hour.
    pub completed: i64,
    /// They failed within the last hour.
    pub failed: i64,
}

/// Reports that are not finished, and those that ended lately.
///
/// # Errors
/// Database errors only.
pub async fn reports(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<Reports> {
    Ok(sqlx::query_as!(
        Reports,
        r#"with unfinished as (
               select status from reports where status in ('Pending', 'Processing') limit $2
           ), ended as (
               select status from reports where ended_at > $1::timestamptz - interval '1 hour' limit $2
           )
           select (select count(*) from unfinished where status = 'Pending') as "pending!",
                  (select count(*) from unfinished where status = 'Processing') as "processing!",
                  (select count(*) from ended where status = 'Completed') as "completed!",
                  (select count(*) from ended where status = 'Failed') as "failed!""#,
        now,
        MOST,
    )
    .fetch_one(conn)
    .await?)
}

/// Uploads of timetables by status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Uploads {
    /// Their archives are on their way.
    pub receiving: i64,
    /// They wait for their preview or are being previewed.
    pub checking: i64,
    /// They wait for their publication or are being published.
    pub publishing: i64,
    /// They were previewed within the last hour.
    pub ready: i64,
    /// They were refused within the last hour.
    pub refused: i64,
    /// They were published within the last hour.
    pub published: i64,
    /// They failed within the last hour.
    pub failed: i64,
}

/// Uploads that are not finished, and those whose preview or publication ended lately.
///
/// # Errors
/// Database errors only.
pub async fn uploads(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<Uploads> {
    Ok(sqlx::query_as!(
        Uploads,
        r#"with unfinished as (
               select status from timetable_uploads where status in ('Receiving', 'Checking', 'Publishing') limit $2
           ), ended as (
               select status from timetable_uploads where ended_at > $1::timestamptz - interval '1 hour' limit $2
           )
           select (select count(*) from unfinished where status = 'Receiving') as "receiving!",
                  (select count(*) from unfinished where status = 'Checking') as "checking!",
                  (select count(*) from unfinished where status = 'Publishing') as "publishing!",
                  (select count(*) from ended where status = 'Ready') as "ready!",
                  (select count(*) from ended where status = 'Refused') as "refused!",
                  (select count(*) from ended where status = 'Published') as "published!",
                  (select count(*) from ended where status = 'Failed') as "failed!""#,
        now,
        MOST,
    )
    .fetch_one(conn)
    .await?)
}
