//! Refund rules: the refund for a paid ticket that is canceled (contract section 5), and tiers as operators write them.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::exchange_rate::Rates;
use crate::id::RefundRuleId;
use crate::money::Money;

/// Time after its creation in which a ticket is refunded in full, regardless of the refund rules.
pub const GRACE: TimeDelta = TimeDelta::minutes(20);

/// The part of the price that is refunded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refund {
    /// A percentage, 0 to 100.
    Percent(Decimal),
    /// A fixed sum, at most the price.
    Fixed(Money),
}

/// The refund if a ticket is canceled early enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundTier {
    /// Hours before boarding, at least.
    pub hours: i32,
    /// The refund.
    pub refund: Refund,
}

/// A tier as a company has stored it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundRule {
    /// Its id.
    pub id: RefundRuleId,
    /// Its refund.
    pub tier: RefundTier,
}

impl RefundRule {
    /// The refund of a price, in its currency. A fixed amount without an exchange rate gives nothing.
    #[must_use]
    pub fn amount(&self, price: Money, rates: &Rates) -> Decimal {
        let amount = match self.tier.refund {
            Refund::Percent(percent) => price.percent(percent).amount,
            Refund::Fixed(sum) => rates
                .rate(sum.currency, price.currency)
                .map_or(Decimal::ZERO, |rate| sum.converted(rate, price.currency).amount),
        };
        amount.min(price.amount)
    }
}

/// Why a paid ticket is refunded as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// It is within the grace period: the whole price is refunded.
    Grace,
    /// By this rule.
    Rule(RefundRule),
    /// No rule applies so late: nothing is refunded.
    NoRule,
}

impl Basis {
    /// Why a ticket that is canceled at `now` is refunded: the grace period, else the tier with the largest hours not
    /// above the hours left.
    #[must_use]
    pub fn of(rules: &[RefundRule], created_at: DateTime<Utc>, boarding_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        if within_grace(created_at, now) {
            return Self::Grace;
        }
        let left = boarding_at - now;
        rules
            .iter()
            .filter(|rule| TimeDelta::hours(rule.tier.hours.into()) <= left)
            .max_by_key(|rule| rule.tier.hours)
            .map_or(Self::NoRule, |rule| Self::Rule(*rule))
    }

    /// The refund of a price, in its currency.
    #[must_use]
    pub fn amount(self, price: Money, rates: &Rates) -> Decimal {
        match self {
            Self::Grace => price.amount,
            Self::Rule(rule) => rule.amount(price, rates),
            Self::NoRule => Decimal::ZERO,
        }
    }
}

/// The refund of a paid ticket that is canceled at `now`: everything within the grace period, else that of the tier
/// with the largest hours not above the hours left, else nothing.
#[must_use]
pub fn refund(
    rules: &[RefundRule],
    price: Money,
    created_at: DateTime<Utc>,
    boarding_at: DateTime<Utc>,
    rates: &Rates,
    now: DateTime<Utc>,
) -> Decimal {
    Basis::of(rules, created_at, boarding_at, now).amount(price, rates)
}

/// Whether a ticket is still within the grace period, so that it is refunded in full.
#[must_use]
pub fn within_grace(created_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < created_at + GRACE
}

/// A text that is not a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a refund tier must be HOURS:PERCENT or HOURS:AMOUNT, such as 72h:90% or 48h:10.00EUR")]
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
    use chrono::{DateTime, TimeDelta};
    use rstest::rstest;
    use rust_decimal::{Decimal, dec};

    use super::{ParseTierError, Refund, RefundRule, RefundTier, refund};
    use crate::exchange_rate::Rates;
    use crate::id::RefundRuleId;
    use crate::money::{Currency, Money};

    fn rule(text: &str) -> RefundRule {
        RefundRule {
            id: RefundRuleId::new(),
            tier: text.parse().unwrap(),
        }
    }

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

    #[rstest]
    #[case::in_the_grace(19, 60, dec!(100))]
    #[case::grace_outweighs_departure(19, -60, dec!(100))]
    #[case::grace_is_over(20, 60, dec!(0))]
    #[case::exactly_72_hours(30, 72 * 60, dec!(90))]
    #[case::a_minute_less(30, 72 * 60 - 1, dec!(40))]
    #[case::lowest_tier(30, 24 * 60, dec!(40))]
    #[case::below_every_tier(30, 24 * 60 - 1, dec!(0))]
    #[case::departed(30, -1, dec!(0))]
    fn follows_the_tiers(#[case] age_minutes: i64, #[case] left_minutes: i64, #[case] expected: Decimal) {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let rules = [rule("24h:10EUR"), rule("72h:90%")];
        let rates = Rates::new([(Currency::Eur, Currency::Pln, dec!(4))]);
        let (created_at, boarding_at) = (
            now - TimeDelta::minutes(age_minutes),
            now + TimeDelta::minutes(left_minutes),
        );
        let price = Money::new(dec!(100), Currency::Pln);
        assert_eq!(refund(&rules, price, created_at, boarding_at, &rates, now), expected);
    }

    #[test]
    fn a_fixed_sum_never_exceeds_the_price() {
        let rule = rule("0h:50EUR");
        assert_eq!(
            rule.amount(Money::new(dec!(20), Currency::Eur), &Rates::default()),
            dec!(20)
        );
        assert_eq!(
            rule.amount(Money::new(dec!(20), Currency::Uah), &Rates::default()),
            dec!(0)
        );
    }
}
