//! Indexes of the published departures, in which sold ones are looked up: exact and near matches.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use db::journey::DepartureKey;
use db::timetable::call::CallRow;
use db::timetable::sold::SoldCall;
use domain::id::{BusId, CityId, CompanyId, RouteId, StopId, TripId};
use domain::realign::realign;
use domain::zone::Zone;

use super::super::known::Known;
use super::super::publish::Published;
use super::alike::{CityOrStop, part, place, same_instants};
use crate::error::{AppError, AppResult};

/// Maximum shift of the first boarding for a departure to be a possible match.
const WINDOW: TimeDelta = TimeDelta::hours(12);
/// The same for a departure that serves only a part of the way.
const WINDOW_OF_PARTS: TimeDelta = TimeDelta::minutes(30);

/// A trip of the feed, by position, and one of its service days.
pub type Dated = (usize, NaiveDate);

/// A trip that serves places that tickets use.
#[derive(Debug, Clone, Copy)]
struct Fitting {
    trip: usize,
    /// Position of the first common place, in what was sold and in the trip.
    old: usize,
    new: usize,
    /// Whether it serves all places that tickets use.
    whole: bool,
}

/// A departure that is similar to a sold one.
#[derive(Debug, Clone, Copy)]
pub struct Near {
    /// The departure.
    pub dated: Dated,
    /// How much later it leaves.
    pub shift: TimeDelta,
    /// Whether it serves all places that tickets use.
    pub whole: bool,
}

/// The published departures with their indexes.
pub struct Runs<'a> {
    published: &'a Published<'a>,
    zones: Vec<Zone>,
    zone_of_trip: Vec<usize>,
    trip_of: HashMap<TripId, usize>,
    by_stops: HashMap<Vec<StopId>, Vec<usize>>,
    by_place: HashMap<CityOrStop, Vec<usize>>,
    cities: HashMap<StopId, Option<CityId>>,
    before: HashMap<TripId, (&'a [CallRow], &'a [NaiveDate])>,
    fitting: HashMap<(Vec<CityOrStop>, Vec<usize>), Vec<Fitting>>,
}

impl<'a> Runs<'a> {
    /// Indexes what was published. `cities` are those of the stops of the feed.
    ///
    /// # Errors
    /// A time zone that the tz database does not know.
    pub fn new(published: &'a Published<'a>, known: &'a Known, cities: &[Option<CityId>]) -> AppResult<Self> {
        let mut city_of: HashMap<StopId, Option<CityId>> =
            known.stops.iter().map(|stop| (stop.id, stop.city_id)).collect();
        city_of.extend(published.stops.iter().copied().zip(cities.iter().copied()));
        let (calls, days) = (known.calls_by_trip(), known.days());
        let before = known.trips.iter().filter(|trip| !trip.withdrawn).map(|trip| {
            let calls = calls.get(&trip.id).copied().unwrap_or_default();
            (
                trip.id,
                (calls, days.get(&trip.service_id).copied().unwrap_or_default()),
            )
        });
        let mut runs = Self {
            published,
            zones: Vec::new(),
            zone_of_trip: Vec::new(),
            trip_of: HashMap::new(),
            by_stops: HashMap::new(),
            by_place: HashMap::new(),
            cities: city_of,
            before: before.collect(),
            fitting: HashMap::new(),
        };
        let mut zones: HashMap<&str, usize> = HashMap::new();
        for (at, (trip, row)) in published.feed.trips.iter().zip(&published.trips).enumerate() {
            if !zones.contains_key(row.time_zone.as_str()) {
                let zone = Zone::named(&row.time_zone).map_err(|e| AppError::Internal(e.to_string()))?;
                zones.insert(&row.time_zone, runs.zones.len());
                runs.zones.push(zone);
            }
            runs.zone_of_trip.push(zones[row.time_zone.as_str()]);
            runs.trip_of.insert(row.id, at);
            let stops: Vec<StopId> = trip.calls.iter().map(|call| published.stops[call.stop]).collect();
            for stop in &stops {
                let trips = runs.by_place.entry(place(&runs.cities, *stop)).or_default();
                if trips.last() != Some(&at) {
                    trips.push(at);
                }
            }
            runs.by_stops.entry(stops).or_default().push(at);
        }
        Ok(runs)
    }

    /// The key of a departure.
    pub fn key(&self, (trip, day): Dated) -> DepartureKey {
        (self.published.trips[trip].id, day)
    }

    /// The departure with this key, if the timetable has it.
    pub fn on(&self, (trip, day): DepartureKey) -> Option<Dated> {
        let trip = *self.trip_of.get(&trip)?;
        self.runs(trip, day).then_some((trip, day))
    }

    /// Whether the timetable has the trip of a key, on any day.
    pub fn has_trip(&self, (trip, _): DepartureKey) -> bool {
        self.trip_of.contains_key(&trip)
    }

    /// Route and company of a departure.
    pub fn route(&self, (trip, _): Dated) -> (RouteId, CompanyId) {
        self.published.routes[self.published.feed.trips[trip].route]
    }

    /// Bus of a departure, and its seats if they are known.
    pub fn bus(&self, (trip, _): Dated) -> (BusId, Option<i16>) {
        let bus = self.published.trips[trip].bus_id;
        (bus, self.published.seats.get(&bus).copied())
    }

    /// Id of the trip of a departure in the feed.
    pub fn name(&self, (trip, _): Dated) -> &str {
        &self.published.feed.trips[trip].id
    }

