//! Calls of trips (`stop_times`), the bulk of a feed.

use domain::id::{FeedId, StopId, TripId};
use sqlx::PgConnection;

use crate::error::AppResult;

/// Rows per message; keeps what is built before it is sent below a megabyte, so that the server works meanwhile.
const BATCH: usize = 5_000;

/// A row of `stop_times`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallRow {
    /// Its trip.
    pub trip_id: TripId,
    /// From 0.
    pub position: i16,
    /// The stop.
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

/// Stores new calls, by COPY in binary form: a third less time on the server than an insert of the same rows from
/// arrays, and less log, since pages are filled at once.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, rows: &[CallRow]) -> AppResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut copy = conn
        .copy_in_raw(
            "copy stop_times (trip_id, position, stop_id, arrival, departure, boarding, alighting, meters)
             from stdin (format binary)",
        )
        .await?;
    let mut message = Rows::new();
    for rows in rows.chunks(BATCH) {
        for row in rows {
            message.call(row);
        }
        copy.send(message.take()).await?;
    }
    message.end();
    copy.send(message.take()).await?;
    copy.finish().await?;
    Ok(())
}

/// Rows in the binary form of COPY (PostgreSQL manual, COPY, "Binary Format"): numbers big-endian, each value after its
/// length in bytes.
struct Rows(Vec<u8>);

impl Rows {
    /// Signature, no flags, no header extension.
    fn new() -> Self {
        Self(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0".to_vec())
    }

    fn call(&mut self, row: &CallRow) {
        self.0.extend(8_i16.to_be_bytes());
        self.value(row.trip_id.0.into_bytes());
        self.value(row.position.to_be_bytes());
        self.value(row.stop_id.0.into_bytes());
        self.value(row.arrival.to_be_bytes());
        self.value(row.departure.to_be_bytes());
        self.value([u8::from(row.boarding)]);
        self.value([u8::from(row.alighting)]);
        self.value(row.meters.to_be_bytes());
    }

    /// The number of bytes is known at compile time, and fits.
    fn value<const BYTES: usize>(&mut self, bytes: [u8; BYTES]) {
        self.0.extend((BYTES as u32).to_be_bytes());
        self.0.extend(bytes);
    }

    fn end(&mut self) {
        self.0.extend((-1_i16).to_be_bytes());
    }

    /// What was written since the last call.
    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }
}
