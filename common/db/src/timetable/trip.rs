//! Trips of a feed.

use chrono::{DateTime, Utc};
use domain::id::{BusId, FeedId, RouteId, ServiceId, TripId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A row of `trips`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TripRow {
    /// Its id.
    pub id: TripId,
    /// `trip_id` of the feed.
    pub key: String,
    /// Its line.
    pub route_id: RouteId,
    /// Its days.
    pub service_id: ServiceId,
    /// Its bus.
    pub bus_id: BusId,
    /// IANA name that its times count in.
    pub time_zone: String,
    /// Whether it has disappeared from the feed.
    pub withdrawn: bool,
}

/// Every trip of a feed, withdrawn ones included.
///
/// # Errors
/// Database errors only.
pub async fn stored(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Vec<TripRow>> {
    Ok(sqlx::query_as!(
        TripRow,
        r#"select id as "id: TripId", feed_trip_id as key, route_id as "route_id: RouteId",
                  service_id as "service_id: ServiceId", bus_id as "bus_id: BusId", time_zone,
                  withdrawn_at is not null as "withdrawn!"
           from trips where feed_id = $1"#,
        feed_id as FeedId,
    )
    .fetch_all(conn)
    .await?)
}

/// Those of these trips that are not withdrawn.
///
/// # Errors
/// Database errors only.
pub async fn live(conn: &mut PgConnection, ids: &[TripId]) -> AppResult<Vec<TripRow>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        TripRow,
        r#"select id as "id: TripId", feed_trip_id as key, route_id as "route_id: RouteId",
                  service_id as "service_id: ServiceId", bus_id as "bus_id: BusId", time_zone,
                  false as "withdrawn!"
           from trips where id = any($1) and withdrawn_at is null"#,
        &ids,
    )
    .fetch_all(conn)
    .await?)
}

/// Stores trips, new or known; they are on sale again if they were withdrawn.
///
/// # Errors
/// Database errors only.
pub async fn upsert(conn: &mut PgConnection, feed_id: FeedId, rows: &[&TripRow]) -> AppResult<()> {
    let ids: Vec<_> = rows.iter().map(|r| r.id.0).collect();
    let keys: Vec<_> = rows.iter().map(|r| r.key.clone()).collect();
    let routes: Vec<_> = rows.iter().map(|r| r.route_id.0).collect();
    let services: Vec<_> = rows.iter().map(|r| r.service_id.0).collect();
    let buses: Vec<_> = rows.iter().map(|r| r.bus_id.0).collect();
    let zones: Vec<_> = rows.iter().map(|r| r.time_zone.clone()).collect();
    sqlx::query!(
        "insert into trips (feed_id, id, feed_trip_id, route_id, service_id, bus_id, time_zone)
         select $1, new.*
         from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[]) as new
         on conflict (id) do update set feed_trip_id = excluded.feed_trip_id, route_id = excluded.route_id, service_id = excluded.service_id,
             bus_id = excluded.bus_id, time_zone = excluded.time_zone, withdrawn_at = null",
        feed_id as FeedId,
        &ids,
        &keys,
        &routes,
        &services,
        &buses,
        &zones,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives trips other keys, because others have theirs from now on: the old key, `~` and the id.
///
/// # Errors
/// Database errors only.
pub async fn rename(conn: &mut PgConnection, ids: &[Uuid]) -> AppResult<()> {
    sqlx::query!(
        "update trips set feed_trip_id = feed_trip_id || '~' || id where id = any($1)",
        ids
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores withdrawn copies of trips, for departures that were sold on these trips and do not belong to them any more.
///
/// # Errors
/// Database errors only.
pub async fn shelter(conn: &mut PgConnection, trips: &[(TripId, TripId)], now: DateTime<Utc>) -> AppResult<()> {
    let (trips, shelters): (Vec<_>, Vec<_>) = trips.iter().map(|(trip, shelter)| (trip.0, shelter.0)).unzip();
    sqlx::query!(
        "insert into trips (id, feed_id, feed_trip_id, route_id, service_id, bus_id, time_zone, withdrawn_at)
         select new.id, t.feed_id, t.feed_trip_id || '~' || new.id, t.route_id, t.service_id, t.bus_id, t.time_zone, $3
         from unnest($1::uuid[], $2::uuid[]) as new (of, id) join trips t on t.id = new.of",
        &trips,
        &shelters,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes trips off sale.
///
/// # Errors
/// Database errors only.
pub async fn withdraw(conn: &mut PgConnection, ids: &[TripId], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query!("update trips set withdrawn_at = $2 where id = any($1)", &ids, now)
        .execute(conn)
        .await?;
    Ok(())
}
