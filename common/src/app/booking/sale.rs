//! What the passengers of a new booking pay: the price of the offer, discounts, prepayments.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::{NewBooking, NewPassenger};
use crate::db;
use crate::domain::discount::Discount;
use crate::domain::offer::Offer;
use crate::domain::timetable::Timetable;
use crate::domain::zone::Zone;
use crate::error::{AppError, AppResult, FieldError};
use crate::id::{CompanyId, DiscountId};
use crate::money::Money;

/// The price in the wanted currency, if the request fits the offer and has no `problems` so far.
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

/// What one passenger pays.
pub(super) struct Sale {
    /// After the discount.
    pub price: Decimal,
    /// The discount that was given.
    pub discount: Option<Discount>,
    /// Paid in advance to the partner.
    pub prepaid: Decimal,
}

/// Applies discounts and checks prepayments; names every passenger that asks for something wrong.
pub(super) async fn sales(
    conn: &mut PgConnection,
    company: CompanyId,
    passengers: &[NewPassenger],
    full: Money,
    timetable: &Timetable,
    now: DateTime<Utc>,
) -> AppResult<Vec<Sale>> {
    let ids: Vec<Option<DiscountId>> = passengers
        .iter()
        .map(|p| p.discount_id.as_ref()?.parse().ok())
        .collect();
    let wanted: Vec<_> = ids.iter().flatten().map(|id| id.0).collect();
    let discounts = db::discount::find_many(conn, &wanted).await?;
    let today = if wanted.is_empty() {
        now.date_naive()
    } else {
        company_day(conn, company, now).await?
    };
    let holds = |discount: &&Discount| discount.company_id == company && discount.holds_on(today);
    let mut problems = Vec::new();
    let mut sales = Vec::with_capacity(passengers.len());
    for ((index, passenger), id) in passengers.iter().enumerate().zip(ids) {
        let discount = id.and_then(|id| discounts.get(&id)).filter(holds);
        if passenger.discount_id.is_some() && discount.is_none() {
            let field = format!("passengers[{index}].discountId");
            problems.push(FieldError::new(
                field,
                "discount",
                "no such discount of this company today",
            ));
        }
        let price = discount
            .map_or(full, |discount| discount.apply(full, timetable.rates()))
            .amount;
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

async fn company_day(conn: &mut PgConnection, company: CompanyId, now: DateTime<Utc>) -> AppResult<NaiveDate> {
    let name = db::company::time_zone(conn, company).await?;
    let zone = Zone::named(&name).map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(zone.day(now))
}
