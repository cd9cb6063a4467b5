//! Trips with their service days, buses and stop times.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::company::Bus;
use domain::id::{BusId, TripId};
use domain::timetable::{ServiceDays, StopTime, Trip};
use domain::zone::Zone;
use futures::TryStreamExt;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Indexed, corrupt, route};
use crate::error::AppResult;

pub(super) async fn trips(
    conn: &mut PgConnection,
    feeds: &Indexed,
    stops: &HashMap<Uuid, u32>,
) -> AppResult<(Vec<Trip>, Vec<StopTime>)> {
    let routes = route::routes(conn, None).await?;
    let mut services: HashMap<Uuid, Arc<ServiceDays>> = HashMap::new();
    let mut rows = sqlx::query!("select id, days from services").fetch(&mut *conn);
    while let Some(row) = rows.try_next().await? {
        let days: Vec<NaiveDate> = row.days;
        services.insert(row.id, Arc::new(ServiceDays::new(&days)));
    }
    drop(rows);
    let buses = buses(conn, None).await?;

    let rows = sqlx::query!(
        "select id, feed_id, route_id, service_id, bus_id, time_zone from trips where withdrawn_at is null order by id"
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut zones: HashMap<String, Zone> = HashMap::new();
    let mut trips = Vec::with_capacity(rows.len());
    for row in rows {
        if !zones.contains_key(&row.time_zone) {
            let zone = Zone::named(&row.time_zone).map_err(|e| corrupt("trip", &e))?;
            zones.insert(row.time_zone.clone(), zone);
        }
        let (Some(route), Some(days), Some(bus), Some(zone)) = (
            routes.get(&row.route_id),
            services.get(&row.service_id),
            buses.get(&row.bus_id),
            zones.get(&row.time_zone),
        ) else {
            return Err(corrupt("trip without route, service or bus", &row.id));
        };
        trips.push(Trip {
            id: TripId(row.id),
            feed: feeds.get(row.feed_id)?,
            route: Arc::clone(route),
            days: Arc::clone(days),
            bus: Arc::clone(bus),
            zone: zone.clone(),
            first_stop_time: 0,
        });
    }
    let stop_times = stop_times(conn, &mut trips, stops).await?;
    Ok((trips, stop_times))
}

/// Stop times in the order of the trips, which are sorted by id; notes where each trip's begin.
async fn stop_times(
    conn: &mut PgConnection,
    trips: &mut [Trip],
    stops: &HashMap<Uuid, u32>,
) -> AppResult<Vec<StopTime>> {
    let mut rows = sqlx::query!(
        "select t.trip_id, t.stop_id, t.arrival, t.departure, t.boarding, t.alighting, t.meters
         from stop_times t join trips on trips.id = t.trip_id and trips.withdrawn_at is null
         order by t.trip_id, t.position"
    )
    .fetch(conn);
    let mut stop_times = Vec::new();
    let mut trip = 0;
    while let Some(row) = rows.try_next().await? {
        while trips.get(trip).is_some_and(|t| t.id.0 < row.trip_id) {
            trip += 1;
            if let Some(next) = trips.get_mut(trip) {
                next.first_stop_time = u32::try_from(stop_times.len()).unwrap_or(u32::MAX);
            }
        }
        stop_times.push(StopTime {
            stop: *stops
                .get(&row.stop_id)
                .ok_or_else(|| corrupt("stop time without stop", &row.trip_id))?,
            arrival: row.arrival,
            departure: row.departure,
            meters: row.meters.unsigned_abs(),
            boarding: row.boarding,
            alighting: row.alighting,
        });
    }
    for rest in trips.iter_mut().skip(trip + 1) {
        rest.first_stop_time = u32::try_from(stop_times.len()).unwrap_or(u32::MAX);
    }
    Ok(stop_times)
}

/// Buses by id: the given ones, or all.
pub(crate) async fn buses(conn: &mut PgConnection, only: Option<&[Uuid]>) -> AppResult<HashMap<Uuid, Arc<Bus>>> {
    let rows = sqlx::query!(
        "select id, seats, registration_number, brand, model from buses
         where id = any(coalesce($1::uuid[], array(select id from buses)))",
        only as Option<&[Uuid]>,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let bus = Bus {
                id: BusId(row.id),
                seats: row.seats.unsigned_abs(),
                registration_number: row.registration_number,
                brand: row.brand,
                model: row.model,
            };
            (row.id, Arc::new(bus))
        })
        .collect())
}
