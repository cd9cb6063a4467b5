//! Discounts of a company.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::exchange_rate::Rates;
use super::language::{UnknownWord, words};
use crate::id::{CompanyId, DiscountId};
use crate::money::{Currency, Money};

words! {
    /// How a discount is counted.
    DiscountRule, "Percent Fixed" {
        /// Percent of the price.
        Percent = "Percent",
        /// A sum off the price.
        Fixed = "Fixed",
    }
}

/// A discount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discount {
    /// Its id.
    pub id: DiscountId,
    /// Its company.
    pub company_id: CompanyId,
    /// Name.
    pub name: String,
    /// How it is calculated.
    pub rule: DiscountRule,
    /// Percent, or the amount.
    pub amount: Decimal,
    /// Currency of the amount; only for [`DiscountRule::Fixed`].
    pub currency: Option<Currency>,
    /// First day of sale, in the time zone of the company; open when `None`.
    pub start_date: Option<NaiveDate>,
    /// Last day of sale.
    pub end_date: Option<NaiveDate>,
}

impl Discount {
    /// Whether it is given on a day of sale.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.start_date.is_none_or(|start| start <= day) && self.end_date.is_none_or(|end| day <= end)
    }

    /// What is left of a price, never below zero. A fixed amount without an exchange rate takes nothing off.
    #[must_use]
    pub fn apply(&self, price: Money, rates: &Rates) -> Money {
        let off = match (self.rule, self.currency) {
            (DiscountRule::Percent, _) => price.percent(self.amount).amount,
            (DiscountRule::Fixed, Some(currency)) => {
                rates.rate(currency, price.currency).map_or(Decimal::ZERO, |rate| {
                    Money::new(self.amount, currency).converted(rate, price.currency).amount
                })
            }
            (DiscountRule::Fixed, None) => Decimal::ZERO,
        };
        Money::new((price.amount - off).max(Decimal::ZERO), price.currency)
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::{Discount, DiscountRule};
    use crate::exchange_rate::Rates;
    use crate::id::{CompanyId, DiscountId};
    use crate::money::{Currency, Money};

    fn discount(rule: DiscountRule, amount: rust_decimal::Decimal, currency: Option<Currency>) -> Discount {
        Discount {
            id: DiscountId::new(),
            company_id: CompanyId::new(),
            name: "Students".into(),
            rule,
            amount,
            currency,
            start_date: "2026-12-01".parse().ok(),
            end_date: "2026-12-31".parse().ok(),
        }
    }

    #[test]
    fn takes_percent_or_a_sum_off_but_never_more_than_the_price() {
        let rates = Rates::new([(Currency::Eur, Currency::Uah, dec!(50))]);
        let price = Money::new(dec!(760), Currency::Uah);
        assert_eq!(
            discount(DiscountRule::Percent, dec!(12.5), None)
                .apply(price, &rates)
                .amount,
            dec!(665)
        );
        assert_eq!(
            discount(DiscountRule::Fixed, dec!(2), Some(Currency::Eur))
                .apply(price, &rates)
                .amount,
            dec!(660)
        );
        assert_eq!(
            discount(DiscountRule::Fixed, dec!(99), Some(Currency::Eur))
                .apply(price, &rates)
                .amount,
            dec!(0)
        );
        assert_eq!(
            discount(DiscountRule::Fixed, dec!(9), Some(Currency::Usd)).apply(price, &rates),
            price
        );
    }

    #[test]
    fn holds_from_the_first_to_the_last_day() {
        let discount = discount(DiscountRule::Percent, dec!(10), None);
        let holds = |day: &str| discount.holds_on(day.parse().unwrap());
        assert_eq!(
            [
                holds("2026-11-30"),
                holds("2026-12-01"),
                holds("2026-12-31"),
                holds("2027-01-01")
            ],
            [false, true, true, false]
        );
    }
}
