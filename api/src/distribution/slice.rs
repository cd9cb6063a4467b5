//! The stretch of a departure that an offer sells and a ticket holds: the same shape in both (contract section 4).

use common::id::{BusId, CarrierId, CompanyId, PermissionId, RouteId, StopId};
use schemars::JsonSchema;
use serde::Serialize;

use super::city::City;
use crate::wire::value::{Id, Time, WallClock, Zoned};

/// From boarding to alighting on one bus.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Slice {
    /// Opaque id.
    pub id: String,
    /// True elapsed minutes.
    #[schemars(example = 480)]
    pub duration: i64,
    /// Local wall clock of boarding, printed with `Z`; `departureAt` is unambiguous.
    pub departure_date: WallClock,
    /// Local wall clock of alighting, printed with `Z`; `arrivalAt` is unambiguous.
    pub arrival_date: WallClock,
    /// Boarding, with the offset of its place.
    pub departure_at: Zoned,
    /// Alighting, with the offset of its place.
    pub arrival_at: Zoned,
    /// The seat of a ticket; null in an offer.
    pub seat: Option<Seat>,
    /// The bus.
    pub bus: Bus,
    /// The fleet that runs it.
    pub carriage: Carriage,
    /// The route.
    pub route: Route,
    /// The stops from boarding to alighting.
    pub stops: Vec<SliceStop>,
}

/// A seat.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Seat {
    /// Opaque id.
    pub id: String,
    /// What stands on it.
    #[schemars(example = &"12")]
    pub label: String,
}

/// A bus.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bus {
    /// Opaque id.
    pub id: Id<BusId>,
    /// How many seats it has.
    #[schemars(example = 50)]
    pub seats_qty: u32,
    /// Number plate.
    #[schemars(example = &"AA1234BB")]
    pub registration_number: Option<String>,
    /// Maker.
    #[schemars(example = &"Setra")]
    pub brand: Option<String>,
    /// Model.
    #[schemars(example = &"S 516 HD")]
    pub model: Option<String>,
    /// Pictures.
    pub images: Vec<Image>,
}

/// A picture of a bus.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Image {
    /// Opaque id.
    pub id: String,
    /// What it shows.
    pub name: String,
    /// Where it is.
    pub url: String,
}

/// The fleet that runs a route.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Carriage {
    /// Opaque id.
    pub id: Id<CarrierId>,
    /// Its name.
    #[schemars(example = &"Карпати Експрес")]
    pub name: String,
    /// Phones for passengers on the way.
    #[schemars(example = ["+380441234567"])]
    pub phones: Vec<String>,
}

/// A route.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Route {
    /// Opaque id.
    pub id: Id<RouteId>,
    /// Its name.
    #[schemars(example = &"Київ - Львів")]
    pub name: String,
    /// Its name in URLs.
    #[schemars(example = &"kyiv-lviv")]
    pub slug: String,
    /// What the company says of it.
    pub description: Option<String>,
    /// Who sells it.
    pub company: RouteCompany,
    /// What the company lets the partner do.
    pub permissions: Vec<Permission>,
    /// Comforts on board.
    pub services: Vec<Service>,
}

/// The company that sells a route.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RouteCompany {
    /// Opaque id.
    pub id: Id<CompanyId>,
    /// Its name.
    #[schemars(example = &"Карпати Експрес")]
    pub name: String,
    /// Its name in URLs.
    #[schemars(example = &"karpaty")]
    pub slug: String,
    /// Where to write to.
    pub email: Option<String>,
    /// Its pages.
    pub website: Option<String>,
    /// Rules of carriage.
    pub rules: Option<String>,
    /// Its logo.
    pub logo_url: Option<String>,
    /// Who leads it.
    pub ceo: Option<String>,
    /// Its pages on social networks.
    pub socials: Vec<String>,
    /// Whether it is a company of a partner.
    pub partner_company: bool,
}

/// What a company lets a partner do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Permission {
    /// Opaque id.
    pub id: Id<PermissionId>,
    /// Who it is for.
    #[schemars(example = &"PARTNER")]
    pub role: String,
    /// What is allowed.
    #[schemars(example = ["SEARCH", "BOOK", "CANCEL"])]
    pub accesses: Vec<String>,
    /// What it is about.
    #[serde(rename = "type")]
    #[schemars(example = &"ROUTE")]
    pub kind: String,
}

/// A comfort on board.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Service {
    /// Opaque id.
    pub id: String,
    /// What it is.
    #[schemars(example = &"Wi-Fi")]
    pub name: String,
}

/// A stop on the way.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SliceStop {
    /// Opaque id of this call of the bus.
    pub id: String,
    /// Id of the stop in the catalogue.
    pub city_stop_id: Id<StopId>,
    /// Local time at which the bus leaves; null at the last stop.
    pub departure_time: Option<Time>,
    /// Local time at which the bus comes; null at the first stop.
    pub arrival_time: Option<Time>,
    /// Platform or bay.
    pub platform: Option<String>,
    /// Name of the stop.
    #[schemars(example = &"Автостанція «Київ»")]
    pub place: String,
    /// Degrees north (WGS 84).
    #[schemars(example = 50.4406)]
    pub latitude: f64,
    /// Degrees east (WGS 84).
    #[schemars(example = 30.4894)]
    pub longitude: f64,
    /// The city of the stop.
    pub city: City,
}
