//! Departures that carry tickets, and their lock. Their seats are in [`seat`](super::seat).

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::id::{BusId, TripId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::journey::DepartureKey;
use crate::error::AppResult;

pub mod closure;
pub mod company;
pub mod manifest;

/// A departure that the caller's transaction has locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Locked {
    /// Withdrawn from sale.
    pub closed: bool,
}

/// Stores a departure if it is not stored yet, and returns whether it did; its calls must then be frozen.
///
/// # Errors
/// Database errors only.
pub async fn ensure(conn: &mut PgConnection, (trip_id, service_day): DepartureKey, bus_id: BusId) -> AppResult<bool> {
    let inserted = sqlx::query!(
        "insert into departures (trip_id, service_day, bus_id) values ($1, $2, $3) on conflict do nothing",
        trip_id as TripId,
        service_day,
        bus_id as BusId,
    )
    .execute(conn)
    .await?
    .rows_affected();
    Ok(inserted == 1)
}

/// Locks departures that carry tickets, in the order of their keys. Every change of their tickets takes this lock
/// first, so that sales and cancellations of one departure are serialised and cannot deadlock.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, keys: &[DepartureKey]) -> AppResult<HashMap<DepartureKey, Locked>> {
    let (trips, days): (Vec<Uuid>, Vec<NaiveDate>) = keys.iter().map(|(trip, day)| (trip.0, *day)).unzip();
    let rows = sqlx::query!(
        r#"select d.trip_id, d.service_day, coalesce(d.closed_at, d.company_closed_at) is not null as "closed!"
           from unnest($1::uuid[], $2::date[]) as wanted (trip_id, service_day)
           join departures d using (trip_id, service_day)
           order by d.trip_id, d.service_day
           for no key update of d"#,
        &trips,
        &days,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ((TripId(row.trip_id), row.service_day), Locked { closed: row.closed }))
        .collect())
}
