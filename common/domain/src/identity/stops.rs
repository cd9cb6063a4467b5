//! Stops: identified by their positions.

use std::collections::HashMap;

use super::Pairs;
use crate::fold::fold;
use crate::geo::Point;
use crate::id::CityId;

/// How far a stop may have moved that has the same id and another name, in metres.
const MOVED: f64 = 2_000.0;
/// How far apart two stops may be that have the same name and different ids, in metres.
const NEAR: f64 = 1_000.0;
/// How far apart two stops may be that have different names and different ids, in metres.
const ON_THE_SPOT: f64 = 100.0;
/// Metres of a degree of latitude, rounded down.
const DEGREE: f64 = 111_000.0;

/// A stop, known or new.
#[derive(Debug, Clone, Copy)]
pub struct ComparedStop<'a> {
    /// `stop_id`.
    pub key: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Bay or platform.
    pub platform: Option<&'a str>,
    /// Its position, if known.
    pub point: Option<Point>,
    /// Its city, if one is near enough.
    pub city: Option<CityId>,
    /// Whether the last import did not have it.
    pub withdrawn: bool,
}

/// The known stop that each new one matches. In this order: same name and position, regardless of ids; same id and a
/// plausible position; an unknown id at the position of a stop whose id is gone.
#[must_use]
pub fn same_stops(known: &[ComparedStop<'_>], new: &[ComparedStop<'_>]) -> Vec<Option<usize>> {
    let mut pairs = Pairs::new(known.len(), new.len());
    let known_names: Vec<String> = known.iter().map(|place| fold(place.name)).collect();
    let new_names: Vec<String> = new.iter().map(|place| fold(place.name)).collect();
    let known_by_key: HashMap<&str, usize> = known.iter().enumerate().map(|(at, place)| (place.key, at)).collect();
    let by_key = |place: &ComparedStop<'_>| known_by_key.get(place.key).copied();

    let mut on_the_spot: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, place) in known.iter().enumerate() {
        let group = on_the_spot.entry(spot(place, &known_names[at])).or_default();
        group.push(at);
    }
    for group in on_the_spot.values_mut() {
        group.sort_by_key(|at| known[*at].withdrawn);
    }
    for (at, place) in new.iter().enumerate() {
        let same = |known_at: &usize| spot(&known[*known_at], &known_names[*known_at]) == spot(place, &new_names[at]);
        if let Some(known_at) = by_key(place).filter(same) {
            pairs.pair(known_at, at);
        }
    }
    for at in pairs.open() {
        for known_at in on_the_spot.get(&spot(&new[at], &new_names[at])).into_iter().flatten() {
            pairs.pair(*known_at, at);
        }
    }
    for at in pairs.open() {
        let plausible = |known_at: &usize| {
            let (old, place) = (&known[*known_at], &new[at]);
            let same_city = old.city.is_none() || place.city.is_none() || old.city == place.city;
            let meters = old.point.zip(place.point).map(|(old, new)| old.meters_to(new));
            meters.is_some_and(|meters| meters <= MOVED) || (same_city && known_names[*known_at] == new_names[at])
        };
        if let Some(known_at) = by_key(&new[at]).filter(plausible) {
            pairs.pair(known_at, at);
        }
    }
    nearby(&mut pairs, known, new, |known_at, at| {
        known_names[known_at] == new_names[at]
    });
    pairs.known_of
}

type Spot<'a> = (&'a str, Option<&'a str>, Option<(u64, u64)>);

/// Equal for stops of the same name, platform and point.
fn spot<'a>(place: &ComparedStop<'a>, name: &'a str) -> Spot<'a> {
    // Adding zero makes -0.0 and 0.0 alike.
    let bits = |degrees: f64| (degrees + 0.0).to_bits();
    let point = place.point.map(|point| (bits(point.latitude), bits(point.longitude)));
    (name, place.platform, point)
}

/// Pairs the remaining stops that are close together, the closest first.
fn nearby(
    pairs: &mut Pairs,
    known: &[ComparedStop<'_>],
    new: &[ComparedStop<'_>],
    same_name: impl Fn(usize, usize) -> bool,
) {
    let free = pairs.free().into_iter();
    let mut free: Vec<(Point, usize)> = free.filter_map(|at| Some((known[at].point?, at))).collect();
    free.sort_by(|a, b| a.0.latitude.total_cmp(&b.0.latitude));
    let mut close: Vec<(bool, bool, f64, usize, usize)> = Vec::new();
    for at in pairs.open() {
        let Some(point) = new[at].point else { continue };
        let south = point.latitude - NEAR / DEGREE;
        let start = free.partition_point(|(known_point, _)| known_point.latitude < south);
        for (known_point, known_at) in &free[start..] {
            if known_point.latitude > point.latitude + NEAR / DEGREE {
                break;
            }
            let (meters, renamed) = (known_point.meters_to(point), !same_name(*known_at, at));
            if meters <= if renamed { ON_THE_SPOT } else { NEAR } {
                close.push((renamed, known[*known_at].withdrawn, meters, *known_at, at));
            }
        }
    }
    close.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    for (.., known_at, at) in close {
        pairs.pair(known_at, at);
    }
}
