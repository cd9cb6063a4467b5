//! Which of several fares for the same scope is the adult fare for one ride.
//!
//! In this order: what the operator names as an adult fare; else what is not for particular passengers, by the rider
//! categories of the feed or by its name, and is not a return ticket or pass; of these the highest, unless the operator
//! asked for another one. A fare for some passengers only is never the adult fare, even where nothing else applies.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::super::Terms;
use super::super::clause::Clause;
use super::super::findings::{Findings, Refusal};
use super::super::model::{Fare, Route, Scope};
use super::super::remark::Remark;
use super::super::trips::Named;
use super::currencies::Currencies;
use super::stated::{Ledger, Rider, Stated};
use super::words::{Meaning, meaning};
use super::{FareTerms, Priced, SeveralFares, describe};
use crate::money::{Currency, Money};

/// The role of a price in selling a seat to an adult.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The operator excluded it.
    LeftOut,
    /// The operator named it as an adult fare.
    Adult,
    /// An adult fare as far as the feed shows.
    Plain,
    /// Not for one seat on one ride, judging by its name.
    Special,
    /// For some passengers only.
    Reduced,
}

/// What applies to a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pricing {
    /// A price in each of these currencies, and its position in the ledger.
    Prices(Vec<(Money, usize)>),
    /// Not for sale: the price is unknown, or it is unclear which one applies.
    Unpriced,
}

/// The decisions so far.
pub struct Choice<'a> {
    ledger: &'a Ledger,
    terms: &'a Terms,
    routes: &'a [Route],
    roles: Vec<Role>,
    /// By scope.
    pub pricings: BTreeMap<Scope, Pricing>,
    lines: Vec<Remark>,
    undecided: Vec<Remark>,
}

impl<'a> Choice<'a> {
    /// Decides for each scope separately.
    pub fn new(ledger: &'a Ledger, terms: &'a Terms, routes: &'a Named<Route>, findings: &mut Findings) -> Self {
        let roles = ledger.stated.iter().map(|stated| role(stated, &terms.fares, findings));
        let mut choice = Self {
            ledger,
            terms,
            routes: &routes.list,
            roles: roles.collect(),
            pricings: BTreeMap::new(),
            lines: Vec::new(),
            undecided: Vec::new(),
        };
        for (scope, held) in &ledger.holds {
            if let Some(pricing) = choice.pricing(scope, held) {
                choice.pricings.insert(scope.clone(), pricing);
            }
        }
        choice
    }

    /// The outcome; notices about it go into the findings.
    ///
    /// # Errors
    /// When fares are ambiguous and the operator asked to refuse such a feed.
    pub fn finish(self, findings: &mut Findings) -> Result<Priced, Refusal> {
        if self.terms.fares.several == SeveralFares::Refuse && !self.undecided.is_empty() {
            return Err(Refusal::SeveralFares(self.undecided));
        }
        findings.fares.extend(self.lines);
        let mut priced = Priced {
            fares: Vec::new(),
            unpriced: Vec::new(),
        };
        for (scope, pricing) in self.pricings {
            match pricing {
                Pricing::Unpriced => priced.unpriced.push(scope),
                Pricing::Prices(prices) => priced.fares.extend(prices.into_iter().map(|(price, _)| Fare {
                    scope: scope.clone(),
                    price,
                })),
            }
        }
        Ok(priced)
    }

    /// What the operator asked to do with several fares.
    pub fn several(&self) -> SeveralFares {
        self.terms.fares.several
    }

    /// Records what was done with several fares that apply to a scope.
    pub fn note(&mut self, scope: &Scope, what: Clause) {
        let line = self.line(scope, what);
        self.lines.push(line);
    }

    /// Records several fares as ambiguous, which refuses the feed if the operator asked for it.
    pub fn note_undecided(&mut self, scope: &Scope, what: Clause) {
        let line = self.line(scope, what);
        self.undecided.push(line.clone());
        self.lines.push(line);
    }

    fn line(&self, scope: &Scope, what: Clause) -> Remark {
        let mut clauses = describe(scope, self.routes);
        let scope: Vec<String> = clauses.iter().map(ToString::to_string).collect();
        let text = format!("{}: {what}", scope.join(" "));
        clauses.push(what);
        Remark::new(text, clauses)
    }

    /// A price with the name of its fare.
    pub fn named(&self, stated: usize) -> String {
        let Stated { id, price, .. } = &self.ledger.stated[stated];
        match price {
            Some(price) => format!("{id:?} {price}"),
            None => format!("{id:?} (unknown)"),
        }
    }

