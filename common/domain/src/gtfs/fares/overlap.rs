//! Fares of different scopes that apply to the same ride.
//!
//! The most specific one applies: `domain::fare::narrowest` decides which that is, for the timetable as well. When it
//! is cheaper than a general one, that is reported; where neither of two is more specific, the higher one applies.

use std::collections::{HashMap, HashSet};

use super::super::clause::Clause;
use super::super::model::Scope;
use super::SeveralFares;
use super::choice::{Choice, Pricing};
use super::ways::Way;
use crate::fare::{self, SHAPES, Shape};
use crate::money::Money;

/// A scope in numbers: route, origin and destination.
type Numbers = (Option<usize>, Option<usize>, Option<usize>);

/// Checks every ride to which more than one scope applies.
pub fn look_through(choice: &mut Choice<'_>, ways: &[Way<'_>]) {
    let scopes: Vec<Scope> = choice.pricings.keys().cloned().collect();
    let shapes: HashSet<Shape> = scopes.iter().map(shape).collect();
    if shapes.len() < 2 {
        return;
    }
    let mut zones: HashMap<&str, usize> = HashMap::new();
    for zone in scopes
        .iter()
        .flat_map(|scope| [&scope.origin, &scope.destination])
        .flatten()
    {
        let next = zones.len();
        zones.entry(zone).or_insert(next);
    }
    let number = |zone: Option<&str>| zone.and_then(|zone| zones.get(zone).copied());
    let numbers = |scope: &Scope| {
        let zone = |zone: &Option<String>| number(zone.as_deref());
        (scope.route, zone(&scope.origin), zone(&scope.destination))
    };
    let by_numbers: HashMap<Numbers, usize> = scopes.iter().map(numbers).zip(0..).collect();
    let (mut rides, mut pairs) = (HashSet::new(), HashSet::new());
    for way in ways {
        for (from, to) in way.rides() {
            let ride = (way.route, number(way.zones[from]), number(way.zones[to]));
            if !rides.insert(ride) {
                continue;
            }
            let (route, origin, destination) = ride;
            let found: Vec<(Shape, usize)> = SHAPES
                .into_iter()
                .filter_map(|shape| {
                    let numbers = shape.of(Some(route), origin, destination)?;
                    Some((shape, *by_numbers.get(&numbers)?))
                })
                .collect();
            let narrowest = fare::narrowest(&found);
            for (shape, scope) in &narrowest {
                for (wider, other) in &found {
                    if shape.refines(*wider) && pairs.insert((*scope, *other)) {
                        undercut(choice, &scopes[*scope], &scopes[*other]);
                    }
                }
            }
            if let [(_, first), rest @ ..] = narrowest.as_slice() {
                for (_, other) in rest {
                    if pairs.insert((*first, *other)) {
                        equal(choice, &scopes[*first], &scopes[*other]);
                    }
                }
            }
        }
    }
}

fn shape(scope: &Scope) -> Shape {
    Shape::new(
        scope.route.is_some(),
        scope.origin.is_some(),
        scope.destination.is_some(),
    )
}

fn prices<'a>(choice: &'a Choice<'_>, scope: &Scope) -> &'a [(Money, usize)] {
    match choice.pricings.get(scope) {
        Some(Pricing::Prices(prices)) => prices,
        _ => &[],
    }
}

/// Differing prices of two scopes in the same currency, that of the first scope first.
fn differing(choice: &Choice<'_>, one: &Scope, other: &Scope) -> Vec<((Money, usize), (Money, usize))> {
    let (one, other) = (prices(choice, one), prices(choice, other));
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (*a, *b)));
    pairs
        .filter(|((a, _), (b, _))| a.currency == b.currency && a.amount != b.amount)
        .collect()
}

/// A more specific fare applies; it may be meant for other passengers than the general one.
fn undercut(choice: &mut Choice<'_>, narrow: &Scope, wide: &Scope) {
    for ((price, low), (more, high)) in differing(choice, narrow, wide) {
        if price.amount < more.amount {
            let (fare, other) = (choice.named(low), choice.named(high));
            choice.note(narrow, Clause::FareMoreSpecific { fare, other });
        }
    }
}

/// Neither of two fares is more specific.
fn equal(choice: &mut Choice<'_>, one: &Scope, other: &Scope) {
    for ((_, a), (_, b)) in differing(choice, one, other) {
        let meet = Scope {
            route: one.route.or(other.route),
            origin: one.origin.clone().or(other.origin.clone()),
            destination: one.destination.clone().or(other.destination.clone()),
        };
        let (fare, other) = (choice.named(a), choice.named(b));
        match choice.several() {
            SeveralFares::Withhold => {
                choice.note(&meet, Clause::FaresEqual { fare, other });
                choice.pricings.insert(meet, Pricing::Unpriced);
            }
            _ => choice.note_undecided(&meet, Clause::HigherFare { fare, other }),
        }
    }
}
