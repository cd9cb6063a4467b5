//! Distance tariffs: the price of a stop pair without a fare, if the operator of a feed sets one.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money, cents};

/// A price that grows with the distance along the stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// Currency of both sums.
    pub currency: Currency,
    /// Base price.
    pub base: Decimal,
    /// Price per kilometre.
    pub per_km: Decimal,
}

impl Tariff {
    /// The price of a distance, rounded half up to cents.
    #[must_use]
    pub fn price(&self, meters: u32) -> Money {
        let kilometres = Decimal::from(meters) / Decimal::ONE_THOUSAND;
        Money::new(cents(self.base + self.per_km * kilometres), self.currency)
    }
}

/// A text that is not a tariff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tariff must be CURRENCY:BASE+PRICE/km, such as EUR:2.00+0.055/km")]
pub struct ParseTariffError;

impl FromStr for Tariff {
    type Err = ParseTariffError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let sum = |text: &str, limit: Decimal, scale: u32| {
            let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            let sum = Decimal::from_str(text).ok().filter(|_| plain)?.normalize();
            (sum <= limit && sum.scale() <= scale).then_some(sum)
        };
        let parse = || {
            let (currency, sums) = text.trim().split_once(':')?;
            let (base, per_km) = sums.strip_suffix("/km")?.split_once('+')?;
            Some(Self {
                currency: currency.parse().ok()?,
                base: sum(base, Decimal::from(1_000_000), 2)?,
                per_km: sum(per_km, Decimal::from(10_000), 4)?,
            })
        };
        parse().ok_or(ParseTariffError)
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::{ParseTariffError, Tariff};
    use crate::money::{Currency, Money};

    #[test]
    fn reads_base_and_price_per_kilometre() {
        let tariff: Tariff = "EUR:2.00+0.055/km".parse().unwrap();
        assert_eq!(
            (tariff.currency, tariff.base, tariff.per_km),
            (Currency::Eur, dec!(2), dec!(0.055))
        );
        for wrong in [
            "",
            "EUR",
            "EUR:2",
            "GBP:2+1/km",
            "EUR:-2+1/km",
            "EUR:2+1",
            "EUR:2+0.00001/km",
            "EUR:1e3+1/km",
        ] {
            assert_eq!(wrong.parse::<Tariff>(), Err(ParseTariffError), "{wrong}");
        }
    }

    #[test]
    fn counts_metres() {
        let tariff: Tariff = "EUR:2.00+0.055/km".parse().unwrap();
        assert_eq!(tariff.price(123_456), Money::new(dec!(8.79), Currency::Eur));
    }
}
