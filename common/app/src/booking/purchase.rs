//! What a partner wants to buy: the request with its offer, and the departure and segment that these name.

use chrono::{DateTime, Utc};
use db::journey::DepartureKey;
use domain::journey::Journey;
use domain::money::Money;
use domain::offer::Offer;
use domain::sales_cutoff;
use domain::seat::Segment;
use domain::timetable::{Connection, Timetable};

use super::new_booking::{NewBooking, NewPassenger};
use crate::Actor;
use crate::error::{AppError, AppResult};

/// The request, checked against its offer.
#[derive(Debug)]
pub(super) struct Purchase {
    pub actor: Actor,
    pub offer: Offer,
    pub new: NewBooking,
    pub price: Money,
}

impl Purchase {
    /// Whether no passenger asks for a discount or has prepaid: only missing seats or permissions can refuse it then.
    pub(super) fn is_plain(&self) -> bool {
        let is_plain = |passenger: &NewPassenger| passenger.discount_id.is_none() && passenger.prepaid.is_none();
        self.new.passengers.iter().all(is_plain)
    }
}

/// The departure and segment to sell, from the timetable.
#[derive(Debug)]
pub(super) struct SegmentToSell<'a> {
    pub timetable: &'a Timetable,
    pub connection: Connection,
    pub journey: Journey,
}

impl SegmentToSell<'_> {
    pub(super) fn departure(&self) -> DepartureKey {
        (self.timetable.trip(&self.connection).id, self.connection.service_day)
    }

    pub(super) fn segment(&self) -> Segment {
        self.connection.boarding..self.connection.alighting
    }
}

/// The departure and stops that an offer names, if they are in the timetable.
pub(super) fn located(timetable: &Timetable, offer: &Offer) -> Option<Connection> {
    timetable.locate(offer.trip_id, offer.service_day, offer.from, offer.to)
}

/// What an offer names, if it is still on sale at a time.
///
/// # Errors
/// Departure closed: it is not in the timetable, or past the cutoff of the company.
pub(super) fn on_sale<'a>(timetable: &'a Timetable, offer: &Offer, now: DateTime<Utc>) -> AppResult<SegmentToSell<'a>> {
    let connection = located(timetable, offer).ok_or(AppError::DepartureClosed)?;
    let cutoff = timetable.trip(&connection).route.company.sales_cutoff;
    if sales_cutoff::is_closed(connection.departs_at, cutoff, now) {
        return Err(AppError::DepartureClosed);
    }
    Ok(SegmentToSell {
        timetable,
        connection,
        journey: timetable.journey(&connection).ok_or(AppError::DepartureClosed)?,
    })
}
