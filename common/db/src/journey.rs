//! Journeys of sold tickets, from the calls that were frozen at the sale; the timetable may have changed since.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::company::Bus;
use domain::id::{StopId, TripId};
use domain::journey::{Call, Journey, Route};
use sqlx::PgConnection;
use uuid::Uuid;

use super::published::{place, route, trip};
use crate::error::AppResult;

/// A departure's key.
pub type DepartureKey = (TripId, NaiveDate);

/// Departures that carry tickets, ready to cut journeys from.
#[derive(Debug, Default)]
pub struct SoldDepartures(HashMap<DepartureKey, SoldDeparture>);

#[derive(Debug)]
struct SoldDeparture {
    route: Arc<Route>,
    bus: Arc<Bus>,
    calls: Vec<Call>,
}

impl SoldDepartures {
    /// The journey between two positions of a departure.
    #[must_use]
    pub fn journey(&self, key: DepartureKey, boarding: u16, alighting: u16) -> Option<Journey> {
        let departure = self.0.get(&key)?;
        let at = |position: u16| departure.calls.iter().find(|call| call.position == position).cloned();
        let between = |call: &&Call| boarding < call.position && call.position < alighting;
        Some(Journey {
            trip_id: key.0,
            service_day: key.1,
            route: Arc::clone(&departure.route),
            bus: Arc::clone(&departure.bus),
            boarding: at(boarding)?,
            between: departure.calls.iter().filter(between).cloned().collect(),
            alighting: at(alighting)?,
        })
    }

    /// The journey over the whole of a departure.
    #[must_use]
    pub fn whole(&self, key: DepartureKey) -> Option<Journey> {
        let calls = &self.0.get(&key)?.calls;
        let (first, last) = (calls.first()?.position, calls.last()?.position);
        self.journey(key, first, last).filter(|_| first < last)
    }
}

/// Loads departures with their calls, stops, routes and buses.
///
/// # Errors
/// Database errors only.
pub async fn load(conn: &mut PgConnection, keys: &[DepartureKey]) -> AppResult<SoldDepartures> {
    let (trips, days): (Vec<Uuid>, Vec<NaiveDate>) = keys.iter().map(|(trip, day)| (trip.0, *day)).unzip();
    let departures = sqlx::query!(
        "select d.trip_id, d.service_day, d.bus_id, t.route_id
         from unnest($1::uuid[], $2::date[]) as wanted (trip_id, service_day)
         join departures d using (trip_id, service_day)
         join trips t on t.id = d.trip_id",
        &trips,
        &days,
    )
    .fetch_all(&mut *conn)
    .await?;
    let rows = sqlx::query!(
        "select c.trip_id, c.service_day, c.position, c.stop_id, c.arrival_at, c.departure_at
         from unnest($1::uuid[], $2::date[]) as wanted (trip_id, service_day)
         join departure_calls c using (trip_id, service_day)
         order by c.trip_id, c.service_day, c.position",
        &trips,
        &days,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut stop_ids: Vec<Uuid> = rows.iter().map(|row| row.stop_id).collect();
    stop_ids.sort_unstable();
    stop_ids.dedup();
    let cities = place::cities_of_stops(conn, &stop_ids).await?;
    let stops = place::stops(conn, &cities, Some(&stop_ids)).await?;
    let mut route_ids: Vec<Uuid> = departures.iter().map(|row| row.route_id).collect();
    route_ids.sort_unstable();
    route_ids.dedup();
    let routes = route::routes(conn, Some(&route_ids)).await?;
    let mut bus_ids: Vec<Uuid> = departures.iter().map(|row| row.bus_id).collect();
    bus_ids.sort_unstable();
    bus_ids.dedup();
    let buses = trip::buses(conn, Some(&bus_ids)).await?;

    let mut calls: HashMap<DepartureKey, Vec<Call>> = HashMap::new();
    for row in rows {
        if let Some(stop) = stops.get(&row.stop_id) {
            calls
                .entry((TripId(row.trip_id), row.service_day))
                .or_default()
                .push(Call {
                    position: row.position.unsigned_abs(),
                    stop: Arc::clone(stop),
                    arrives_at: row.arrival_at,
                    departs_at: row.departure_at,
                });
        }
    }
    let sold = departures.into_iter().filter_map(|row| {
        let key = (TripId(row.trip_id), row.service_day);
        let departure = SoldDeparture {
            route: Arc::clone(routes.get(&row.route_id)?),
            bus: Arc::clone(buses.get(&row.bus_id)?),
            calls: calls.remove(&key)?,
        };
        Some((key, departure))
    });
    Ok(SoldDepartures(sold.collect()))
}

/// Freezes the calls of a departure at its first sale: stop, arrival, departure, by position.
///
/// # Errors
/// Database errors only.
pub async fn freeze(
    conn: &mut PgConnection,
    (trip_id, service_day): DepartureKey,
    calls: &[(StopId, DateTime<Utc>, DateTime<Utc>)],
) -> AppResult<()> {
    let stops: Vec<Uuid> = calls.iter().map(|(stop, _, _)| stop.0).collect();
    let arrivals: Vec<DateTime<Utc>> = calls.iter().map(|(_, arrival, _)| *arrival).collect();
    let departures: Vec<DateTime<Utc>> = calls.iter().map(|(_, _, departure)| *departure).collect();
    sqlx::query!(
        "insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
         select $1, $2, position - 1, stop_id, arrival_at, departure_at
         from unnest($3::uuid[], $4::timestamptz[], $5::timestamptz[])
              with ordinality as call (stop_id, arrival_at, departure_at, position)",
        trip_id as TripId,
        service_day,
        &stops,
        &arrivals,
        &departures,
    )
    .execute(conn)
    .await?;
    Ok(())
}
