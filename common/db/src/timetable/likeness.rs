//! Data of other feeds, for finding out whether a feed is one of them under another key.

use chrono::{DateTime, NaiveDate, Utc};
use domain::geo::Point;
use domain::id::{FeedId, ServiceId, StopId, TripId};
use sqlx::PgConnection;

use crate::error::AppResult;

/// Another feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherFeed {
    /// Its id.
    pub id: FeedId,
    /// Its key.
    pub key: String,
    /// Slugs of the companies that run it.
    pub companies: Vec<String>,
    /// Names of the carriers that run it.
    pub carriers: Vec<String>,
}

/// The other feeds that sell, or did until they were withdrawn and have passengers who still travel.
///
/// # Errors
/// Database errors only.
pub async fn others(conn: &mut PgConnection, feed_id: FeedId, now: DateTime<Utc>) -> AppResult<Vec<OtherFeed>> {
    Ok(sqlx::query_as!(
        OtherFeed,
        r#"select f.id as "id: FeedId", f.key,
                  array(select distinct c.slug from routes r join companies c on c.id = r.company_id
                        where r.feed_id = f.id) as "companies!",
                  array(select distinct k.name from routes r join carriers k on k.id = r.carrier_id
                        where r.feed_id = f.id) as "carriers!"
           from feeds f
           where f.id <> $1 and (f.withdrawn_at is null or exists (
               select from seat_holds h join trips t on t.id = h.trip_id
               join departure_calls c on c.trip_id = h.trip_id and c.service_day = h.service_day
               where t.feed_id = f.id and c.arrival_at > $2
           ))
           order by f.key"#,
        feed_id as FeedId,
        now,
    )
    .fetch_all(conn)
    .await?)
}

/// The stops of these feeds that are on sale, or were when their feed was withdrawn.
///
/// # Errors
/// Database errors only.
pub async fn stops(conn: &mut PgConnection, feeds: &[FeedId]) -> AppResult<Vec<(FeedId, StopId, Point)>> {
    let feeds: Vec<_> = feeds.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select s.id as "id: StopId", s.feed_id as "feed_id: FeedId", s.latitude, s.longitude
           from stops s join feeds f on f.id = s.feed_id
           where s.feed_id = any($1) and (s.withdrawn_at is null or s.withdrawn_at = f.withdrawn_at)"#,
        &feeds,
    )
    .fetch_all(conn)
    .await?;
    let point = |latitude, longitude| Point { latitude, longitude };
    Ok(rows
        .into_iter()
        .map(|row| (row.feed_id, row.id, point(row.latitude, row.longitude)))
        .collect())
}

/// A trip in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline {
    /// The trip.
    pub trip_id: TripId,
    /// Its feed.
    pub feed_id: FeedId,
    /// Its days.
    pub service_id: ServiceId,
    /// When it leaves its first stop, in seconds of the service day.
    pub departure: i32,
    /// When it reaches its last stop, in seconds of the service day.
    pub arrival: i32,
    /// Number of calls.
    pub calls: i64,
}

/// The trips of these feeds that are on sale, or were when their feed was withdrawn, if they leave at one of these
/// times.
///
/// # Errors
/// Database errors only.
pub async fn outlines(conn: &mut PgConnection, feeds: &[FeedId], departures: &[i32]) -> AppResult<Vec<Outline>> {
    let feeds: Vec<_> = feeds.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        Outline,
        r#"select t.id as "trip_id: TripId", t.feed_id as "feed_id: FeedId", t.service_id as "service_id: ServiceId",
                  first.departure, last.arrival as "arrival!", last.position + 1::bigint as "calls!"
           from trips t
           join feeds f on f.id = t.feed_id
           join stop_times first on first.trip_id = t.id and first.position = 0
           cross join lateral (
               select c.arrival, c.position from stop_times c where c.trip_id = t.id order by c.position desc limit 1
           ) as last
           where t.feed_id = any($1) and (t.withdrawn_at is null or t.withdrawn_at = f.withdrawn_at)
             and first.departure = any($2)"#,
        &feeds,
        departures,
    )
    .fetch_all(conn)
    .await?)
}

/// Days of services.
///
/// # Errors
/// Database errors only.
pub async fn days(conn: &mut PgConnection, services: &[ServiceId]) -> AppResult<Vec<(ServiceId, Vec<NaiveDate>)>> {
    let services: Vec<_> = services.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id: ServiceId", days from services where id = any($1)"#,
        &services,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.days)).collect())
}