    /// The calls of a departure, as instants.
    pub fn calls(&self, (trip, day): Dated) -> Vec<SoldCall> {
        let start = self.start(trip, day);
        let trip_id = self.published.trips[trip].id;
        let calls = self.published.feed.trips[trip].calls.iter().zip(0_i16..);
        calls
            .map(|(call, position)| SoldCall {
                trip_id,
                service_day: day,
                position,
                stop_id: self.published.stops[call.stop],
                arrival_at: start + TimeDelta::seconds(call.arrival.into()),
                departure_at: start + TimeDelta::seconds(call.departure.into()),
            })
            .collect()
    }

    /// The departures that call at the same stops at the same instants.
    pub fn exact(&self, calls: &[SoldCall]) -> Vec<Dated> {
        let stops: Vec<StopId> = calls.iter().map(|call| call.stop_id).collect();
        let (Some(first), Some(trips)) = (calls.first(), self.by_stops.get(&stops)) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for trip in trips {
            let Some(departure) = self.published.feed.trips[*trip]
                .calls
                .first()
                .map(|call| call.departure)
            else {
                continue;
            };
            let day = self.zones[self.zone_of_trip[*trip]]
                .day(first.departure_at - TimeDelta::seconds(departure.into()) + TimeDelta::hours(12));
            for day in [day.pred_opt(), Some(day), day.succ_opt()].into_iter().flatten() {
                if self.runs(*trip, day) && same_instants(calls, &self.calls((*trip, day))) {
                    found.push((*trip, day));
                }
            }
        }
        found
    }

    /// Whether a departure is the one of these calls, at the same stops and instants.
    pub fn is_exact(&self, dated: Dated, calls: &[SoldCall]) -> bool {
        let new = self.calls(dated);
        let stops = |calls: &[SoldCall]| calls.iter().map(|call| call.stop_id).collect::<Vec<_>>();
        stops(calls) == stops(&new) && same_instants(calls, &new)
    }

    /// The departures that may be the one with these calls, of which tickets use the positions `used`: those that serve
    /// all places in use in the same order and leave the first of them at most twelve hours earlier or later; and those
    /// that serve two places of the way in that order, at most half an hour earlier or later.
    pub fn near(&mut self, calls: &[SoldCall], used: &[usize]) -> Vec<Near> {
        let mut found = Vec::new();
        for Fitting { trip, old, new, whole } in self.fitting(calls, used) {
            let sold = calls[old];
            let window = if whole { WINDOW } else { WINDOW_OF_PARTS };
            let days = (-2..=2).filter_map(|offset| sold.service_day.checked_add_signed(TimeDelta::days(offset)));
            for day in days.filter(|day| self.runs(trip, *day)) {
                let shift = self.leaves(trip, day, new) - sold.departure_at;
                if shift.abs() <= window {
                    let dated = (trip, day);
                    found.push(Near { dated, shift, whole });
                }
            }
        }
        found
    }

    /// Whether the previous version had this departure with the same stops and times.
    pub fn was_there(&self, (trip, day): Dated) -> bool {
        let Some((calls, days)) = self.before.get(&self.published.trips[trip].id) else {
            return false;
        };
        let new = &self.published.feed.trips[trip].calls;
        let same = |(old, new): (&CallRow, &domain::gtfs::model::Call)| {
            (old.stop_id, old.arrival, old.departure) == (self.published.stops[new.stop], new.arrival, new.departure)
        };
        days.binary_search(&day).is_ok() && calls.len() == new.len() && calls.iter().zip(new).all(same)
    }

    fn runs(&self, trip: usize, day: NaiveDate) -> bool {
        let service = self.published.feed.trips[trip].service;
        self.published.feed.services[service].days.binary_search(&day).is_ok()
    }

    fn start(&self, trip: usize, day: NaiveDate) -> DateTime<Utc> {
        self.zones[self.zone_of_trip[trip]].service_day_start(day)
    }

    fn leaves(&self, trip: usize, day: NaiveDate, position: usize) -> DateTime<Utc> {
        let departure = self.published.feed.trips[trip].calls[position].departure;
        self.start(trip, day) + TimeDelta::seconds(departure.into())
    }

    fn fitting(&mut self, calls: &[SoldCall], used: &[usize]) -> Vec<Fitting> {
        let places: Vec<CityOrStop> = calls.iter().map(|call| place(&self.cities, call.stop_id)).collect();
        let wanted = (places, used.to_vec());
        if let Some(found) = self.fitting.get(&wanted) {
            return found.clone();
        }
        let (places, used) = &wanted;
        let (Some(first), Some(last)) = (used.first().copied(), used.last().copied()) else {
            return Vec::new();
        };
        let way = &places[first..=last];
        let trips: BTreeSet<usize> = way
            .iter()
            .filter_map(|place| self.by_place.get(place))
            .flatten()
            .copied()
            .collect();
        let mut found = Vec::new();
        for trip in trips {
            let stops = self.published.feed.trips[trip]
                .calls
                .iter()
                .map(|call| self.published.stops[call.stop]);
            let own: Vec<CityOrStop> = stops.map(|stop| place(&self.cities, stop)).collect();
            let whole = realign(places, &own, used).and_then(|positions| positions.first().copied());
            let fitting = match whole {
                Some(new) => Some((first, new)),
                None => part(way, &own).map(|(old, new)| (first + old, new)),
            };
            found.extend(fitting.map(|(old, new)| Fitting {
                trip,
                old,
                new,
                whole: whole.is_some(),
            }));
        }
        self.fitting.insert(wanted, found.clone());
        found
    }
}
