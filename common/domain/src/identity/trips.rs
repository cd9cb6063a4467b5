//! Trips: identified by where and when they call.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Pairs;
use crate::id::StopId;

/// Pairs of trips with the same calls that are compared each with each; more of them are paired in their order.
const COMPARED: usize = 10_000;

/// A call: stop (`None`: one that was not known before), arrival, departure in seconds of the service day.
pub type Call = (Option<StopId>, i32, i32);

/// A trip, known or new.
#[derive(Debug, Clone)]
pub struct Trip<'a> {
    /// `trip_id`.
    pub key: &'a str,
    /// Position of its route.
    pub route: usize,
    /// Key of its bus.
    pub bus: &'a str,
    /// Service days, ascending.
    pub days: &'a [NaiveDate],
    /// IANA name of the zone that its times count in.
    pub zone: &'a str,
    /// Where it calls and when.
    pub calls: Vec<Call>,
    /// Whether the last import did not have it.
    pub withdrawn: bool,
}

type Shape<'a> = (&'a str, &'a [Call]);

fn shape<'a>(trip: &'a Trip<'_>) -> Shape<'a> {
    (trip.zone, &trip.calls)
}

type Group = (Vec<usize>, Vec<usize>);

/// Known and new trips by their calls, in the order of the new ones.
fn groups<'a>(known: &'a [Trip<'_>], new: &'a [Trip<'_>], take: impl Fn(usize) -> bool) -> Vec<Group> {
    let mut places: HashMap<Shape<'a>, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (at, trip) in new.iter().enumerate() {
        let place = *places.entry(shape(trip)).or_insert_with(|| {
            groups.push(Group::default());
            groups.len() - 1
        });
        groups[place].1.push(at);
    }
    for (at, trip) in known.iter().enumerate().filter(|(at, _)| take(*at)) {
        if let Some(place) = places.get(&shape(trip)) {
            groups[*place].0.push(at);
        }
    }
    groups
}

/// A known trip for each new one that runs the same way, if there is any.
pub(super) fn alike(known: &[Trip<'_>], new: &[Trip<'_>]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (known_trips, new_trips) in groups(known, new, |_| true) {
        for at in new_trips {
            let of_key = known_trips.iter().find(|known_at| known[**known_at].key == new[at].key);
            let live = || known_trips.iter().find(|known_at| !known[**known_at].withdrawn);
            if let Some(known_at) = of_key.or_else(live).or(known_trips.first()) {
                found.push((*known_at, at));
            }
        }
    }
    found
}

/// The known trip that each new one matches. `routes` holds the known route of each new one. In this order: a trip of
/// the last import with the same calls; one of it with the same id that has something in common; then the same with
/// trips that were withdrawn before.
#[must_use]
pub fn same_trips(known: &[Trip<'_>], new: &[Trip<'_>], routes: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut pairs = Pairs::new(known.len(), new.len());
    let by_key: HashMap<&str, usize> = known.iter().enumerate().map(|(at, trip)| (trip.key, at)).collect();
    for withdrawn in [false, true] {
        for (known_trips, new_trips) in groups(known, new, |at| known[at].withdrawn == withdrawn) {
            pair_group(&mut pairs, known, new, &known_trips, &new_trips, routes);
        }
        for at in pairs.open() {
            let trip = &new[at];
            let related = |known_at: &usize| {
                let old = &known[*known_at];
                old.withdrawn == withdrawn
                    && (routes.get(trip.route).copied().flatten() == Some(old.route) || share_a_ride(old, trip))
            };
            if let Some(known_at) = by_key.get(trip.key).copied().filter(related) {
                pairs.pair(known_at, at);
            }
        }
    }
    pairs.known_of
}

/// Pairs trips with the same calls: the same id first, then what has most in common.
fn pair_group(
    pairs: &mut Pairs,
    known: &[Trip<'_>],
    new: &[Trip<'_>],
    known_trips: &[usize],
    new_trips: &[usize],
    routes: &[Option<usize>],
) {
    let by_key: HashMap<&str, usize> = known_trips.iter().map(|at| (known[*at].key, *at)).collect();
    for at in new_trips {
        if let Some(known_at) = by_key.get(new[*at].key) {
            pairs.pair(*known_at, *at);
        }
    }
    let free: Vec<usize> = known_trips.iter().copied().filter(|at| !pairs.taken[*at]).collect();
    let open: Vec<usize> = new_trips
        .iter()
        .copied()
        .filter(|at| pairs.known_of[*at].is_none())
        .collect();
    if free.len().saturating_mul(open.len()) > COMPARED {
        for (known_at, at) in free.into_iter().zip(open) {
            pairs.pair(known_at, at);
        }
        return;
    }
    let likeness = |known_at: usize, at: usize| {
        let (old, trip) = (&known[known_at], &new[at]);
        let route = usize::from(routes.get(trip.route).copied().flatten() == Some(old.route));
        let bus = usize::from(old.bus == trip.bus);
        let days = common_days(old.days, trip.days);
        // Days first: two halves of a trip that was split have route and bus in common with it.
        (usize::from(days > 0) * 4 + route * 2 + bus) * 10_000 + days.min(9_999)
    };
    let votes = free
        .iter()
        .flat_map(|known_at| open.iter().map(|at| ((*known_at, *at), likeness(*known_at, *at))));
    let votes: Vec<_> = votes.collect();
    pairs.elect(votes);
}

fn common_days(a: &[NaiveDate], b: &[NaiveDate]) -> usize {
    a.iter().filter(|day| b.binary_search(day).is_ok()).count()
}

/// Whether two stops of one trip are stops of the other, in the same order.
fn share_a_ride(old: &Trip<'_>, new: &Trip<'_>) -> bool {
    let first_in_old: HashMap<StopId, usize> = old
        .calls
        .iter()
        .enumerate()
        .rev()
        .filter_map(|(at, call)| Some((call.0?, at)))
        .collect();
    let mut seen: Option<usize> = None;
    for call in &new.calls {
        let Some(at) = call.0.and_then(|stop| first_in_old.get(&stop).copied()) else {
            continue;
        };
        if seen.is_some_and(|before| before < at) {
            return true;
        }
        seen = Some(seen.map_or(at, |before| before.min(at)));
    }
    false
}
