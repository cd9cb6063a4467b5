//! The former timetable: what a publication replaces, kept so that it can be restored. It is read from the database,
//! regardless of how it was imported.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Write};

use db::timetable::bus::{self, BusRow};
use db::timetable::call::CallRow;
use db::timetable::company_feed::CompanyFeed;
use db::timetable::fare;
use db::timetable::party::{self, CarrierRow};
use db::timetable::route::RouteRow;
use db::timetable::stop::{self, StopRow};
use db::timetable::trip::TripRow;
use db::timetable::unpriced;
use domain::geo::Point;
use domain::gtfs::Feed;
use domain::gtfs::model::{Agency, Call, Fare, Route, Scope, Service, Stop, Trip};
use domain::gtfs::vehicles::Vehicle;
use domain::id::{BusId, CompanyId, RouteId, StopId};
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::tariff::Tariff;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;

use super::known::{DEFAULT_BUS, Known};
use crate::error::{AppError, AppResult};

/// Maximum size of a kept timetable before compression; no import can be larger.
const MOST_BYTES: u64 = 1024 * 1024 * 1024;

/// A timetable as it was published, with everything that is needed to publish it again.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Former {
    /// The timetable; without trips when nothing was on sale.
    pub feed: Feed,
    /// The buses of its trips.
    pub vehicles: Vec<Vehicle>,
    /// The price of stop pairs without a fare.
    pub tariff: Option<Tariff>,
    /// Seats of the default bus.
    pub seats: Option<i16>,
}

impl Former {
    /// The part of a feed that is on sale now. The caller holds the lock for imports, so it does not change meanwhile.
    ///
    /// # Errors
    /// Database errors, and stored values that cannot be read.
    pub async fn read(conn: &mut PgConnection, feed: &CompanyFeed, company: (CompanyId, &str)) -> AppResult<Self> {
        let known = Known::load(conn, feed.id).await?;
        let buses = bus::stored(conn, &[company.0]).await?;
        let stored = Stored {
            carriers: party::carriers(conn, &[company.0]).await?,
            names: stop::stored_names(conn, feed.id).await?,
            fares: fare::stored(conn, feed.id).await?,
            unpriced: unpriced::stored(conn, feed.id).await?,
            buses: &buses,
            feed,
        };
        Ok(Self {
            feed: stored.feed(&known)?,
            vehicles: buses.iter().filter_map(|bus| vehicle(bus, company.1)).collect(),
            tariff: feed.tariff,
            seats: buses.iter().find(|bus| bus.key == DEFAULT_BUS).map(|bus| bus.seats),
        })
    }

    /// Encodes it for storage.
    ///
    /// # Errors
    /// Never: a timetable can be encoded.
    pub fn pack(&self) -> AppResult<Vec<u8>> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        let broken =
            |error: &dyn std::fmt::Display| AppError::Internal(format!("a timetable cannot be encoded: {error}"));
        serde_json::to_writer(&mut packed, self).map_err(|error| broken(&error))?;
        packed.flush().map_err(|error| broken(&error))?;
        packed.finish().map_err(|error| broken(&error))
    }

    /// Decodes the stored form.
    ///
    /// # Errors
    /// When it is not what [`pack`](Self::pack) made.
    pub fn unpack(packed: &[u8]) -> AppResult<Self> {
        let unpacked = std::io::BufReader::new(GzDecoder::new(packed)).take(MOST_BYTES);
        serde_json::from_reader(unpacked)
            .map_err(|error| AppError::Internal(format!("a kept timetable cannot be decoded: {error}")))
    }
}

fn vehicle(bus: &BusRow, company: &str) -> Option<Vehicle> {
    (bus.key != DEFAULT_BUS).then(|| Vehicle {
        company: company.to_owned(),
        bus: bus.key.clone(),
        seats: bus.seats,
        registration_number: bus.registration_number.clone(),
        brand: bus.brand.clone(),
        model: bus.model.clone(),
    })
}

/// The stored data of a feed that [`Known`] does not have.
struct Stored<'a> {
    carriers: Vec<CarrierRow>,
    names: Vec<stop::StopName>,
    fares: Vec<fare::FareRow>,
    unpriced: Vec<unpriced::UnpricedRow>,
    buses: &'a [BusRow],
    feed: &'a CompanyFeed,
}

