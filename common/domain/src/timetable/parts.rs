//! The parts of a timetable as they are read from the database. Searching is in the parent module.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::company::Bus;
use crate::exchange_rate::Rates;
use crate::id::{RouteId, StopId, TripId};
use crate::journey::Route;
use crate::money::Money;
use crate::stop::Stop;
use crate::tariff::Tariff;
use crate::zone::Zone;

/// The days of a service, as bits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServiceDays {
    first: NaiveDate,
    bits: Vec<u64>,
}

impl ServiceDays {
    /// From ascending days.
    #[must_use]
    pub fn new(days: &[NaiveDate]) -> Self {
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Self::default();
        };
        let length = usize::try_from((*last - *first).num_days()).unwrap_or(0) + 1;
        let mut bits = vec![0; length.div_ceil(64)];
        for day in days {
            let offset = usize::try_from((*day - *first).num_days()).unwrap_or(0);
            bits[offset / 64] |= 1 << (offset % 64);
        }
        Self { first: *first, bits }
    }

    /// Whether the service runs on a day.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        usize::try_from((day - self.first).num_days()).is_ok_and(|offset| {
            self.bits
                .get(offset / 64)
                .is_some_and(|word| word >> (offset % 64) & 1 == 1)
        })
    }
}

/// A stop of a trip: times in seconds since noon minus 12 hours of the service day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StopTime {
    /// Index into [`Parts::stops`].
    pub stop: u32,
    /// When the bus arrives.
    pub arrival: i32,
    /// When it leaves.
    pub departure: i32,
    /// Metres from the first stop.
    pub meters: u32,
    /// Whether passengers may get on.
    pub boarding: bool,
    /// Whether passengers may get off.
    pub alighting: bool,
}

/// A trip, its parts by index.
#[derive(Debug, Clone)]
pub struct Trip {
    /// Its id.
    pub id: TripId,
    /// Index into [`Parts::feeds`].
    pub feed: u32,
    /// The route.
    pub route: Arc<Route>,
    /// Its days.
    pub days: Arc<ServiceDays>,
    /// The bus.
    pub bus: Arc<Bus>,
    /// `agency_timezone`: the zone of its times.
    pub zone: Zone,
    /// Where its stop times begin in [`Parts::stop_times`]; they end where the next trip's begin.
    pub first_stop_time: u32,
}

/// A stop of any feed.
#[derive(Debug, Clone)]
pub struct FeedStop {
    /// Its id.
    pub id: StopId,
    /// The zone that fares are stated between.
    pub fare_zone: Option<u32>,
    /// The stop with its city; `None` when no city is near, then nothing is sold from or to it.
    pub stop: Option<Arc<Stop>>,
}

/// The route and the zones for which a fare holds; `None` is a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FareKey {
    /// Index into [`Parts::feeds`].
    pub feed: u32,
    /// The route.
    pub route: Option<RouteId>,
    /// Zone of boarding.
    pub origin: Option<u32>,
    /// Zone of alighting.
    pub destination: Option<u32>,
}

/// Everything a timetable is made of.
#[derive(Debug, Clone, Default)]
pub struct Parts {
    /// The version of the published state (`db::publication::version`).
    pub version: i64,
    /// The distance tariff of each feed, if it has one.
    pub feeds: Vec<Option<Tariff>>,
    /// Stops of all feeds.
    pub stops: Vec<FeedStop>,
    /// Trips that are not withdrawn.
    pub trips: Vec<Trip>,
    /// Stop times of all trips, in the order of the trips.
    pub stop_times: Vec<StopTime>,
    /// Fares. If a fare has no price, the connections that it applies to are not for sale, even if another fare applies
    /// too.
    pub fares: HashMap<FareKey, Vec<Money>>,
    /// Exchange rates.
    pub rates: Rates,
}
