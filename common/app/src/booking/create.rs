//! Creating a booking: its transaction, which other bookings may share, seats all passengers or none.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::booking::Booking;
use domain::id::PartnerId;
use domain::money::Money;
use domain::offer::{Offer, OfferError};
use ledger::Cause;

use super::new_booking::{NewBooking, NewPassenger};
use super::purchase::Purchase;
use super::sale::fitting_price;
use super::sell::sell;
use crate::contact::Contact;
use crate::error::{AppError, AppResult, FieldError};
use crate::work::Work;
use crate::{Actor, Platform, metrics};

/// How often a sale is retried when the timetable changes meanwhile.
const ATTEMPTS: usize = 10;

/// Creates a booking: a seat is held for every passenger.
///
/// # Errors
/// Validation (malformed token, currency, passengers and their names and addresses, discounts, prepaid), offer expired,
/// forbidden by the company, departure closed, seats unavailable.
pub async fn create(
    platform: &Platform,
    work: &Work,
    partner_id: PartnerId,
    new: NewBooking,
    cause: &Cause,
) -> AppResult<Booking> {
    let booked = book(platform, work, partner_id, new, cause).await;
    match &booked {
        // With an idempotency key, the commit is still to come.
        Ok(_) => work.when_settled(metrics::count_booking),
        Err(error) => metrics::count_booking(Err(error)),
    }
    booked
}

async fn book(
    platform: &Platform,
    work: &Work,
    partner_id: PartnerId,
    new: NewBooking,
    cause: &Cause,
) -> AppResult<Booking> {
    let (new, offer, price) = offered(platform, partner_id, new, platform.clock.now())?;
    let purchase = Arc::new(Purchase {
        actor: Actor::new(partner_id, cause.clone()),
        offer,
        new,
        price,
    });
    let mut published = platform.at_hand().await?;
    for _ in 0..ATTEMPTS {
        if let Some(booking) = sell(platform, work, &purchase, &published).await? {
            return Ok(booking);
        }
        published = platform.published().await?;
    }
    Err(AppError::Unavailable("the timetable keeps changing"))
}

/// Checks whether a request fits its offer, without the database; [`create`] does this first.
///
/// # Errors
/// Validation (malformed token, currency, passengers), offer expired.
pub fn check(platform: &Platform, partner_id: PartnerId, new: &NewBooking) -> AppResult<()> {
    offered(platform, partner_id, new.clone(), platform.clock.now()).map(drop)
}

/// The request in the form in which it is stored, its offer, and its price in the requested currency.
fn offered(
    platform: &Platform,
    partner_id: PartnerId,
    mut new: NewBooking,
    now: DateTime<Utc>,
) -> AppResult<(NewBooking, Offer, Money)> {
    let offer = platform
        .offer_key
        .verify(&new.offer_id, partner_id, now)
        .map_err(|error| match error {
            OfferError::Expired => AppError::OfferExpired,
            OfferError::Malformed => AppError::field("offerId", "offer", "must be an offer for this partner"),
        })?;
    let problems = normalise(&mut new.passengers);
    let price = fitting_price(&offer, &new, problems)?;
    Ok((new, offer, price))
}

/// Brings names and addresses into the form in which they are stored; returns the invalid fields.
fn normalise(passengers: &mut [NewPassenger]) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (index, passenger) in passengers.iter_mut().enumerate() {
        let typed = Contact {
            first_name: passenger.first_name.clone(),
            last_name: passenger.last_name.clone(),
            email: passenger.email.clone(),
        };
        match typed.checked(&format!("passengers[{index}].")) {
            Ok(contact) => {
                passenger.first_name = contact.first_name;
                passenger.last_name = contact.last_name;
                passenger.email = contact.email;
            }
            Err(wrong) => problems.extend(wrong),
        }
    }
    problems
}
