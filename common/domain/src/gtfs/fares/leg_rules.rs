//! `fare_leg_rules.txt` (Fares V2): where each fare product applies.
//!
//! Only single rides without a transfer are sold: rules for transfers and for time frames are not read, and the prices
//! of all time frames count as several fares.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::clause::Clause;
use super::super::files::Files;
use super::super::findings::Findings;
use super::super::model::{Route, Scope};
use super::super::remark::Remark;
use super::super::stops::Stops;
use super::super::table::{Column, Row};
use super::super::trips::Named;
use super::areas::{Areas, networks};
use super::products;
use super::rules::left_out;
use super::stated::Ledger;
use super::{Market, ways};

const RULES: &str = "fare_leg_rules.txt";

/// A row of the file, with the positions of its prices.
struct Rule {
    network: Option<String>,
    from: Option<String>,
    to: Option<String>,
    prices: Vec<usize>,
    priority: u32,
}

/// Fares between areas.
pub struct Legs {
    /// The stops of each area.
    pub areas: Areas,
    networks: Vec<BTreeSet<String>>,
    rules: Vec<Rule>,
    /// Whether rules have priorities: then a blank field matches anything. Else it matches what no rule names.
    prioritised: bool,
    /// For each field that may be blank: what other rules name in it.
    listed: [HashSet<String>; 3],
}

/// Reads all files of Fares V2; `None` when they price no ride. When one is unreadable as a whole, no price is known
/// anywhere.
pub fn read(
    files: &Files,
    routes: &Named<Route>,
    stops: &Stops,
    ledger: &mut Ledger,
    findings: &mut Findings,
) -> Option<Legs> {
    if !files.has(RULES) {
        if files.has("fare_products.txt") {
            findings.notice(Clause::ProductsUnused {});
        }
        return None;
    }
    let products = products::read(files, ledger, findings);
    let areas = Areas::read(files, stops, findings);
    let networks = networks(files, routes, findings);
    let outcome = products.and_then(|products| {
        let (areas, networks) = (areas?, networks?);
        let mut legs = Legs {
            areas,
            networks,
            rules: Vec::new(),
            prioritised: false,
            listed: <[HashSet<String>; 3]>::default(),
        };
        legs.read(files, &products, ledger, findings)?;
        Ok(legs)
    });
    match outcome {
        Ok(legs) => Some(legs).filter(|legs| !legs.rules.is_empty()),
        Err(_) => {
            let unknown = ledger.add_unknown(RULES, RULES, 1);
            ledger.hold(Scope::default(), unknown);
            None
        }
    }
}

impl Legs {
    fn read(
        &mut self,
        files: &Files,
        products: &HashMap<String, Vec<usize>>,
        ledger: &mut Ledger,
        findings: &mut Findings,
    ) -> Result<(), super::super::files::LeftOut> {
        let mut lost = Vec::new();
        files.optional(RULES, findings, |table, findings| {
            let (network, product) = (table.column("network_id"), table.require("fare_product_id")?);
            let (from, to) = (table.column("from_area_id"), table.column("to_area_id"));
            let priority = table.column("rule_priority");
            self.prioritised = priority.is_there();
            let rule = |row: &Row<'_>, prices: Vec<usize>| {
                let owned = |column: Column| row.owned(column);
                Rule {
                    network: owned(network),
                    from: owned(from),
                    to: owned(to),
                    prices,
                    priority: row.get(priority).parse().unwrap_or(0),
                }
            };
            let read = |row: &Row<'_>, _: &mut Findings| {
                let id = row.id(product, "fare_product_id")?;
                let known = products.get(id).cloned();
                let prices = known
                    .clone()
                    .unwrap_or_else(|| vec![ledger.add_unknown(id, RULES, row.line)]);
                let rule = rule(row, prices);
                if let Some(area) = [&rule.from, &rule.to]
                    .into_iter()
                    .flatten()
                    .find(|area| !self.areas.has(area))
                {
                    return Err(left_out(Clause::AreaEmpty { area: area.clone() }));
                }
                self.add(rule);
                match known {
                    Some(_) => Ok(()),
                    None => {
                        let reason = Remark::from(Clause::ProductUnknown { product: id.into() });
                        Err(reason.and(Clause::RuleNotSold {}))
                    }
                }
            };
            table.each_row(findings, read, |row| lost.push((row.line, rule(row, Vec::new()))))
        })?;
        for (line, rule) in lost {
            let prices = vec![ledger.add_unknown(RULES, RULES, line)];
            self.add(Rule { prices, ..rule });
        }
        Ok(())
    }

    fn add(&mut self, rule: Rule) {
        for (listed, named) in self.listed.iter_mut().zip([&rule.network, &rule.from, &rule.to]) {
            listed.extend(named.clone());
        }
        self.rules.push(rule);
    }

    /// Adds the prices of every ride of the feed, between the zones that the stops have by now.
    pub fn state(&self, market: &Market<'_>, stops: &Stops, ledger: &mut Ledger) {
        let of_zone: HashMap<&str, &BTreeSet<String>> = (stops.list.iter().enumerate())
            .filter_map(|(position, stop)| Some((stop.zone.as_deref()?, self.areas.of(position))))
            .collect();
        // Where no rule names a network, a price is the same on every route.
        let by_route = !self.listed[0].is_empty();
        let mut rides = HashSet::new();
        for way in ways::of(market.trips, &stops.list) {
            for (from, to) in way.rides() {
                let (Some(origin), Some(destination)) = (way.zones[from], way.zones[to]) else {
                    continue;
                };
                let route = by_route.then_some(way.route);
                if !rides.insert((route, origin, destination)) {
                    continue;
                }
                let place = [&self.networks[way.route], of_zone[origin], of_zone[destination]];
                for stated in self.prices(place) {
                    let scope = Scope {
                        route,
                        origin: Some(origin.to_owned()),
                        destination: Some(destination.to_owned()),
                    };
                    ledger.hold(scope, stated);
                }
            }
        }
    }

    /// The prices of the rules that apply to a ride and have the highest priority: networks of the route, areas of both
    /// stops.
    fn prices(&self, place: [&BTreeSet<String>; 3]) -> Vec<usize> {
        let holds = |rule: &&Rule| {
            let named = [&rule.network, &rule.from, &rule.to];
            named
                .into_iter()
                .zip(place)
                .zip(&self.listed)
                .all(|((named, here), listed)| match named {
                    Some(named) => here.contains(named),
                    None => self.prioritised || here.iter().all(|area| !listed.contains(area)),
                })
        };
        let found: Vec<&Rule> = self.rules.iter().filter(holds).collect();
        let highest = found.iter().map(|rule| rule.priority).max();
        let first = found.into_iter().filter(|rule| Some(rule.priority) == highest);
        first.flat_map(|rule| rule.prices.iter().copied()).collect()
    }
}
