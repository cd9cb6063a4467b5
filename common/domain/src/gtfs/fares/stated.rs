//! Prices as a feed states them, before anything is decided.

use std::collections::{BTreeMap, HashMap};

use super::super::model::Scope;
use crate::money::Money;

/// For whom a price is, as the feed says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Rider {
    /// It does not say.
    #[default]
    Unsaid,
    /// The rider category that holds unless another one is claimed.
    Default,
    /// Another one.
    Other,
}

/// A price that a feed states.
#[derive(Debug, Clone)]
pub struct Stated {
    /// `fare_id` or `fare_product_id`; the name of a file that is left out with all of its fares.
    pub id: String,
    /// What else it is called.
    pub name: String,
    /// How much; `None` when that cannot be read.
    pub price: Option<Money>,
    /// For whom.
    pub rider: Rider,
    /// File in which it is stated.
    pub file: &'static str,
    /// Line in it.
    pub line: u64,
}

/// Everything that a feed states about prices.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The prices.
    pub stated: Vec<Stated>,
    /// Positions of those that hold for a scope, each once.
    pub holds: BTreeMap<Scope, Vec<usize>>,
}

impl Ledger {
    /// Takes a price and gives its position.
    pub fn add(&mut self, stated: Stated) -> usize {
        self.stated.push(stated);
        self.stated.len() - 1
    }

    /// Takes that there is a price of this name which is not known.
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

    /// A price holds for a scope.
    pub fn hold(&mut self, scope: Scope, stated: usize) {
        let here = self.holds.entry(scope).or_default();
        if !here.contains(&stated) {
            here.push(stated);
        }
    }

    /// Replaces every zone by those that it was divided into.
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