    fn names(&self, stated: &[usize]) -> String {
        let names: BTreeSet<(Option<Decimal>, String)> = stated
            .iter()
            .map(|at| (self.ledger.stated[*at].price.map(|price| price.amount), self.named(*at)))
            .collect();
        names
            .into_iter()
            .rev()
            .map(|(_, name)| name)
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn having(&self, held: &[usize], role: Role) -> Vec<usize> {
        held.iter().copied().filter(|at| self.roles[*at] == role).collect()
    }

    /// `None` when nothing here counts: then the more general scope applies.
    fn pricing(&mut self, scope: &Scope, held: &[usize]) -> Option<Pricing> {
        let there: Vec<usize> = held
            .iter()
            .copied()
            .filter(|at| self.roles[*at] != Role::LeftOut)
            .collect();
        let kept = [Role::Adult, Role::Plain, Role::Special]
            .into_iter()
            .map(|role| self.having(&there, role))
            .find(|kept| !kept.is_empty());
        let fares = self.names(&there);
        let Some(kept) = kept else {
            if !there.is_empty() {
                self.note(scope, Clause::FaresReduced { fares });
            }
            return None;
        };
        if let Some(unknown) = kept.iter().find(|at| self.ledger.stated[**at].price.is_none()) {
            let Stated { file, line, .. } = &self.ledger.stated[*unknown];
            let (file, line) = ((*file).into(), line.to_string());
            self.note(scope, Clause::FaresUnread { fares, file, line });
            return Some(Pricing::Unpriced);
        }
        let is_nothing = |at: &usize| {
            let price = self.ledger.stated[*at].price;
            self.roles[*at] != Role::Adult && price.is_some_and(|price| price.amount.is_zero())
        };
        let kept: Vec<usize> = kept.into_iter().filter(|at| !is_nothing(at)).collect();
        if kept.is_empty() {
            self.note(scope, Clause::FaresZero { fares });
            return Some(Pricing::Unpriced);
        }
        let mut by_currency: BTreeMap<Currency, Vec<(Money, usize)>> = BTreeMap::new();
        for at in &kept {
            if let Some(price) = self.ledger.stated[*at].price {
                by_currency.entry(price.currency).or_default().push((price, *at));
            }
        }
        let unclear = by_currency
            .values()
            .any(|prices| prices.iter().any(|(price, _)| *price != prices[0].0));
        let lowest = self.several() == SeveralFares::Lowest;
        let mut chosen: Vec<(Money, usize)> = by_currency
            .into_values()
            .filter_map(|prices| {
                let amount = |(price, _): &(Money, usize)| price.amount;
                let prices = prices.into_iter();
                if lowest {
                    prices.min_by_key(amount)
                } else {
                    prices.max_by_key(amount)
                }
            })
            .collect();
        let currencies = Currencies::compare(&mut chosen, self.terms);
        if unclear || currencies == Currencies::Differ {
            if self.several() == SeveralFares::Withhold {
                self.note(scope, Clause::FaresUnclear { fares });
                return Some(Pricing::Unpriced);
            }
            let used = taken(&chosen);
            let what = match lowest {
                true => Clause::LowestFare { fares, used },
                false => Clause::HighestFare { fares, used },
            };
            self.note_undecided(scope, what);
        } else if there.len() > kept.len() {
            let used = taken(&chosen);
            self.note(scope, Clause::FareByName { fares, used });
        } else if currencies == Currencies::Unknown {
            self.note(scope, Clause::FaresNotCompared { fares });
        }
        Some(Pricing::Prices(chosen))
    }
}

fn taken(chosen: &[(Money, usize)]) -> String {
    let prices: Vec<String> = chosen.iter().map(|(price, _)| price.to_string()).collect();
    prices.join(" and ")
}

fn role(stated: &Stated, terms: &FareTerms, findings: &mut Findings) -> Role {
    if FareTerms::names(&terms.left_out, &stated.id) {
        return Role::LeftOut;
    }
    if FareTerms::names(&terms.adult, &stated.id) {
        return Role::Adult;
    }
    let meant = match stated.rider {
        Rider::Other => Role::Reduced,
        Rider::Default => Role::Plain,
        Rider::Unsaid => match meaning(&format!("{} {}", stated.id, stated.name)) {
            Meaning::Reduced => Role::Reduced,
            Meaning::Special => Role::Special,
            Meaning::Plain => Role::Plain,
        },
    };
    if meant != Role::Reduced && stated.price.is_some_and(|price| price.amount.is_zero()) {
        let fare = stated.id.clone();
        let reason = Remark::from(Clause::ZeroPrice {}).and(Clause::FareNotCounted { fare });
        findings.flaw(stated.file, stated.line, reason);
    }
    meant
}
