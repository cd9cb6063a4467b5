//! Departures as whole runs, from the first to the last stop that is on sale, as a company sees them.

use chrono::NaiveDate;

use super::{Connection, Timetable};
use crate::id::{CompanyId, TripId};

impl Timetable {
    /// The runs of a company on these service days, both included, in no order. Those that call at fewer than two stops
    /// on sale are left out.
    #[must_use]
    pub fn runs(&self, company: CompanyId, from: NaiveDate, to: NaiveDate) -> Vec<Connection> {
        let own = (0u32..)
            .zip(&self.parts.trips)
            .filter(|(_, trip)| trip.route.company.id == company);
        let days = || from.iter_days().take_while(move |day| *day <= to);
        own.flat_map(|(index, _)| days().filter_map(move |day| self.whole(index, day)))
            .collect()
    }

    /// The run of a trip on a service day.
    #[must_use]
    pub fn run(&self, trip: TripId, service_day: NaiveDate) -> Option<Connection> {
        self.whole(*self.trips.get(&trip)?, service_day)
    }

    fn whole(&self, trip: u32, service_day: NaiveDate) -> Option<Connection> {
        if !self.parts.trips[trip as usize].days.contains(service_day) {
            return None;
        }
        let on_sale = |position: &usize| {
            let call = self.stop_times(trip)[*position];
            self.parts.stops[call.stop as usize].stop.is_some()
        };
        let count = self.stop_times(trip).len();
        let (first, last) = ((0..count).find(on_sale)?, (0..count).rev().find(on_sale)?);
        let (first, last) = (u16::try_from(first).ok()?, u16::try_from(last).ok()?);
        if first >= last {
            return None;
        }
        self.connection(trip, first, last, service_day)
    }
}
