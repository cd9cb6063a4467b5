//! Routes and agencies: identified by their names, and by their trips.

use std::collections::HashMap;

use super::Pairs;
use super::trips::{Trip, alike};
use crate::fold::fold;

/// A route, known or new.
#[derive(Debug, Clone, Copy)]
pub struct Route<'a> {
    /// `route_id`.
    pub key: &'a str,
    /// Short and long name as a slug.
    pub slug: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Position of its agency.
    pub agency: usize,
}

/// The known route that each new one matches. In this order: id and names are the same; names are the same and so are
/// the most trips; names are the same and no other route has them; the most trips are the same; the id is the same.
#[must_use]
pub fn same_routes(
    known: &[Route<'_>],
    new: &[Route<'_>],
    known_trips: &[Trip<'_>],
    new_trips: &[Trip<'_>],
) -> Vec<Option<usize>> {
    let mut pairs = Pairs::new(known.len(), new.len());
    let names = |route: &Route<'_>| (route.slug.to_owned(), fold(route.name));
    let known_names: Vec<_> = known.iter().map(names).collect();
    let new_names: Vec<_> = new.iter().map(names).collect();
    let known_by_key: HashMap<&str, usize> = known.iter().enumerate().map(|(at, route)| (route.key, at)).collect();
    for (at, route) in new.iter().enumerate() {
        if let Some(known_at) = known_by_key.get(route.key)
            && known_names[*known_at] == new_names[at]
        {
            pairs.pair(*known_at, at);
        }
    }
    let mut votes: HashMap<(usize, usize), usize> = HashMap::new();
    for (known_at, at) in alike(known_trips, new_trips) {
        let pair = (known_trips[known_at].route, new_trips[at].route);
        if pair.0 < known.len() && pair.1 < new.len() {
            *votes.entry(pair).or_default() += 1;
        }
    }
    let same_names = |(known_at, at): &(usize, usize)| known_names[*known_at] == new_names[*at];
    pairs.elect(votes.clone().into_iter().filter(|(pair, _)| same_names(pair)));
    pair_unique(&mut pairs, &known_names, &new_names);
    pairs.elect(votes);
    for at in pairs.open() {
        if let Some(known_at) = known_by_key.get(new[at].key) {
            pairs.pair(*known_at, at);
        }
    }
    pairs.known_of
}

/// An agency, known or new.
#[derive(Debug, Clone, Copy)]
pub struct Agency<'a> {
    /// `agency_id`.
    pub key: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// The known agency that each new one matches. `routes` are positions of the known and the new agency of each route
/// that was found again. In this order: id and name are the same; the name is the same; the most routes are the same;
/// the id is the same; there is one each.
#[must_use]
pub fn same_agencies(
    known: &[Agency<'_>],
    new: &[Agency<'_>],
    routes: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<Option<usize>> {
    let mut pairs = Pairs::new(known.len(), new.len());
    let known_names: Vec<String> = known.iter().map(|agency| fold(agency.name)).collect();
    let new_names: Vec<String> = new.iter().map(|agency| fold(agency.name)).collect();
    for (known_at, old) in known.iter().enumerate() {
        for (at, agency) in new.iter().enumerate() {
            if old.key == agency.key && known_names[known_at] == new_names[at] {
                pairs.pair(known_at, at);
            }
        }
    }
    pair_unique(&mut pairs, &known_names, &new_names);
    let mut votes: HashMap<(usize, usize), usize> = HashMap::new();
    for pair in routes {
        *votes.entry(pair).or_default() += 1;
    }
    pairs.elect(votes);
    for (known_at, old) in known.iter().enumerate() {
        for (at, agency) in new.iter().enumerate() {
            if old.key == agency.key {
                pairs.pair(known_at, at);
            }
        }
    }
    if known.len() == 1 && new.len() == 1 {
        pairs.pair(0, 0);
    }
    pairs.known_of
}

/// Pairs the remaining objects of the same name, where there is only one of them on each side.
fn pair_unique<N: std::hash::Hash + Eq>(pairs: &mut Pairs, known_names: &[N], new_names: &[N]) {
    let (free, open) = (pairs.free(), pairs.open());
    let mut by_name: HashMap<&N, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for known_at in free {
        by_name.entry(&known_names[known_at]).or_default().0.push(known_at);
    }
    for at in open {
        by_name.entry(&new_names[at]).or_default().1.push(at);
    }
    for group in by_name.into_values() {
        if let ([known_at], [at]) = (group.0.as_slice(), group.1.as_slice()) {
            pairs.pair(*known_at, *at);
        }
    }
}
