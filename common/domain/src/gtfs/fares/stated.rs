//! Prices as they are in the feed, before any choice.

use std::collections::{BTreeMap, HashMap};

use super::super::model::Scope;
use crate::money::Money;

/// The rider category of a price in the feed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rider {
    /// None is given.
    #[default]
    Unsaid,
    /// The default rider category.
    Default,
    /// Another one.
    Other,
}

/// A price in a feed.
#[derive(Debug, Clone)]
pub struct Stated {
    /// `fare_id` or `fare_product_id`; for a file that was left out, the name of the file.
    pub id: String,
    /// Its name, if it has one besides the id.
    pub name: String,
    /// The price; `None` when it cannot be read.
    pub price: Option<Money>,
    /// Rider category.
    pub rider: Rider,
    /// Its file.
    pub file: &'static str,
    /// Line in it.
    pub line: u64,
}

/// All prices of a feed.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The prices.
    pub stated: Vec<Stated>,
    /// Positions of those that apply to a scope, each once.
    pub holds: BTreeMap<Scope, Vec<usize>>,
}

impl Ledger {
    /// Adds a price and returns its position.
    pub fn add(&mut self, stated: Stated) -> usize {
        self.stated.push(stated);
        self.stated.len() - 1
    }

    /// Adds a price of this name whose amount is unknown.
    pub fn add_unknown(&mut self, id: &str, file: &'static str, line: u64) -> usize {
        self.add(Stated {
            id: id.to_owned(),
            name: String::new(),
            price: None,
            rider: Rider::Unsaid,
            file,
            line,
        })
    }

    /// Applies a price to a scope.
    pub fn hold(&mut self, scope: Scope, stated: usize) {
        let here = self.holds.entry(scope).or_default();
        if !here.contains(&stated) {
            here.push(stated);
        }
    }

    /// Replaces every zone by the zones into which it was divided.
    pub fn respell(&mut self, zones: &HashMap<&str, Vec<&str>>) {
        let new = |zone: Option<&String>| -> Vec<Option<String>> {
            let Some(zone) = zone else {
                return vec![None];
            };
            let parts = zones.get(zone.as_str()).map(Vec::as_slice).unwrap_or_default();
            parts.iter().map(|part| Some((*part).to_owned())).collect()
        };
        for (scope, held) in std::mem::take(&mut self.holds) {
            for origin in new(scope.origin.as_ref()) {
                for destination in new(scope.destination.as_ref()) {
                    for stated in &held {
                        let scope = Scope {
                            route: scope.route,
                            origin: origin.clone(),
                            destination: destination.clone(),
                        };
                        self.hold(scope, *stated);
                    }
                }
            }
        }
    }
}
