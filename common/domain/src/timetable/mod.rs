//! The published timetable, whole and in memory: which departures go from one city to another on a day.
//!
//! Departures are derived from trips and service days. A million of them are a few megabytes here, and a search
//! iterates over the two cities' visits. What was sold is not here; see `db::departure`.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::exchange_rate::Rates;
use crate::id::{CityId, StopId, TripId};
use crate::journey::{self, Journey};
use crate::stop::Stop;

mod frozen;
mod parts;
mod prices;
mod rides;
mod runs;
#[cfg(test)]
mod tests;
pub mod upload;
pub use frozen::FrozenCall;
pub use parts::{FareKey, FeedStop, Parts, ServiceDays, StopTime, Trip};

const DAY: i32 = 86_400;

/// A departure with the calls at which to board and alight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Connection {
    /// Index of the trip.
    trip: u32,
    /// The service day.
    pub service_day: NaiveDate,
    /// Position of boarding.
    pub boarding: u16,
    /// Position of alighting.
    pub alighting: u16,
    /// When the bus leaves.
    pub departs_at: DateTime<Utc>,
    /// When it arrives.
    pub arrives_at: DateTime<Utc>,
}

/// The timetable with its indexes.
#[derive(Debug, Default)]
pub struct Timetable {
    parts: Parts,
    trips: HashMap<TripId, u32>,
    /// Where trips call in a city, by trip and position.
    visits: HashMap<CityId, Vec<(u32, u16)>>,
}

