//! Prices of the passengers of a new booking: the price of the offer, discounts, prepayments.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::discount::Discount;
use domain::exchange_rate::Rates;
use domain::id::{CompanyId, DiscountId};
use domain::money::Money;
use domain::offer::Offer;
use domain::zone::Zone;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::new_booking::{NewBooking, NewPassenger};
use crate::error::{AppError, AppResult, FieldError};

/// The price in the requested currency, if the request fits the offer and has no `problems` so far.
pub(super) fn fitting_price(offer: &Offer, new: &NewBooking, mut problems: Vec<FieldError>) -> AppResult<Money> {
    if new.passengers.len() > offer.passengers.into() {
        let message = format!("the offer was searched for {} passengers at most", offer.passengers);
        problems.push(FieldError::new("passengers", "max", message));
    }
    let price = offer
        .prices
        .iter()
        .copied()
        .find(|price| price.currency == new.currency);
    if price.is_none() {
        let currencies: Vec<_> = offer.prices.iter().map(|price| price.currency.code()).collect();
        let message = format!("the offer has prices in {}", currencies.join(", "));
        problems.push(FieldError::new("currency", "enum", message));
    }
    match price {
        Some(price) if problems.is_empty() => Ok(price),
        _ => Err(AppError::Validation(problems)),
    }
}

/// The price for one passenger.
pub(super) struct Sale {
    /// After the discount.
    pub price: Decimal,
    /// The discount that was given.
    pub discount: Option<Discount>,
    /// Paid in advance to the partner.
    pub prepaid: Decimal,
}

/// The discounts of a company that passengers ask for.
#[derive(Debug, Default)]
pub(super) struct Discounts {
    wanted: Vec<Option<DiscountId>>,
    known: HashMap<DiscountId, Discount>,
    zone: Option<Zone>,
}

impl Discounts {
    /// Reads them, if any are requested.
    pub(super) async fn read(
        conn: &mut PgConnection,
        company: CompanyId,
        passengers: &[NewPassenger],
    ) -> AppResult<Self> {
        let wanted = passengers.iter().map(|p| p.discount_id.as_ref()?.parse().ok());
        let wanted: Vec<Option<DiscountId>> = wanted.collect();
        let ids: Vec<_> = wanted.iter().flatten().map(|id| id.0).collect();
        if ids.is_empty() {
            return Ok(Self {
                wanted,
                ..Self::default()
            });
        }
        let (known, zone) = db::discount::of_company(conn, company, &ids).await?;
        let zone = zone.map(|name| Zone::named(&name)).transpose();
        let zone = zone.map_err(|e| AppError::Internal(e.to_string()))?;
        Ok(Self { wanted, known, zone })
    }

    /// The discount that a passenger asks for, if it applies today in the time zone of the company.
    fn of(&self, passenger: usize, now: DateTime<Utc>) -> Option<&Discount> {
        let discount = self.known.get(self.wanted.get(passenger)?.as_ref()?)?;
        let today = self.zone.as_ref()?.day(now);
        Some(discount).filter(|discount| discount.holds_on(today))
    }
}

/// Applies discounts and checks prepayments; names every passenger that asks for something wrong.
pub(super) fn sales(
    discounts: &Discounts,
    passengers: &[NewPassenger],
    full: Money,
    rates: &Rates,
    now: DateTime<Utc>,
) -> AppResult<Vec<Sale>> {
    let mut problems = Vec::new();
    let mut sales = Vec::with_capacity(passengers.len());
    for (index, passenger) in passengers.iter().enumerate() {
        let discount = discounts.of(index, now);
        if passenger.discount_id.is_some() && discount.is_none() {
            let field = format!("passengers[{index}].discountId");
            problems.push(FieldError::new(
                field,
                "discount",
                "must be a discount of this company that is valid today",
            ));
        }
        let price = discount.map_or(full, |discount| discount.apply(full, rates)).amount;
        let prepaid = passenger.prepaid.unwrap_or(Decimal::ZERO);
        if prepaid > price {
            let field = format!("passengers[{index}].prepaid");
            problems.push(FieldError::new(
                field,
                "max",
                format!("must be at most the price, {price}"),
            ));
        }
        sales.push(Sale {
            price,
            discount: discount.cloned(),
            prepaid,
        });
    }
    if problems.is_empty() {
        Ok(sales)
    } else {
        Err(AppError::Validation(problems))
    }
}
