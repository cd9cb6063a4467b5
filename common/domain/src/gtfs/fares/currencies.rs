//! Prices of one pair in several currencies: one fare, or several.

use rust_decimal::Decimal;

use super::super::Terms;
use super::SeveralFares;
use crate::money::Money;

/// Whether prices in several currencies are one fare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Currencies {
    /// Yes, or there is only one.
    Agree,
    /// No: at today's rates, one is less than two thirds of another.
    Differ,
    /// Unknown, without an exchange rate.
    Unknown,
}

impl Currencies {
    /// Compares them, and drops those that are too low to be the same fare.
    pub fn compare(chosen: &mut Vec<(Money, usize)>, terms: &Terms) -> Self {
        let Some(((first, _), _)) = chosen.split_first() else {
            return Self::Agree;
        };
        let base = first.currency;
        let worth = |price: &Money| Some(price.amount * terms.rates.rate(price.currency, base)?);
        let worths: Vec<Option<Decimal>> = chosen.iter().map(|(price, _)| worth(price)).collect();
        let highest = worths.iter().flatten().max().copied().unwrap_or_default();
        let is_low =
            |worth: &Option<Decimal>| worth.is_some_and(|worth| worth * Decimal::from(3) < highest * Decimal::TWO);
        if worths.iter().any(is_low) {
            if terms.fares.several != SeveralFares::Lowest {
                let mut worths = worths.iter();
                chosen.retain(|_| worths.next().is_none_or(|worth| !is_low(worth)));
            }
            return Self::Differ;
        }
        if worths.iter().any(Option::is_none) {
            Self::Unknown
        } else {
            Self::Agree
        }
    }
}
