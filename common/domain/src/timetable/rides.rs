//! Rides between the two stops of a ticket, for moving it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Connection, Timetable};
use crate::id::StopId;
use crate::stop::Stop;

impl Timetable {
    /// Connections from one stop to another whose local day of departure at the first is `day`, by departure. A trip
    /// that calls more than once at a stop is boarded at the first call.
    #[must_use]
    pub fn rides(&self, from: StopId, to: StopId, day: NaiveDate) -> Vec<Connection> {
        let visits = self.on_sale(from).and_then(|stop| self.visits.get(&stop.city.id));
        let mut found: Vec<Connection> = Vec::new();
        let mut last = None;
        for (trip, boarding) in visits.into_iter().flatten() {
            let calls = self.stop_times(*trip);
            let id = |position: usize| self.parts.stops[calls[position].stop as usize].id;
            let start = usize::from(*boarding);
            if last == Some(*trip) || id(start) != from || !calls[start].boarding {
                continue;
            }
            let alighting = (start + 1..calls.len()).find(|position| id(*position) == to && calls[*position].alighting);
            if let Some(alighting) = alighting.and_then(|position| u16::try_from(position).ok()) {
                found.extend(self.on_day(*trip, *boarding, alighting, day));
                last = Some(*trip);
            }
        }
        found.sort_unstable_by_key(|c| (c.departs_at, c.arrives_at, self.trip(c).id));
        found
    }

    /// The calendar day of an instant at a stop; `None` when the stop is not on sale.
    #[must_use]
    pub fn local_day(&self, stop: StopId, at: DateTime<Utc>) -> Option<NaiveDate> {
        self.on_sale(stop).map(|stop| stop.city.zone.day(at))
    }

    fn on_sale(&self, id: StopId) -> Option<&Stop> {
        let known = self.parts.stops.iter().find(|stop| stop.id == id)?;
        known.stop.as_deref()
    }
}
