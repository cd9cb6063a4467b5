//! The stored state of a feed before an import, and the stored objects that the objects of the new version match.

use std::collections::HashMap;

use chrono::NaiveDate;
use db::timetable::bus;
use db::timetable::call::{self, CallRow};
use db::timetable::party::{self, FeedCarrier};
use db::timetable::route::{self, RouteRow};
use db::timetable::service::{self, ServiceRow};
use db::timetable::stop::{self, StopRow};
use db::timetable::trip::{self, TripRow};
use domain::geo::Point;
use domain::gtfs::{Feed, model};
use domain::id::{BusId, CityId, FeedId, RouteId, ServiceId, StopId, TripId};
use domain::identity::{Agency, ComparedStop, Route, Trip, same_agencies, same_routes, same_stops, same_trips};
use sqlx::PgConnection;

use crate::error::AppResult;

/// Key of the bus that runs trips without one of their own.
pub const DEFAULT_BUS: &str = "default";

/// Everything that is stored of a feed, withdrawn rows included.
#[derive(Debug, Default)]
pub struct Known {
    /// Its stops.
    pub stops: Vec<StopRow>,
    /// Its routes.
    pub routes: Vec<RouteRow>,
    /// Its services.
    pub services: Vec<ServiceRow>,
    /// Its trips.
    pub trips: Vec<TripRow>,
    /// Their calls, by trip and position.
    pub calls: Vec<CallRow>,
    /// The carriers of its routes so far.
    pub carriers: Vec<FeedCarrier>,
    buses: HashMap<BusId, String>,
}

impl Known {
    /// Reads the stored state of a feed.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn load(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Self> {
        let carriers = party::carriers_of_feed(conn, feed_id).await?;
        let companies: Vec<_> = carriers.iter().map(|carrier| carrier.company_id).collect();
        let buses = bus::stored(conn, &companies).await?;
        Ok(Self {
            stops: stop::stored(conn, feed_id).await?,
            routes: route::stored(conn, feed_id).await?,
            services: service::stored(conn, feed_id).await?,
            trips: trip::stored(conn, feed_id).await?,
            calls: call::stored(conn, feed_id).await?,
            carriers,
            buses: buses.into_iter().map(|bus| (bus.id, bus.key)).collect(),
        })
    }

    /// The calls of each trip.
    #[must_use]
    pub fn calls_by_trip(&self) -> HashMap<TripId, &[CallRow]> {
        self.calls
            .chunk_by(|a, b| a.trip_id == b.trip_id)
            .map(|calls| (calls[0].trip_id, calls))
            .collect()
    }

    /// The days of each service.
    #[must_use]
    pub fn days(&self) -> HashMap<ServiceId, &[NaiveDate]> {
        self.services.iter().map(|row| (row.id, row.days.as_slice())).collect()
    }

    fn as_trips(&self) -> Vec<Trip<'_>> {
        let (calls, days) = (self.calls_by_trip(), self.days());
        let routes: HashMap<RouteId, usize> = self.routes.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
        let known_calls = |id: &TripId| {
            let calls = calls.get(id).copied().unwrap_or_default();
            calls
                .iter()
                .map(|call| (Some(call.stop_id), call.arrival, call.departure))
        };
        let trip = |row| {
            let TripRow { id, key, .. }: &TripRow = row;
            Trip {
                key,
                route: routes.get(&row.route_id).copied().unwrap_or(usize::MAX),
                bus: self.buses.get(&row.bus_id).map_or(DEFAULT_BUS, String::as_str),
                days: days.get(&row.service_id).copied().unwrap_or_default(),
                zone: &row.time_zone,
                calls: known_calls(id).collect(),
                withdrawn: row.withdrawn,
            }
        };
        self.trips.iter().map(trip).collect()
    }
}

/// For each object of a feed, the position of the stored object in [`Known`] that it matches, if there is one.
#[derive(Debug)]
pub struct Same {
    /// Its stops.
    pub stops: Vec<Option<usize>>,
    /// Its routes.
    pub routes: Vec<Option<usize>>,
    /// Its trips.
    pub trips: Vec<Option<usize>>,
    /// Its agencies, among the carriers.
    pub agencies: Vec<Option<usize>>,
}

