//! The fares of a feed: Fares V1 (`fare_attributes.txt`, `fare_rules.txt`) and Fares V2 (`fare_products.txt`,
//! `fare_leg_rules.txt` and the files that they refer to).
//!
//! A seat is sold at the adult fare for one ride, and every price must come from the feed. So nothing here silently
//! picks the cheapest: of several fares for the same pair one is chosen by a rule (`choice`), and the choice is
//! reported; where a price of the feed cannot be read, no other price replaces it.

use std::collections::HashMap;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::Terms;
use super::agencies::Agencies;
use super::clause::Clause;
use super::files::Files;
use super::findings::{Findings, Refusal};
use super::model::{Fare, Route, Scope, Trip};
use super::stops::Stops;
use super::trips::Named;
use crate::money::{Currency, Money};

mod areas;
mod attributes;
mod choice;
mod currencies;
mod leg_rules;
mod overlap;
mod products;
mod rules;
mod stated;
mod ways;
mod words;

/// What to do where several fares apply to the same pair and it is unclear which is the adult fare.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SeveralFares {
    /// Use the highest.
    #[default]
    Highest,
    /// Use the lowest.
    Lowest,
    /// Do not sell the pair.
    Withhold,
    /// Refuse the feed.
    Refuse,
}

/// The text is not a [`SeveralFares`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected one of highest, lowest, withhold, refuse")]
pub struct ParseSeveralFaresError;

impl FromStr for SeveralFares {
    type Err = ParseSeveralFaresError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "highest" => Ok(Self::Highest),
            "lowest" => Ok(Self::Lowest),
            "withhold" => Ok(Self::Withhold),
            "refuse" => Ok(Self::Refuse),
            _ => Err(ParseSeveralFaresError),
        }
    }
}

/// The operator's options for the fares of a feed. Fares are named by `fare_id` or `fare_product_id`; a `*` at the end
/// matches any suffix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FareTerms {
    /// How to choose between several fares.
    pub several: SeveralFares,
    /// Adult fares, regardless of their name and even at a price of 0: no other fare counts where one of these applies.
    pub adult: Vec<String>,
    /// Fares to ignore.
    pub left_out: Vec<String>,
}

impl FareTerms {
    fn names(patterns: &[String], id: &str) -> bool {
        patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => id.starts_with(start),
            None => id == pattern,
        })
    }
}

/// What fares apply to.
pub struct Market<'a> {
    /// Agencies.
    pub agencies: &'a Agencies,
    /// Routes.
    pub routes: &'a Named<Route>,
    /// Usable trips, including the departures of templates.
    pub trips: &'a [Trip],
}

/// The known prices.
pub struct Priced {
    /// Prices, possibly in several currencies for the same scope.
    pub fares: Vec<Fare>,
    /// What is not for sale because its price is unknown.
    pub unpriced: Vec<Scope>,
}

/// Reads all files about fares. When fares are defined between areas, the zones of the stops become those of
/// `Areas::zones`, and every fare is defined between these.
///
/// # Errors
/// When fares are ambiguous and the operator asked to refuse such a feed.
pub fn read(
    files: &Files,
    market: &Market<'_>,
    stops: &mut Stops,
    terms: &Terms,
    findings: &mut Findings,
) -> Result<Priced, Refusal> {
    let mut ledger = rules::read(files, market, stops, findings);
    if let Some(legs) = leg_rules::read(files, market.routes, stops, &mut ledger, findings) {
        let zones = legs.areas.zones(stops);
        let mut respelled: HashMap<&str, Vec<&str>> = HashMap::new();
        for (stop, zone) in stops.list.iter().zip(&zones) {
            let same = respelled.entry(stop.zone.as_deref().unwrap_or_default()).or_default();
            if !same.contains(&zone.as_str()) {
                same.push(zone);
            }
        }
        ledger.respell(&respelled);
        for (stop, zone) in stops.list.iter_mut().zip(zones) {
            stop.zone = Some(zone);
        }
        legs.state(market, stops, &mut ledger);
    }
    let ways = ways::of(market.trips, &stops.list);
    let mut choice = choice::Choice::new(&ledger, terms, market.routes, findings);
    overlap::look_through(&mut choice, &ways);
    choice.finish(findings)
}

/// A price: plain digits, at most two decimals, below ten thousand million.
fn sum(text: &str) -> Result<Decimal, Clause> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse::<Decimal>()
        .ok()
        .map(|sum| sum.normalize())
        .filter(|sum| plain && sum.scale() <= 2 && *sum < Decimal::from(10_000_000_000_u64))
        .ok_or_else(|| Clause::PriceInvalid { value: text.into() })
}

fn money(amount: &str, currency: &str) -> Result<Money, Clause> {
    let parsed: Result<Currency, _> = currency.to_ascii_uppercase().parse();
    let currency = parsed.map_err(|_| Clause::CurrencyInvalid {
        value: currency.into(),
        known: Currency::ALL.map(Currency::code).join(" "),
    })?;
    Ok(Money::new(sum(amount)?, currency))
}

/// Describes a scope.
fn describe(scope: &Scope, routes: &[Route]) -> Vec<Clause> {
    let way = match (scope.origin.clone(), scope.destination.clone()) {
        (None, None) => Clause::FaresAnywhere {},
        (Some(origin), None) => Clause::FaresFrom { origin },
        (None, Some(destination)) => Clause::FaresTo { destination },
        (Some(origin), Some(destination)) => Clause::FaresBetween { origin, destination },
    };
    let route = scope.route.and_then(|route| routes.get(route));
    let route = route.map(|route| Clause::FaresOfRoute {
        route: route.id.clone(),
    });
    route.into_iter().chain([way]).collect()
}
