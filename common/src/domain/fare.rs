//! Fares: what a stretch costs, in which currency.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::money::{Currency, Money};

/// Stored exchange rates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rates(HashMap<(Currency, Currency), Decimal>);

impl Rates {
    /// Rates as stored: one unit of the first currency costs so many of the second.
    #[must_use]
    pub fn new(rates: impl IntoIterator<Item = (Currency, Currency, Decimal)>) -> Self {
        Self(
            rates
                .into_iter()
                .map(|(base, quote, rate)| ((base, quote), rate))
                .collect(),
        )
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

/// The prices of a stretch: the asked currency first, then the stored ones. A fare that is not stored in the asked
/// currency is converted from the first stored one and rounded up to a whole unit; without a rate there is none.
#[must_use]
pub fn prices(stored: &[Money], asked: Currency, rates: &Rates) -> Option<Vec<Money>> {
    let own = stored.iter().copied().find(|fare| fare.currency == asked);
    let converted = || {
        let fare = stored.first()?;
        Some(fare.converted_up(rates.rate(fare.currency, asked)?, asked))
    };
    let first = own.or_else(converted)?;
    Some(
        std::iter::once(first)
            .chain(stored.iter().copied().filter(|fare| fare.currency != asked))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::{Rates, prices};
    use crate::money::{Currency, Money};

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

    #[test]
    fn an_own_price_is_not_converted_and_a_converted_one_is_whole() {
        let stored = [Money::new(dec!(45.99), Currency::Eur)];
        let rates = Rates::new([(Currency::Eur, Currency::Uah, dec!(48.7))]);
        assert_eq!(prices(&stored, Currency::Eur, &rates), Some(stored.to_vec()));
        let uah = prices(&stored, Currency::Uah, &rates).unwrap();
        assert_eq!(uah, [Money::new(dec!(2240), Currency::Uah), stored[0]]);
        assert_eq!(prices(&stored, Currency::Czk, &rates), None);
        assert_eq!(prices(&[], Currency::Eur, &rates), None);
    }
}
