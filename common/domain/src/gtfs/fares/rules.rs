//! Fares V1: prices (`fare_attributes.txt`) and where each applies (`fare_rules.txt`). One without a rule applies
//! everywhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::clause::Clause;
use super::super::files::Files;
use super::super::findings::Findings;
use super::super::model::Scope;
use super::super::remark::Remark;
use super::super::stops::Stops;
use super::super::table::{Column, Row};
use super::Market;
use super::attributes::{self, Attribute, Held};
use super::stated::Ledger;
use super::ways::{self, Way};

const RULES: &str = "fare_rules.txt";

/// A row of `fare_rules.txt`.
struct Rule {
    fare: String,
    route: Option<String>,
    origin: Option<String>,
    destination: Option<String>,
    contains: Option<String>,
    line: u64,
    /// Whether the row has the wrong shape.
    lost: bool,
}

/// Reads both files. When one is unreadable as a whole, no fare is known anywhere.
pub fn read(files: &Files, market: &Market<'_>, stops: &Stops, findings: &mut Findings) -> Ledger {
    let mut ledger = Ledger::default();
    let attributes = attributes::read(files, market.agencies, &mut ledger, findings);
    let rules = read_rules(files, findings);
    let (mut attributes, rules) = match (attributes, rules) {
        (Ok(attributes), Ok(rules)) => (attributes, rules),
        (attributes, _) => {
            let broken = if attributes.is_err() { attributes::FILE } else { RULES };
            let mut unknown = Ledger::default();
            let nothing = unknown.add_unknown(broken, broken, 1);
            unknown.hold(Scope::default(), nothing);
            return unknown;
        }
    };
    let mut reader = Reader {
        market,
        zones: stops.list.iter().filter_map(|stop| stop.zone.as_deref()).collect(),
        ledger: &mut ledger,
        containing: BTreeMap::new(),
    };
    for rule in &rules {
        if let Err(reason) = reader.rule(rule, &mut attributes) {
            findings.flaw(RULES, rule.line, reason);
        }
    }
    let unruled = attributes.values().filter(|attribute| !attribute.ruled);
    for held in unruled.flat_map(|attribute| &attribute.rows) {
        reader.hold(*held, &Scope::default());
    }
    if !reader.containing.is_empty() {
        reader.containing(&ways::of(market.trips, &stops.list));
    }
    ledger
}

fn read_rules(files: &Files, findings: &mut Findings) -> Result<Vec<Rule>, super::super::files::LeftOut> {
    let read = files.optional(RULES, findings, |table, findings| {
        let (fare, route) = (table.require("fare_id")?, table.column("route_id"));
        let (origin, destination) = (table.column("origin_id"), table.column("destination_id"));
        let contains = table.column("contains_id");
        let rule = |row: &Row<'_>, lost: bool| {
            let owned = |column: Column| row.owned(column);
            Rule {
                fare: row.get(fare).to_owned(),
                route: owned(route),
                origin: owned(origin),
                destination: owned(destination),
                contains: owned(contains),
                line: row.line,
                lost,
            }
        };
        let (mut rules, mut misshapen) = (Vec::new(), Vec::new());
        let read = |row: &Row<'_>, _: &mut Findings| {
            rules.push(rule(row, false));
            Ok(())
        };
        table.each_row(findings, read, |row| misshapen.push(rule(row, true)))?;
        rules.append(&mut misshapen);
        Ok(rules)
    });
    read.map(Option::unwrap_or_default)
}

/// The rules of a fare with `contains_id`, taken together: it applies to rides through exactly these zones.
type Containing = BTreeMap<(String, Scope), (Vec<Held>, BTreeSet<String>)>;

struct Reader<'a> {
    market: &'a Market<'a>,
    zones: BTreeSet<&'a str>,
    ledger: &'a mut Ledger,
    containing: Containing,
}

/// The remark about a rule that is left out.
pub fn left_out(reason: Clause) -> Remark {
    Remark::from(reason).and(Clause::RuleLeftOut {})
}

