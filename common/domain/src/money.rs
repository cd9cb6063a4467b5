//! Money: exact decimals and their currency, never a float.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// Currencies of the contract (section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "sqlx",
    derive(sqlx::Type),
    sqlx(type_name = "text", rename_all = "UPPERCASE")
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// Ukrainian hryvnia.
    Uah,
    /// Polish zloty.
    Pln,
    /// Czech koruna.
    Czk,
    /// Euro.
    Eur,
    /// US dollar.
    Usd,
}

impl Currency {
    /// Every currency that is sold in.
    pub const ALL: [Self; 5] = [Self::Uah, Self::Pln, Self::Czk, Self::Eur, Self::Usd];

    /// ISO 4217 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Uah => "UAH",
            Self::Pln => "PLN",
            Self::Czk => "CZK",
            Self::Eur => "EUR",
            Self::Usd => "USD",
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A currency that is not sold in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown currency, expected one of UAH PLN CZK EUR USD")]
pub struct UnknownCurrency;

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|c| c.code() == text).ok_or(UnknownCurrency)
    }
}

/// An exact amount in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// How much, in whole units with up to two decimals.
    pub amount: Decimal,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of a currency.
    #[must_use]
    pub const fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// This sum at `rate`, rounded up to a whole unit: how fares are converted for sale.
    #[must_use]
    pub fn converted_up(self, rate: Decimal, currency: Currency) -> Self {
        // An inverse rate is cut off at its 28th decimal; what that leaves must not cost a whole unit.
        Self::new((self.amount * rate).round_dp(12).ceil(), currency)
    }

    /// This sum at `rate`, rounded half up to cents: how refunds and fixed discounts are converted.
    #[must_use]
    pub fn converted(self, rate: Decimal, currency: Currency) -> Self {
        Self::new(cents(self.amount * rate), currency)
    }

    /// A percentage of this sum, rounded half up to cents.
    #[must_use]
    pub fn percent(self, percent: Decimal) -> Self {
        Self::new(cents(self.amount * percent / Decimal::ONE_HUNDRED), self.currency)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} {}", self.amount, self.currency)
    }
}

/// Rounded half up to two decimals.
#[must_use]
pub fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use rust_decimal::{Decimal, dec};

    use super::{Currency, Money};

    #[test]
    fn conversion_for_sale_rounds_up_and_refunds_round_half_up() {
        let fare = Money::new(dec!(45.99), Currency::Eur);
        assert_eq!(fare.converted_up(dec!(48.70), Currency::Uah).amount, dec!(2240));
        assert_eq!(fare.converted(dec!(48.70), Currency::Uah).amount, dec!(2239.71));
        let exact = Money::new(dec!(300), Currency::Uah).converted_up(Decimal::ONE / dec!(60), Currency::Eur);
        assert_eq!(exact.amount, dec!(5));
        assert_eq!(
            Money::new(dec!(0.05), Currency::Eur).percent(dec!(50)).amount,
            dec!(0.03)
        );
    }
}