impl Timetable {
    /// Builds the indexes.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let mut timetable = Self {
            parts,
            ..Self::default()
        };
        let mut visits: HashMap<CityId, Vec<(u32, u16)>> = HashMap::new();
        for (index, trip) in (0u32..).zip(&timetable.parts.trips) {
            timetable.trips.insert(trip.id, index);
            for (position, call) in (0u16..).zip(timetable.stop_times(index)) {
                if let Some(stop) = &timetable.parts.stops[call.stop as usize].stop {
                    visits.entry(stop.city.id).or_default().push((index, position));
                }
            }
        }
        timetable.visits = visits;
        timetable
    }

    /// The version of this state, as the database has it (`db::publication::version`).
    #[must_use]
    pub fn version(&self) -> i64 {
        self.parts.version
    }

    /// Exchange rates of this state.
    #[must_use]
    pub fn rates(&self) -> &Rates {
        &self.parts.rates
    }

    /// Connections whose local day of departure at the city of departure is `day`, by departure. A trip that calls
    /// more than once in a city is offered once, from the first stop there to the last stop here.
    #[must_use]
    pub fn connections(&self, from: CityId, to: CityId, day: NaiveDate) -> Vec<Connection> {
        let (Some(mut origins), Some(mut targets)) = (
            self.visits.get(&from).map(Vec::as_slice),
            self.visits.get(&to).map(Vec::as_slice),
        ) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        while let (Some((trip, _)), Some((other, _))) = (origins.first(), targets.first()) {
            if trip < other {
                origins = skip(origins, *trip);
            } else if other < trip {
                targets = skip(targets, *other);
            } else {
                let (rest_origins, rest_targets) = (skip(origins, *trip), skip(targets, *trip));
                let here = &origins[..origins.len() - rest_origins.len()];
                let there = &targets[..targets.len() - rest_targets.len()];
                if let Some((boarding, alighting)) = self.segment(*trip, here, there) {
                    found.extend(self.on_day(*trip, boarding, alighting, day));
                }
                (origins, targets) = (rest_origins, rest_targets);
            }
        }
        found.sort_unstable_by_key(|c| (c.departs_at, c.arrives_at, self.parts.trips[c.trip as usize].id));
        found
    }

    /// The connection of a trip, a service day and two stops, if the trip still runs and calls there. `boarding` and
    /// `alighting` are where the stops were; they are found again when an import moved them.
    #[must_use]
    pub fn locate(
        &self,
        trip: TripId,
        service_day: NaiveDate,
        from: (StopId, u16),
        to: (StopId, u16),
    ) -> Option<Connection> {
        let trip = *self.trips.get(&trip)?;
        let calls = self.stop_times(trip);
        let is = |position: usize, stop: StopId| {
            calls
                .get(position)
                .map(|c| &self.parts.stops[c.stop as usize])
                .is_some_and(|s| s.id == stop && s.stop.is_some())
        };
        let find = |(stop, hint): (StopId, u16), after: usize| {
            if usize::from(hint) >= after && is(hint.into(), stop) {
                return Some(usize::from(hint));
            }
            (after..calls.len()).find(|position| is(*position, stop))
        };
        let boarding = find(from, 0)?;
        let alighting = find(to, boarding + 1)?;
        if !self.parts.trips[trip as usize].days.contains(service_day)
            || !calls[boarding].boarding
            || !calls[alighting].alighting
        {
            return None;
        }
        self.connection(
            trip,
            u16::try_from(boarding).ok()?,
            u16::try_from(alighting).ok()?,
            service_day,
        )
    }

    /// The trip of a connection.
    #[must_use]
    pub fn trip(&self, connection: &Connection) -> &Trip {
        &self.parts.trips[connection.trip as usize]
    }

    /// Where a connection begins and ends; `None` only for one that another timetable made.
    #[must_use]
    pub fn ends(&self, connection: &Connection) -> Option<(&Stop, &Stop)> {
        let calls = self.stop_times(connection.trip);
        let stop = |position: u16| {
            let call = calls.get(usize::from(position))?;
            self.parts.stops.get(call.stop as usize)?.stop.as_deref()
        };
        Some((stop(connection.boarding)?, stop(connection.alighting)?))
    }

    /// The instants of all calls of a departure: stop, arrival, departure.
    #[must_use]
    pub fn calls(&self, connection: &Connection) -> Vec<(StopId, DateTime<Utc>, DateTime<Utc>)> {
        let start = self.trip(connection).zone.service_day_start(connection.service_day);
        let at = |seconds: i32| start + TimeDelta::seconds(seconds.into());
        let id = |stop: u32| self.parts.stops[stop as usize].id;
        self.stop_times(connection.trip)
            .iter()
            .map(|c| (id(c.stop), at(c.arrival), at(c.departure)))
            .collect()
    }

    /// The journey of a connection; `None` only for one that another timetable made.
    #[must_use]
    pub fn journey(&self, connection: &Connection) -> Option<Journey> {
        let trip = self.trip(connection);
        let start = trip.zone.service_day_start(connection.service_day);
        let segment = connection.boarding..=connection.alighting;
        let mut calls: Vec<journey::Call> = segment
            .filter_map(|position| {
                let call = self.stop_times(connection.trip).get(usize::from(position))?;
                Some(journey::Call {
                    position,
                    stop: self.parts.stops[call.stop as usize].stop.clone()?,
                    arrives_at: start + TimeDelta::seconds(call.arrival.into()),
                    departs_at: start + TimeDelta::seconds(call.departure.into()),
                })
            })
            .collect();
        let alighting = calls.pop()?;
        let mut calls = calls.into_iter();
        Some(Journey {
            trip_id: trip.id,
            service_day: connection.service_day,
            route: Arc::clone(&trip.route),
            bus: Arc::clone(&trip.bus),
            boarding: calls.next()?,
            between: calls.collect(),
            alighting,
        })
    }

    fn stop_times(&self, trip: u32) -> &[StopTime] {
        let trip = trip as usize;
        let start = self.parts.trips[trip].first_stop_time as usize;
        let end = self
            .parts
            .trips
            .get(trip + 1)
            .map_or(self.parts.stop_times.len(), |next| next.first_stop_time as usize);
        &self.parts.stop_times[start..end]
    }

    /// From the first stop that allows boarding to the last that allows alighting after it.
    fn segment(&self, trip: u32, here: &[(u32, u16)], there: &[(u32, u16)]) -> Option<(u16, u16)> {
        let calls = self.stop_times(trip);
        let (_, boarding) = here
            .iter()
            .find(|(_, position)| calls[usize::from(*position)].boarding)?;
        let (_, alighting) = there
            .iter()
            .rev()
            .find(|(_, position)| calls[usize::from(*position)].alighting)?;
        (boarding < alighting).then_some((*boarding, *alighting))
    }

    /// The departures of a trip whose boarding falls on a local day; two on the night of a clock change at most.
    fn on_day(
        &self,
        trip: u32,
        boarding: u16,
        alighting: u16,
        day: NaiveDate,
    ) -> impl Iterator<Item = Connection> + '_ {
        let call = self.stop_times(trip)[usize::from(boarding)];
        let around = day - TimeDelta::days(call.departure.div_euclid(DAY).into());
        let city = self.parts.stops[call.stop as usize]
            .stop
            .as_ref()
            .map(|stop| &stop.city);
        (-1..=1)
            .map(move |offset| around + TimeDelta::days(offset))
            .filter(move |service_day| self.parts.trips[trip as usize].days.contains(*service_day))
            .filter_map(move |service_day| self.connection(trip, boarding, alighting, service_day))
            .filter(move |connection| city.is_some_and(|city| city.zone.day(connection.departs_at) == day))
    }

    fn connection(&self, trip: u32, boarding: u16, alighting: u16, service_day: NaiveDate) -> Option<Connection> {
        let calls = self.stop_times(trip);
        let start = self.parts.trips[trip as usize].zone.service_day_start(service_day);
        Some(Connection {
            trip,
            service_day,
            boarding,
            alighting,
            departs_at: start + TimeDelta::seconds(calls.get(usize::from(boarding))?.departure.into()),
            arrives_at: start + TimeDelta::seconds(calls.get(usize::from(alighting))?.arrival.into()),
        })
    }
}

/// The visits after those of a trip.
fn skip(visits: &[(u32, u16)], trip: u32) -> &[(u32, u16)] {
    let own = visits.iter().take_while(|(other, _)| *other == trip).count();
    &visits[own..]
}
