//! Compares two runs.

use std::collections::HashMap;

use db::timetable::sold::SoldCall;
use domain::id::{CityId, StopId};

/// The place of a stop, for comparing runs: its city, or the stop itself if no city is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CityOrStop {
    /// A city.
    City(CityId),
    /// A stop without a city.
    Stop(StopId),
}

/// The place of a stop.
pub fn place(cities: &HashMap<StopId, Option<CityId>>, stop: StopId) -> CityOrStop {
    let city = cities.get(&stop).copied().flatten();
    city.map_or(CityOrStop::Stop(stop), CityOrStop::City)
}

/// The first place of `way` at which the run with the places `own` also calls, if that run later calls at another place
/// that follows in `way`. Returns its positions in `way` and in `own`.
pub fn part(way: &[CityOrStop], own: &[CityOrStop]) -> Option<(usize, usize)> {
    let from = |(old, place): (usize, &CityOrStop)| {
        let new = own.iter().position(|other| other == place)?;
        let rest = &way[old + 1..];
        let goes_on = own[new + 1..]
            .iter()
            .any(|other| other != place && rest.contains(other));
        goes_on.then_some((old, new))
    };
    way.iter().enumerate().find_map(from)
}

/// Whether two runs at the same stops have the same times. The arrival at the first stop and the departure from the
/// last one do not matter to passengers.
pub fn same_instants(a: &[SoldCall], b: &[SoldCall]) -> bool {
    let last = a.len().saturating_sub(1);
    a.len() == b.len()
        && a.iter().zip(b).enumerate().all(|(at, (a, b))| {
            (at == 0 || a.arrival_at == b.arrival_at) && (at == last || a.departure_at == b.departure_at)
        })
}
