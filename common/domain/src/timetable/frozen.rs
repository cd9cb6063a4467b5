//! Journeys of departures that were sold, from their frozen calls and the names that are in memory.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::Timetable;
use crate::id::{BusId, StopId, TripId};
use crate::journey::{Call, Journey};
use crate::seat::Segment;

/// A call of a departure as it was frozen at the first sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrozenCall {
    /// Position in the trip.
    pub position: u16,
    /// The stop.
    pub stop_id: StopId,
    /// When the bus arrives.
    pub arrives_at: DateTime<Utc>,
    /// When it leaves.
    pub departs_at: DateTime<Utc>,
}

impl Timetable {
    /// The journey over these calls, in their order, over the whole segment; `None` when one of its ends is missing, or
    /// the timetable does not know the trip, its bus or a stop as they were sold. With the same version of the
    /// published state, `db::journey` reads the same journey.
    #[must_use]
    pub fn frozen_journey(
        &self,
        trip_id: TripId,
        service_day: NaiveDate,
        bus_id: BusId,
        segment: &Segment,
        calls: &[FrozenCall],
    ) -> Option<Journey> {
        let index = *self.trips.get(&trip_id)?;
        let trip = self
            .parts
            .trips
            .get(index as usize)
            .filter(|trip| trip.bus.id == bus_id)?;
        let ends = (calls.first()?.position, calls.last()?.position);
        if ends != (segment.start, segment.end) {
            return None;
        }
        let stop_times = self.stop_times(index);
        let call = |frozen: &FrozenCall| {
            let stop_time = stop_times.get(usize::from(frozen.position))?;
            let stop = self.parts.stops.get(stop_time.stop as usize)?;
            Some(Call {
                position: frozen.position,
                stop: stop.stop.clone().filter(|stop| stop.id == frozen.stop_id)?,
                arrives_at: frozen.arrives_at,
                departs_at: frozen.departs_at,
            })
        };
        let mut calls: Vec<Call> = calls.iter().map(call).collect::<Option<_>>()?;
        let alighting = calls.pop()?;
        let mut calls = calls.into_iter();
        Some(Journey {
            trip_id,
            service_day,
            route: Arc::clone(&trip.route),
            bus: Arc::clone(&trip.bus),
            boarding: calls.next()?,
            between: calls.collect(),
            alighting,
        })
    }
}
