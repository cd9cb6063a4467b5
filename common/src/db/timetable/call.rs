//! Calls of trips (`stop_times`), the bulk of a feed.

use sqlx::PgConnection;

use crate::error::AppResult;
use crate::id::{FeedId, StopId, TripId};

/// Rows of one statement; keeps messages to the server at a few megabytes.
const BATCH: usize = 50_000;

/// A row of `stop_times`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallRow {
    /// Its trip.
    pub trip_id: TripId,
    /// From 0.
    pub position: i16,
    /// Where.
    pub stop_id: StopId,
    /// Seconds since noon minus 12 hours.
    pub arrival: i32,
    /// As `arrival`.
    pub departure: i32,
    /// Whether people may get on.
    pub boarding: bool,
    /// Whether people may get off.
    pub alighting: bool,
    /// Along the stops from the first one.
    pub meters: i32,
}

/// Every call of a feed, by trip and position.
///
/// # Errors
/// Database errors only.
pub async fn stored(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Vec<CallRow>> {
    Ok(sqlx::query_as!(
        CallRow,
        r#"select c.trip_id as "trip_id: TripId", c.position, c.stop_id as "stop_id: StopId", c.arrival, c.departure,
                  c.boarding, c.alighting, c.meters
           from stop_times c join trips t on t.id = c.trip_id
           where t.feed_id = $1
           order by c.trip_id, c.position"#,
        feed_id as FeedId,
    )
    .fetch_all(conn)
    .await?)
}

/// The calls of these trips, by trip and position.
///
/// # Errors
/// Database errors only.
pub async fn of_trips(conn: &mut PgConnection, trips: &[TripId]) -> AppResult<Vec<CallRow>> {
    let trips: Vec<_> = trips.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        CallRow,
        r#"select trip_id as "trip_id: TripId", position, stop_id as "stop_id: StopId", arrival, departure, boarding,
                  alighting, meters
           from stop_times where trip_id = any($1) order by trip_id, position"#,
        &trips,
    )
    .fetch_all(conn)
    .await?)
}

/// Removes every call of these trips.
///
/// # Errors
/// Database errors only.
pub async fn delete(conn: &mut PgConnection, trips: &[TripId]) -> AppResult<()> {
    let trips: Vec<_> = trips.iter().map(|id| id.0).collect();
    sqlx::query!("delete from stop_times where trip_id = any($1)", &trips)
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores new calls.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, rows: &[CallRow]) -> AppResult<()> {
    for rows in rows.chunks(BATCH) {
        let trips: Vec<_> = rows.iter().map(|r| r.trip_id.0).collect();
        let positions: Vec<_> = rows.iter().map(|r| r.position).collect();
        let stops: Vec<_> = rows.iter().map(|r| r.stop_id.0).collect();
        let arrivals: Vec<_> = rows.iter().map(|r| r.arrival).collect();
        let departures: Vec<_> = rows.iter().map(|r| r.departure).collect();
        let boardings: Vec<_> = rows.iter().map(|r| r.boarding).collect();
        let alightings: Vec<_> = rows.iter().map(|r| r.alighting).collect();
        let meters: Vec<_> = rows.iter().map(|r| r.meters).collect();
        sqlx::query!(
            "insert into stop_times (trip_id, position, stop_id, arrival, departure, boarding, alighting, meters)
             select * from unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::int[], $5::int[], $6::bool[],
                                  $7::bool[], $8::int[])",
            &trips,
            &positions,
            &stops,
            &arrivals,
            &departures,
            &boardings,
            &alightings,
            &meters,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
