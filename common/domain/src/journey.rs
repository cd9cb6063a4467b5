//! A journey: one segment of one departure, as an offer shows it and a ticket buys it (slice in the contract).

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};

use super::company::{Bus, Carrier, Company};
use super::stop::Stop;
use crate::id::{RouteId, TripId};

/// A route as passengers know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Its id.
    pub id: RouteId,
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub description: Option<String>,
    /// The company that sells it.
    pub company: Arc<Company>,
    /// The carrier that drives it.
    pub carrier: Arc<Carrier>,
}

/// A call of a departure at a stop.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Position in the trip.
    pub position: u16,
    /// The stop.
    pub stop: Arc<Stop>,
    /// When the bus arrives.
    pub arrives_at: DateTime<Utc>,
    /// When it leaves.
    pub departs_at: DateTime<Utc>,
}

impl Call {
    /// Arrival on the clock of the stop.
    #[must_use]
    pub fn local_arrival(&self) -> DateTime<FixedOffset> {
        self.stop.city.zone.local(self.arrives_at)
    }

    /// Departure on the clock of the stop.
    #[must_use]
    pub fn local_departure(&self) -> DateTime<FixedOffset> {
        self.stop.city.zone.local(self.departs_at)
    }
}

/// One segment of one departure.
#[derive(Debug, Clone, PartialEq)]
pub struct Journey {
    /// The trip.
    pub trip_id: TripId,
    /// Its service day.
    pub service_day: NaiveDate,
    /// The route.
    pub route: Arc<Route>,
    /// The bus.
    pub bus: Arc<Bus>,
    /// The call at which passengers board.
    pub boarding: Call,
    /// Stops between that belong to a city.
    pub between: Vec<Call>,
    /// The call at which passengers alight.
    pub alighting: Call,
}

impl Journey {
    /// True elapsed time, zones and clock changes counted.
    #[must_use]
    pub fn duration(&self) -> TimeDelta {
        self.alighting.arrives_at - self.boarding.departs_at
    }

    /// All calls from boarding to alighting.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        std::iter::once(&self.boarding)
            .chain(&self.between)
            .chain(std::iter::once(&self.alighting))
    }
}
