//! `fare_attributes.txt` and `fare_rules.txt` (GTFS-Fares V1): prices between zones.

use std::collections::{BTreeMap, HashMap};

use rust_decimal::Decimal;

use super::Files;
use super::agencies::Agencies;
use super::findings::{Findings, Refusal};
use super::model::{Fare, Route};
use super::stops::Stops;
use super::trips::Named;
use crate::money::{Currency, Money};

/// A row of `fare_attributes.txt`.
struct Attribute {
    price: Money,
    /// Only routes of this agency.
    agency: Option<usize>,
    /// Whether a rule names it; without any it holds everywhere.
    ruled: bool,
}

/// Route, origin zone, destination zone, currency: what one price is stored for.
type Key = (Option<usize>, Option<String>, Option<String>, Currency);

/// Reads both files. Of several prices for the same pair the lowest stays, as GTFS wants it.
///
/// # Errors
/// When one is broken as a whole.
pub fn read(
    files: &Files,
    agencies: &Agencies,
    routes: &Named<Route>,
    stops: &Stops,
    findings: &mut Findings,
) -> Result<Vec<Fare>, Refusal> {
    let mut attributes = read_attributes(files, agencies, findings)?;
    let mut prices: BTreeMap<Key, Decimal> = BTreeMap::new();
    let mut price =
        |attribute: &Attribute, route: Option<usize>, origin: Option<String>, destination: Option<String>| {
            let of_agency = |agency| {
                (0..routes.list.len())
                    .filter(move |r| routes.list[*r].agency == agency)
                    .map(Some)
            };
            let scope: Vec<Option<usize>> = match (route, attribute.agency) {
                (None, Some(agency)) if agencies.list.len() > 1 => of_agency(agency).collect(),
                (route, _) => vec![route],
            };
            for route in scope {
                let key = (route, origin.clone(), destination.clone(), attribute.price.currency);
                let lowest = prices.entry(key).or_insert(attribute.price.amount);
                *lowest = attribute.price.amount.min(*lowest);
            }
        };
    if let Some(table) = files.table("fare_rules.txt")? {
        let (fare, route) = (table.require("fare_id")?, table.column("route_id"));
        let (origin, destination) = (table.column("origin_id"), table.column("destination_id"));
        let contains = table.column("contains_id");
        table.each(findings, |row, _| {
            let id = row.get(fare);
            let attribute = match attributes.get_mut(id) {
                Some(Some(attribute)) => attribute,
                Some(None) => return Err(format!("fare {id:?} was rejected; this rule is left out")),
                None => {
                    return Err(format!(
                        "fare {id:?} is not in fare_attributes.txt; this rule is left out"
                    ));
                }
            };
            attribute.ruled = true;
            if row.some(contains).is_some() {
                return Err("rules with contains_id are not supported; this rule is left out".to_owned());
            }
            let route = match row.some(route).map(|id| (id, routes.find(id))) {
                None => None,
                Some((_, Some(Some(route)))) => Some(route),
                Some((id, _)) => return Err(format!("route {id:?} is not usable; this rule is left out")),
            };
            for zone in [origin, destination].into_iter().filter_map(|column| row.some(column)) {
                if !stops.has_zone(zone) {
                    return Err(format!("no stop lies in zone {zone:?}; this rule is left out"));
                }
            }
            price(attribute, route, row.owned(origin), row.owned(destination));
            Ok(())
        })?;
    }
    for attribute in attributes.values().flatten().filter(|attribute| !attribute.ruled) {
        price(attribute, None, None, None);
    }
    let fare = |((route, origin, destination, currency), amount)| Fare {
        route,
        origin,
        destination,
        price: Money::new(amount, currency),
    };
    Ok(prices.into_iter().map(fare).collect())
}

/// Usable fares by id; `None` for one whose row was rejected.
fn read_attributes(
    files: &Files,
    agencies: &Agencies,
    findings: &mut Findings,
) -> Result<HashMap<String, Option<Attribute>>, Refusal> {
    let mut attributes = HashMap::new();
    let Some(table) = files.table("fare_attributes.txt")? else {
        return Ok(attributes);
    };
    let (id, amount) = (table.require("fare_id")?, table.require("price")?);
    let (currency, agency) = (table.require("currency_type")?, table.column("agency_id"));
    table.each(findings, |row, _| {
        let id = row.id(id, "fare_id")?;
        if attributes.contains_key(id) {
            return Err(format!("fare {id:?} is defined twice; the first definition stays"));
        }
        let read = || {
            let currency = row.get(currency);
            let currency: Currency = currency.parse().map_err(|e| format!("currency {currency:?}: {e}"))?;
            Ok(Attribute {
                price: Money::new(sum(row.get(amount))?, currency),
                agency: row.some(agency).map(|agency| agencies.find(agency)).transpose()?,
                ruled: false,
            })
        };
        let outcome: Result<Attribute, String> = read();
        let reason = outcome
            .as_ref()
            .err()
            .map(|reason| format!("{reason}; fare {id:?} is left out"));
        attributes.insert(id.to_owned(), outcome.ok());
        reason.map_or(Ok(()), Err)
    })?;
    Ok(attributes)
}

/// A price: plain digits, at most two decimals, below ten thousand million.
fn sum(text: &str) -> Result<Decimal, String> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.parse::<Decimal>()
        .ok()
        .map(|sum| sum.normalize())
        .filter(|sum| plain && sum.scale() <= 2 && *sum < Decimal::from(10_000_000_000_u64))
        .ok_or_else(|| format!("{text:?} is not a price"))
}
