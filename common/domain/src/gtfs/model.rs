//! A feed after validation, with ids resolved to positions in these lists.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::super::geo::Point;
use super::super::language::Language;
use crate::money::Money;

/// A checked feed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Feed {
    /// Who runs it.
    pub agencies: Vec<Agency>,
    /// Where passengers board and alight.
    pub stops: Vec<Stop>,
    /// Routes.
    pub routes: Vec<Route>,
    /// Sets of days.
    pub services: Vec<Service>,
    /// Trips of a route on the days of a service.
    pub trips: Vec<Trip>,
    /// Prices.
    pub fares: Vec<Fare>,
    /// Scopes whose price is unknown: not for sale, even where another fare would apply.
    pub unpriced: Vec<Scope>,
    /// Whether the publisher calls the feed SYNTHETIC: invented, for demonstration only.
    pub synthetic: bool,
    /// The number of whole weeks by which the calendar was moved.
    pub shifted_weeks: i64,
    /// The window to which the calendar was cut; `None` when all of it was imported.
    pub window: Option<super::window::Window>,
}

impl Feed {
    /// Trips times their service days.
    #[must_use]
    pub fn dated_departures(&self) -> u64 {
        self.trips
            .iter()
            .map(|trip| self.services[trip.service].days.len() as u64)
            .sum()
    }
}

/// An agency. It becomes a company, or a carrier of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agency {
    /// `agency_id`, blank when the feed has one agency without an id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Website.
    pub url: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// IANA name, known to the tz database.
    pub time_zone: String,
}

/// A stop (`location_type` 0).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// `stop_id`.
    pub id: String,
    /// Its name as the feed writes it.
    pub name: String,
    /// Its name in other languages.
    pub names: BTreeMap<Language, String>,
    /// `stop_desc`.
    pub address: Option<String>,
    /// `platform_code`.
    pub platform: Option<String>,
    /// Its position or that of its station; `None` when the feed has neither.
    pub point: Option<Point>,
    /// The zone that fares refer to: `zone_id`, or a name for the areas of the stop when fares are defined between
    /// areas.
    pub zone: Option<String>,
    /// Whether its row is complete enough to sell tickets from it and to it.
    pub on_sale: bool,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// `route_id`.
    pub id: String,
    /// Position in [`Feed::agencies`].
    pub agency: usize,
    /// Long name, else short name, else id.
    pub name: String,
    /// Short and long name in a form that fits a URL; the id when neither has one.
    pub slug: String,
    /// `route_desc`.
    pub description: Option<String>,
    /// `network_id`, which fares between areas may name.
    pub network: Option<String>,
}

/// A set of days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Service {
    /// `service_id`.
    pub id: String,
    /// Ascending, inside the window, with exceptions applied.
    pub days: Vec<NaiveDate>,
}

/// A trip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// `trip_id`; of a departure of `frequencies.txt`, `trip_id@HH:MM:SS` with the time at its first stop.
    pub id: String,
    /// Position in [`Feed::routes`].
    pub route: usize,
    /// Position in [`Feed::services`].
    pub service: usize,
    /// `block_id`, which names the bus.
    pub block: Option<String>,
    /// At least two, in order.
    pub calls: Vec<Call>,
}

/// One stop of a trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Position in [`Feed::stops`].
    pub stop: usize,
    /// Seconds since noon minus 12 hours of the service day; may exceed 86,400.
    pub arrival: i32,
    /// As `arrival`; never earlier.
    pub departure: i32,
    /// Whether passengers may board.
    pub boarding: bool,
    /// Whether passengers may alight.
    pub alighting: bool,
    /// Great-circle metres along the stops from the first one.
    pub meters: i32,
}

/// What a price applies to; `None` is a wildcard.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// Position in [`Feed::routes`].
    pub route: Option<usize>,
    /// Zone of boarding.
    pub origin: Option<String>,
    /// Zone of alighting.
    pub destination: Option<String>,
}

/// A price per passenger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fare {
    /// What it applies to.
    pub scope: Scope,
    /// The price.
    pub price: Money,
}
