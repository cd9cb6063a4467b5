//! Refund tiers as operators write them.

use std::str::FromStr;

use rust_decimal::Decimal;

use crate::money::Money;

/// What comes back of the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refund {
    /// So many percent, 0 to 100.
    Percent(Decimal),
    /// A fixed sum, at most the price.
    Fixed(Money),
}

/// What comes back when a ticket is canceled early enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundTier {
    /// At least so many hours before boarding.
    pub hours: i32,
    /// What comes back then.
    pub refund: Refund,
}

/// A text that is not a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a refund tier is written as HOURS:PERCENT or HOURS:SUM, such as 72h:90% or 48h:10.00EUR")]
pub struct ParseTierError;

impl FromStr for RefundTier {
    type Err = ParseTierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (hours, refund) = text.trim().split_once(':')?;
            let hours = hours
                .strip_suffix('h')?
                .parse()
                .ok()
                .filter(|h| (0..=8_760).contains(h))?;
            let refund = match refund.strip_suffix('%') {
                Some(percent) => Refund::Percent(sum(percent).filter(|p| *p <= Decimal::ONE_HUNDRED)?),
                None => {
                    let (amount, currency) = refund.split_at_checked(refund.len().checked_sub(3)?)?;
                    Refund::Fixed(Money::new(sum(amount)?, currency.parse().ok()?))
                }
            };
            Some(Self { hours, refund })
        };
        parse().ok_or(ParseTierError)
    }
}

fn sum(text: &str) -> Option<Decimal> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let sum = Decimal::from_str(text).ok()?.normalize();
    (plain && sum.scale() <= 2 && sum <= Decimal::from(1_000_000_000)).then_some(sum)
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::{ParseTierError, Refund, RefundTier};
    use crate::money::{Currency, Money};

    #[test]
    fn reads_percent_and_money() {
        let percent: RefundTier = "72h:90%".parse().unwrap();
        assert_eq!((percent.hours, percent.refund), (72, Refund::Percent(dec!(90))));
        let fixed: RefundTier = "48h:10.00EUR".parse().unwrap();
        assert_eq!(fixed.refund, Refund::Fixed(Money::new(dec!(10), Currency::Eur)));
        for wrong in [
            "",
            "72:90%",
            "72h:101%",
            "72h:-1%",
            "72h:10GBP",
            "72h:EUR",
            "-1h:5%",
            "72h:1.005EUR",
            "1h:€5",
        ] {
            assert_eq!(wrong.parse::<RefundTier>(), Err(ParseTierError), "{wrong}");
        }
    }
}
