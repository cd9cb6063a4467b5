//! The sequences of zones that the trips of a feed pass through.

use std::collections::HashSet;

use super::super::model::{Stop, Trip};

/// A sequence of zones on trips of a route.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Way<'a> {
    /// Position of the route.
    pub route: usize,
    /// Zones in the order of the calls.
    pub zones: Vec<Option<&'a str>>,
    boarding: Vec<bool>,
    alighting: Vec<bool>,
}

impl Way<'_> {
    /// Pairs of positions for boarding and alighting.
    pub fn rides(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let from = (0..self.zones.len()).filter(|from| self.boarding[*from]);
        from.flat_map(|from| {
            let to = from + 1..self.zones.len();
            to.filter(|to| self.alighting[*to]).map(move |to| (from, to))
        })
    }
}

/// All distinct sequences.
pub fn of<'a>(trips: &[Trip], stops: &'a [Stop]) -> Vec<Way<'a>> {
    let mut seen = HashSet::new();
    for trip in trips {
        let on_sale = |call: &super::super::model::Call| stops[call.stop].on_sale;
        seen.insert(Way {
            route: trip.route,
            zones: trip.calls.iter().map(|call| stops[call.stop].zone.as_deref()).collect(),
            boarding: trip.calls.iter().map(|call| call.boarding && on_sale(call)).collect(),
            alighting: trip.calls.iter().map(|call| call.alighting && on_sale(call)).collect(),
        });
    }
    let mut ways: Vec<Way<'_>> = seen.into_iter().collect();
    ways.sort_by(|a, b| (a.route, &a.zones).cmp(&(b.route, &b.zones)));
    ways
}
