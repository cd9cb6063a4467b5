//! The segment of a departure that an offer sells and a ticket holds: the same shape in both (contract section 4).

use domain::company;
use domain::departure::COMPACT_DAY;
use domain::id::{BusId, CarrierId, StopId};
use domain::journey::{Call, Journey};
use domain::language::Language;
use schemars::JsonSchema;
use serde::Serialize;

use super::city::wire::City;
use super::route::Route;
use crate::wire::value::{Id, Time, WallClock, Zoned};

/// The ride on one bus, from boarding to alighting.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Slice {
    /// Opaque id.
    #[schemars(example = &"slc_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_20260610_0_3")]
    pub id: String,
    /// Actual travel time in minutes, with time zones and clock changes taken into account.
    #[schemars(example = 480)]
    pub duration: i64,
    /// Local time of boarding, written with a `Z` although it is not UTC. `departureAt` is unambiguous.
    pub departure_date: WallClock,
    /// Local time of alighting, written with a `Z` although it is not UTC. `arrivalAt` is unambiguous.
    #[schemars(example = &"2026-06-10T14:30:00.000Z")]
    pub arrival_date: WallClock,
    /// Local time of boarding, with its UTC offset.
    pub departure_at: Zoned,
    /// Local time of alighting, with its UTC offset.
    #[schemars(example = &"2026-06-10T14:30:00+03:00")]
    pub arrival_at: Zoned,
    /// Seat of the ticket; null in an offer.
    pub seat: Option<Seat>,
    /// The bus.
    pub bus: Bus,
    /// Carrier that operates the route.
    pub carriage: Carriage,
    /// The route.
    pub route: Route,
    /// Stops from boarding to alighting, both included.
    #[schemars(length(max = 32_767))]
    pub stops: Vec<SliceStop>,
}

impl Slice {
    /// A journey as a partner sees it; `seat` is the number of the seat that a ticket has.
    #[must_use]
    pub fn new(journey: &Journey, permission: &company::Permission, seat: Option<u16>, language: Language) -> Self {
        let (departure_at, arrival_at) = (journey.boarding.local_departure(), journey.alighting.local_arrival());
        let Journey {
            trip_id,
            boarding,
            alighting,
            bus,
            ..
        } = journey;
        let day = journey.service_day.format_with_items(COMPACT_DAY.iter());
        let trip = trip_id.0.simple();
        Self {
            id: format!("slc_{trip}_{day}_{}_{}", boarding.position, alighting.position),
            duration: journey.duration().num_minutes(),
            departure_date: WallClock(departure_at.naive_local()),
            arrival_date: WallClock(arrival_at.naive_local()),
            departure_at: Zoned(departure_at),
            arrival_at: Zoned(arrival_at),
            seat: seat.map(|number| Seat {
                id: format!("seat_{}_{number}", bus.id.0.simple()),
                label: number.to_string(),
            }),
            bus: Bus::new(bus),
            carriage: Carriage::new(&journey.route.carrier),
            route: Route::new(&journey.route, permission),
            stops: journey
                .calls()
                .map(|call| SliceStop::new(call, journey, language))
                .collect(),
        }
    }
}

/// A seat.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Seat {
    /// Opaque id.
    #[schemars(example = &"seat_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_12")]
    pub id: String,
    /// Label of the seat.
    #[schemars(example = &"12")]
    pub label: String,
}

/// A bus.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bus {
    /// Opaque id.
    pub id: Id<BusId>,
    /// Number of seats.
    #[schemars(example = 50)]
    pub seats_qty: u32,
    /// Registration number (licence plate).
    #[schemars(example = &"AA1234BB")]
    pub registration_number: Option<String>,
    /// Manufacturer.
    #[schemars(example = &"Setra")]
    pub brand: Option<String>,
    /// Model.
    #[schemars(example = &"S 516 HD")]
    pub model: Option<String>,
    /// Images of the bus.
    #[schemars(length(max = 20))]
    pub images: Vec<Image>,
}

impl Bus {
    fn new(bus: &company::Bus) -> Self {
        Self {
            id: Id(bus.id),
            seats_qty: bus.seats.into(),
            registration_number: bus.registration_number.clone(),
            brand: bus.brand.clone(),
            model: bus.model.clone(),
            images: Vec::new(),
        }
    }
}

/// An image of a bus.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Image {
    /// Opaque id.
    #[schemars(example = &"img_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub id: String,
    /// What the image shows.
    #[schemars(example = &"Saloon")]
    pub name: String,
    /// URL of the image.
    #[schemars(example = &"https://example.com/bus.jpg")]
    pub url: String,
}

/// The carrier that operates a route.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Carriage {
    /// Opaque id.
    pub id: Id<CarrierId>,
    /// Name of the carrier.
    #[schemars(example = &"Карпати Експрес")]
    pub name: String,
    /// Phone numbers for passengers during the ride.
    #[schemars(example = ["+380441234567"])]
    #[schemars(length(max = 20))]
    pub phones: Vec<String>,
}

impl Carriage {
    fn new(carrier: &company::Carrier) -> Self {
        Self {
            id: Id(carrier.id),
            name: carrier.name.clone(),
            phones: carrier.phones.clone(),
        }
    }
}

/// A stop of a slice.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SliceStop {
    /// Opaque id of the bus's call at this stop.
    #[schemars(example = &"stt_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_3")]
    pub id: String,
    /// Id of the stop in the catalogue.
    pub city_stop_id: Id<StopId>,
    /// Local departure time; null at the last stop.
    pub departure_time: Option<Time>,
    /// Local arrival time; null at the first stop.
    pub arrival_time: Option<Time>,
    /// Platform or bay.
    #[schemars(example = &"4")]
    pub platform: Option<String>,
    /// Name of the stop.
    #[schemars(example = &"Автостанція «Київ»")]
    pub place: String,
    /// Latitude in degrees (WGS 84); north is positive.
    #[schemars(example = 50.4406)]
    pub latitude: f64,
    /// Longitude in degrees (WGS 84); east is positive.
    #[schemars(example = 30.4894)]
    pub longitude: f64,
    /// City of the stop.
    pub city: City,
}

impl SliceStop {
    fn new(call: &Call, journey: &Journey, language: Language) -> Self {
        let (first, last) = (
            call.position == journey.boarding.position,
            call.position == journey.alighting.position,
        );
        let stop = &call.stop;
        Self {
            id: format!("stt_{}_{}", journey.trip_id.0.simple(), call.position),
            city_stop_id: Id(stop.id),
            departure_time: (!last).then(|| Time(call.local_departure().time())),
            arrival_time: (!first).then(|| Time(call.local_arrival().time())),
            platform: stop.platform.as_deref().map(str::to_owned),
            place: stop.names.get(language).to_owned(),
            latitude: stop.latitude,
            longitude: stop.longitude,
            city: City::new(&stop.city, language),
        }
    }
}
