//! Exchange rates: what a unit of one currency costs in another.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::money::Currency;

/// Stored exchange rates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rates(HashMap<(Currency, Currency), Decimal>);

impl Rates {
    /// Rates as stored: the price of one unit of the first currency in the second.
    #[must_use]
    pub fn new(rates: impl IntoIterator<Item = (Currency, Currency, Decimal)>) -> Self {
        Self(
            rates
                .into_iter()
                .map(|(base, quote, rate)| ((base, quote), rate))
                .collect(),
        )
    }

    /// The stored rates, in an order that is always the same.
    #[must_use]
    pub fn sorted(&self) -> Vec<(Currency, Currency, Decimal)> {
        let rates = self.0.iter().map(|((base, quote), rate)| (*base, *quote, *rate));
        let mut rates: Vec<_> = rates.collect();
        rates.sort_unstable();
        rates
    }

    /// What one unit of `base` costs in `quote`: the stored rate, else the inverse of the opposite one, else through
    /// one currency that both have a rate with.
    #[must_use]
    pub fn rate(&self, base: Currency, quote: Currency) -> Option<Decimal> {
        if base == quote {
            return Some(Decimal::ONE);
        }
        self.direct(base, quote).or_else(|| {
            Currency::ALL
                .into_iter()
                .find_map(|via| Some(self.direct(base, via)? * self.direct(via, quote)?))
        })
    }

    fn direct(&self, base: Currency, quote: Currency) -> Option<Decimal> {
        let inverse = || {
            self.0
                .get(&(quote, base))
                .and_then(|rate| Decimal::ONE.checked_div(*rate))
        };
        self.0.get(&(base, quote)).copied().or_else(inverse)
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::Rates;
    use crate::money::Currency;

    #[test]
    fn rates_are_direct_inverse_or_through_a_third_currency() {
        let rates = Rates::new([
            (Currency::Eur, Currency::Uah, dec!(50)),
            (Currency::Eur, Currency::Pln, dec!(4)),
        ]);
        assert_eq!(rates.rate(Currency::Eur, Currency::Uah), Some(dec!(50)));
        assert_eq!(rates.rate(Currency::Uah, Currency::Eur), Some(dec!(0.02)));
        assert_eq!(rates.rate(Currency::Pln, Currency::Uah), Some(dec!(12.5)));
        assert_eq!(rates.rate(Currency::Czk, Currency::Uah), None);
    }
}