impl Stored<'_> {
    fn feed(&self, known: &Known) -> AppResult<Feed> {
        let routes: Vec<&RouteRow> = known.routes.iter().filter(|row| !row.withdrawn).collect();
        let trips: Vec<&TripRow> = known.trips.iter().filter(|row| !row.withdrawn).collect();
        let stops: Vec<&StopRow> = known.stops.iter().filter(|row| !row.withdrawn).collect();
        let places: HashMap<RouteId, usize> = routes.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
        let agencies: Vec<&CarrierRow> = self
            .carriers
            .iter()
            .filter(|carrier| routes.iter().any(|route| route.carrier_id == carrier.id))
            .collect();
        let agency_of = |route: &RouteRow| agencies.iter().position(|carrier| carrier.id == route.carrier_id);
        let services: HashMap<_, usize> = known
            .services
            .iter()
            .enumerate()
            .map(|(at, row)| (row.id, at))
            .collect();
        let scope = |route: Option<RouteId>, origin: &Option<String>, destination: &Option<String>| {
            let route = match route {
                Some(id) => Some(*places.get(&id)?),
                None => None,
            };
            let (origin, destination) = (origin.clone(), destination.clone());
            Some(Scope {
                route,
                origin,
                destination,
            })
        };
        let mut fares = Vec::with_capacity(self.fares.len());
        for row in &self.fares {
            let currency: Currency = row
                .key
                .currency
                .parse()
                .map_err(|_| unknown("currency", &row.key.currency))?;
            let scope = scope(row.key.route_id, &row.key.origin, &row.key.destination);
            let price = Money::new(row.amount, currency);
            fares.extend(scope.map(|scope| Fare { scope, price }));
        }
        let unpriced = self.unpriced.iter();
        Ok(Feed {
            agencies: agencies
                .iter()
                .map(|carrier| self.agency(carrier, &routes, &trips))
                .collect(),
            routes: routes
                .iter()
                .map(|row| route(row, agency_of(row).unwrap_or_default()))
                .collect(),
            services: known
                .services
                .iter()
                .map(|row| Service {
                    id: row.key.clone(),
                    days: row.days.clone(),
                })
                .collect(),
            trips: self.trips(known, &trips, &stops, (&places, &services))?,
            stops: self.stops(&stops),
            fares,
            unpriced: unpriced
                .filter_map(|row| scope(row.route_id, &row.origin, &row.destination))
                .collect(),
            synthetic: self.feed.synthetic,
            shifted_weeks: 0,
            window: None,
        })
    }

    fn agency(&self, carrier: &CarrierRow, routes: &[&RouteRow], trips: &[&TripRow]) -> Agency {
        let own = |trip: &&&TripRow| {
            let route = routes.iter().find(|route| route.id == trip.route_id);
            route.is_some_and(|route| route.carrier_id == carrier.id)
        };
        let id = carrier
            .key
            .strip_prefix(&self.feed.key)
            .and_then(|rest| rest.strip_prefix('/'));
        Agency {
            id: id.unwrap_or(&carrier.key).to_owned(),
            name: carrier.name.clone(),
            url: None,
            phone: carrier.phones.first().cloned(),
            email: None,
            time_zone: trips.iter().find(own).map_or("UTC", |trip| &trip.time_zone).to_owned(),
        }
    }

    fn stops(&self, rows: &[&StopRow]) -> Vec<Stop> {
        let mut names: HashMap<StopId, BTreeMap<Language, String>> = HashMap::new();
        for name in &self.names {
            names
                .entry(name.stop_id)
                .or_default()
                .insert(name.language, name.name.clone());
        }
        let stop = |row: &&StopRow| Stop {
            id: row.key.clone(),
            name: row.name.clone(),
            names: names.remove(&row.id).unwrap_or_default(),
            address: row.address.clone(),
            platform: row.platform.clone(),
            // Zeros are stored for an unknown position.
            point: Some(row.point()).filter(|point| {
                *point
                    != Point {
                        latitude: 0.0,
                        longitude: 0.0,
                    }
            }),
            zone: row.zone.clone(),
            on_sale: row.city_id.is_some(),
        };
        rows.iter().map(stop).collect()
    }

    fn trips(
        &self,
        known: &Known,
        rows: &[&TripRow],
        stops: &[&StopRow],
        (routes, services): (&HashMap<RouteId, usize>, &HashMap<domain::id::ServiceId, usize>),
    ) -> AppResult<Vec<Trip>> {
        let stops: HashMap<StopId, usize> = stops.iter().enumerate().map(|(at, row)| (row.id, at)).collect();
        let buses: HashMap<BusId, &str> = self.buses.iter().map(|bus| (bus.id, bus.key.as_str())).collect();
        let calls = known.calls_by_trip();
        let call = |row: &CallRow| {
            Some(Call {
                stop: *stops.get(&row.stop_id)?,
                arrival: row.arrival,
                departure: row.departure,
                boarding: row.boarding,
                alighting: row.alighting,
                meters: row.meters,
            })
        };
        let trip = |row: &&TripRow| {
            let bus = buses.get(&row.bus_id).filter(|key| **key != DEFAULT_BUS);
            let calls: Option<Vec<Call>> = calls.get(&row.id)?.iter().map(call).collect();
            Some(Trip {
                id: row.key.clone(),
                route: *routes.get(&row.route_id)?,
                service: *services.get(&row.service_id)?,
                block: bus.map(|key| (*key).to_owned()),
                calls: calls?,
            })
        };
        let read = |row: &&TripRow| trip(row).ok_or_else(|| unknown("trip", &row.key));
        rows.iter().map(read).collect()
    }
}

fn route(row: &RouteRow, agency: usize) -> Route {
    Route {
        id: row.key.clone(),
        agency,
        name: row.name.clone(),
        slug: row.slug.clone(),
        description: row.description.clone(),
        network: None,
    }
}

fn unknown(what: &str, key: &str) -> AppError {
    AppError::Internal(format!("the stored timetable cannot be read: {what} {key:?}"))
}
