//! Refunds: what comes back when a paid ticket is canceled (contract section 5).

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::fare::Rates;
use crate::id::RefundRuleId;
use crate::money::Money;

/// Within so long after its creation a ticket is refunded in full, whatever the rules.
pub const GRACE: TimeDelta = TimeDelta::minutes(20);

/// What a tier gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// So many percent of the price.
    Percent(Decimal),
    /// A fixed sum, at most the price.
    Fixed(Money),
}

/// A tier of a company's refund rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundRule {
    /// Its id.
    pub id: RefundRuleId,
    /// It holds when at least so many hours are left until boarding.
    pub hours: i32,
    /// What it gives back.
    pub share: Share,
}

impl RefundRule {
    /// The sum that comes back of a price, in its currency. A fixed sum without an exchange rate gives nothing.
    #[must_use]
    pub fn amount(&self, price: Money, rates: &Rates) -> Decimal {
        let amount = match self.share {
            Share::Percent(percent) => price.percent(percent).amount,
            Share::Fixed(sum) => rates
                .rate(sum.currency, price.currency)
                .map_or(Decimal::ZERO, |rate| sum.converted(rate, price.currency).amount),
        };
        amount.min(price.amount)
    }
}

/// What comes back of a paid ticket that is canceled at `now`: everything within the grace, else what the tier with
/// the largest hours not above the hours left says, else nothing.
#[must_use]
pub fn refund(
    rules: &[RefundRule],
    price: Money,
    created_at: DateTime<Utc>,
    boarding_at: DateTime<Utc>,
    rates: &Rates,
    now: DateTime<Utc>,
) -> Decimal {
    if within_grace(created_at, now) {
        return price.amount;
    }
    let left = boarding_at - now;
    rules
        .iter()
        .filter(|rule| TimeDelta::hours(rule.hours.into()) <= left)
        .max_by_key(|rule| rule.hours)
        .map_or(Decimal::ZERO, |rule| rule.amount(price, rates))
}

/// Whether a ticket is still so young that it is refunded in full.
#[must_use]
pub fn within_grace(created_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < created_at + GRACE
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use rstest::rstest;
    use rust_decimal::{Decimal, dec};

    use super::{RefundRule, Share, refund};
    use crate::domain::fare::Rates;
    use crate::id::RefundRuleId;
    use crate::money::{Currency, Money};

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
        let rules = [
            RefundRule {
                id: RefundRuleId::new(),
                hours: 24,
                share: Share::Fixed(Money::new(dec!(10), Currency::Eur)),
            },
            RefundRule {
                id: RefundRuleId::new(),
                hours: 72,
                share: Share::Percent(dec!(90)),
            },
        ];
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
        let rule = RefundRule {
            id: RefundRuleId::new(),
            hours: 0,
            share: Share::Fixed(Money::new(dec!(50), Currency::Eur)),
        };
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