impl Reader<'_> {
    fn rule(&mut self, rule: &Rule, attributes: &mut BTreeMap<String, Attribute>) -> Result<(), Remark> {
        let scope = self.scope(rule);
        if rule.lost {
            // Its fields may be in the wrong columns, but the fare does have a rule.
            if let Some(attribute) = attributes.get_mut(&rule.fare) {
                attribute.ruled = true;
            }
            let unknown = self.ledger.add_unknown(&rule.fare, RULES, rule.line);
            self.ledger.hold(scope.unwrap_or_default(), unknown);
            return Ok(());
        }
        let Some(attribute) = attributes.get_mut(&rule.fare) else {
            if let Ok(scope) = scope {
                let unknown = self.ledger.add_unknown(&rule.fare, RULES, rule.line);
                self.ledger.hold(scope, unknown);
            }
            let reason = Remark::from(Clause::FareUnknown {
                fare: rule.fare.clone(),
            });
            return Err(reason.and(Clause::RuleNotSold {}));
        };
        attribute.ruled = true;
        let scope = scope.map_err(left_out)?;
        if let Some(zone) = &rule.contains {
            if !self.zones.contains(zone.as_str()) {
                return Err(left_out(Clause::ZoneEmpty { zone: zone.clone() }));
            }
            let key = (rule.fare.clone(), scope);
            let entry = self.containing.entry(key);
            let (_, zones) = entry.or_insert_with(|| (attribute.rows.clone(), BTreeSet::new()));
            zones.insert(zone.clone());
            return Ok(());
        }
        let strange = attribute
            .rows
            .iter()
            .any(|held| self.is_of_another_agency(*held, scope.route));
        if strange {
            let unknown = self.ledger.add_unknown(&rule.fare, RULES, rule.line);
            self.ledger.hold(scope, unknown);
            let reason = Remark::from(Clause::FareOfOtherAgency {
                fare: rule.fare.clone(),
            });
            return Err(reason.and(Clause::RuleNotSold {}));
        }
        for held in attribute.rows.clone() {
            self.hold(held, &scope);
        }
        Ok(())
    }

    fn scope(&self, rule: &Rule) -> Result<Scope, Clause> {
        let route = match &rule.route {
            None => None,
            Some(id) => match self.market.routes.find(id) {
                Some(Some(route)) => Some(route),
                _ => return Err(Clause::RouteUnusable { route: id.clone() }),
            },
        };
        for zone in [&rule.origin, &rule.destination].into_iter().flatten() {
            if !self.zones.contains(zone.as_str()) {
                return Err(Clause::ZoneEmpty { zone: zone.clone() });
            }
        }
        Ok(Scope {
            route,
            origin: rule.origin.clone(),
            destination: rule.destination.clone(),
        })
    }

    fn is_of_another_agency(&self, held: Held, route: Option<usize>) -> bool {
        let routes = &self.market.routes.list;
        let of_route = route.map(|route| routes[route].agency);
        held.agency.zip(of_route).is_some_and(|(fare, route)| fare != route)
    }

    /// Applies a price to a scope, on routes of its agency only.
    fn hold(&mut self, held: Held, scope: &Scope) {
        let several = self.market.agencies.list.len() > 1;
        let Some(agency) = held.agency.filter(|_| several && scope.route.is_none()) else {
            self.ledger.hold(scope.clone(), held.stated);
            return;
        };
        for (route, of_feed) in self.market.routes.list.iter().enumerate() {
            if of_feed.agency == agency {
                let route = Some(route);
                self.ledger.hold(Scope { route, ..scope.clone() }, held.stated);
            }
        }
    }

    /// Resolves the rules with `contains_id`: they apply to rides on which a bus goes through exactly these zones.
    /// Where only some of the ways between two zones do so, there is no price between the two.
    fn containing(&mut self, ways: &[Way<'_>]) {
        let mut through: HashMap<(usize, &str, &str), BTreeSet<Vec<&str>>> = HashMap::new();
        for way in ways {
            for (from, to) in way.rides() {
                let (Some(origin), Some(destination)) = (way.zones[from], way.zones[to]) else {
                    continue;
                };
                let zones: BTreeSet<&str> = way.zones[from..=to].iter().flatten().copied().collect();
                let ride = through.entry((way.route, origin, destination)).or_default();
                ride.insert(zones.into_iter().collect());
            }
        }
        for ((_, scope), (rows, zones)) in std::mem::take(&mut self.containing) {
            let zones: Vec<&str> = zones.iter().map(String::as_str).collect();
            for ((route, origin, destination), ways) in &through {
                let fits = |named: Option<&str>, real: &str| named.is_none_or(|named| named == real);
                let is_meant = scope.route.is_none_or(|named| named == *route)
                    && fits(scope.origin.as_deref(), origin)
                    && fits(scope.destination.as_deref(), destination);
                if !is_meant || !ways.contains(&zones) {
                    continue;
                }
                let exact = Scope {
                    route: Some(*route),
                    origin: Some((*origin).to_owned()),
                    destination: Some((*destination).to_owned()),
                };
                for held in &rows {
                    if self.is_of_another_agency(*held, Some(*route)) {
                        continue;
                    }
                    let stated = &self.ledger.stated[held.stated];
                    let stated = match ways.len() {
                        1 => held.stated,
                        _ => self.ledger.add_unknown(&stated.id.clone(), stated.file, stated.line),
                    };
                    self.ledger.hold(exact.clone(), stated);
                }
            }
        }
    }
}