impl Same {
    /// Matches each object of a feed with the stored ones. `cities` are those of its stops, `feed_key` is its key.
    #[must_use]
    pub fn of(feed: &Feed, feed_key: &str, known: &Known, cities: &[Option<CityId>]) -> Self {
        let stops = same_stops(&known_places(known), &new_places(feed, cities));
        let ids: Vec<Option<StopId>> = stops.iter().map(|at| at.map(|at| known.stops[at].id)).collect();
        let (known_trips, new_trips) = (known.as_trips(), new_trips(feed, &ids));
        let carriers: HashMap<_, usize> = known
            .carriers
            .iter()
            .enumerate()
            .map(|(at, row)| (row.id, at))
            .collect();
        let known_routes: Vec<Route<'_>> = known
            .routes
            .iter()
            .map(|row| Route {
                key: &row.key,
                slug: &row.slug,
                name: &row.name,
                agency: carriers.get(&row.carrier_id).copied().unwrap_or(usize::MAX),
            })
            .collect();
        let new_routes: Vec<Route<'_>> = feed
            .routes
            .iter()
            .map(|route| Route {
                key: &route.id,
                slug: &route.slug,
                name: &route.name,
                agency: route.agency,
            })
            .collect();
        let routes = same_routes(&known_routes, &new_routes, &known_trips, &new_trips);
        let trips = same_trips(&known_trips, &new_trips, &routes);
        let found = routes.iter().zip(&new_routes);
        let found = found.filter_map(|(known_at, route)| Some((known_routes[(*known_at)?].agency, route.agency)));
        let agencies = same_agencies(
            &known_agencies(known, feed_key),
            &new_agencies(feed),
            found.filter(|(known_at, _)| *known_at < known.carriers.len()),
        );
        Self {
            stops,
            routes,
            trips,
            agencies,
        }
    }

    /// For each trip of the feed, whether the last import did not have it, or had it with other stops or times.
    #[must_use]
    pub fn new_trips(&self, feed: &Feed, known: &Known) -> Vec<bool> {
        let calls = known.calls_by_trip();
        let is_new = |(trip, same): (&model::Trip, &Option<usize>)| {
            let Some(row) = same.and_then(|at| known.trips.get(at)).filter(|row| !row.withdrawn) else {
                return true;
            };
            let old = calls.get(&row.id).copied().unwrap_or_default();
            let alike = |(old, new): (&CallRow, &model::Call)| {
                let stop = self.stops[new.stop].map(|at| known.stops[at].id);
                stop == Some(old.stop_id) && (old.arrival, old.departure) == (new.arrival, new.departure)
            };
            old.len() != trip.calls.len() || !old.iter().zip(&trip.calls).all(alike)
        };
        feed.trips.iter().zip(&self.trips).map(is_new).collect()
    }
}

/// The stored position of a stop for which no feed has one.
const NOWHERE: Point = Point {
    latitude: 0.0,
    longitude: 0.0,
};

fn known_places(known: &Known) -> Vec<ComparedStop<'_>> {
    let place = |row| {
        let StopRow { key, name, .. }: &StopRow = row;
        ComparedStop {
            key,
            name,
            platform: row.platform.as_deref(),
            // Zeros are stored for an unknown position.
            point: Some(row.point()).filter(|point| *point != NOWHERE),
            city: row.city_id,
            withdrawn: row.withdrawn,
        }
    };
    known.stops.iter().map(place).collect()
}

fn new_places<'a>(feed: &'a Feed, cities: &[Option<CityId>]) -> Vec<ComparedStop<'a>> {
    let stops = feed.stops.iter().zip(cities);
    stops
        .map(|(stop, city)| ComparedStop {
            key: &stop.id,
            name: &stop.name,
            platform: stop.platform.as_deref(),
            point: stop.point,
            city: *city,
            withdrawn: false,
        })
        .collect()
}

fn new_trips<'a>(feed: &'a Feed, stops: &[Option<StopId>]) -> Vec<Trip<'a>> {
    let trips = feed.trips.iter();
    trips
        .map(|trip| Trip {
            key: &trip.id,
            route: trip.route,
            bus: trip.block.as_deref().unwrap_or(DEFAULT_BUS),
            days: &feed.services[trip.service].days,
            zone: &feed.agencies[feed.routes[trip.route].agency].time_zone,
            calls: trip
                .calls
                .iter()
                .map(|call| (stops[call.stop], call.arrival, call.departure))
                .collect(),
            withdrawn: false,
        })
        .collect()
}

fn known_agencies<'a>(known: &'a Known, feed_key: &str) -> Vec<Agency<'a>> {
    let key = |row: &'a FeedCarrier| row.key.strip_prefix(feed_key).and_then(|rest| rest.strip_prefix('/'));
    let carriers = known.carriers.iter();
    carriers
        .map(|row| Agency {
            key: key(row).unwrap_or(&row.key),
            // Carriers of invented feeds are marked as such.
            name: row.name.strip_suffix(" (SYNTHETIC)").unwrap_or(&row.name),
        })
        .collect()
}

fn new_agencies(feed: &Feed) -> Vec<Agency<'_>> {
    let agencies = feed.agencies.iter();
    agencies
        .map(|agency| Agency {
            key: &agency.id,
            name: &agency.name,
        })
        .collect()
}
