//! What a partner wants to buy: the request with its offer, and the departure and segment that these name.

use chrono::{DateTime, Utc};
use domain::journey::Journey;
use domain::money::Money;
use domain::offer::Offer;
use domain::sales_cutoff;
use domain::seat::Segment;
use domain::timetable::{Connection, Timetable};

use super::new_booking::NewBooking;
use crate::Actor;
use crate::error::{AppError, AppResult};

/// The request, checked against its offer.
pub(super) struct Purchase<'a> {
    pub actor: Actor,
    pub offer: &'a Offer,
    pub new: &'a NewBooking,
    pub price: Money,
    pub now: DateTime<Utc>,
}

impl<'a> Purchase<'a> {
    /// The same purchase at a later time.
    pub(super) fn at(&self, now: DateTime<Utc>) -> Purchase<'a> {
        Purchase {
            actor: self.actor.clone(),
            now,
            ..*self
        }
    }
}

/// The departure and segment to sell, from the timetable.
pub(super) struct Wanted<'a> {
    pub timetable: &'a Timetable,
    pub connection: Connection,
    pub journey: Journey,
}

impl Wanted<'_> {
    pub(super) fn segment(&self) -> Segment {
        self.connection.boarding..self.connection.alighting
    }
}

/// What an offer names, if it is still on sale at a time.
///
/// # Errors
/// Departure closed: it is not in the timetable, or past the cutoff of the company.
pub(super) fn on_sale<'a>(timetable: &'a Timetable, offer: &Offer, now: DateTime<Utc>) -> AppResult<Wanted<'a>> {
    let connection = timetable
        .locate(offer.trip_id, offer.service_day, offer.from, offer.to)
        .ok_or(AppError::DepartureClosed)?;
    let cutoff = timetable.trip(&connection).route.company.sales_cutoff;
    if sales_cutoff::is_closed(connection.departs_at, cutoff, now) {
        return Err(AppError::DepartureClosed);
    }
    Ok(Wanted {
        timetable,
        connection,
        journey: timetable.journey(&connection).ok_or(AppError::DepartureClosed)?,
    })
}
