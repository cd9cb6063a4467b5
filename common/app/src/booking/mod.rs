//! Bookings: create, list and get (contract section 5).

use chrono::{DateTime, Utc};
pub use db::booking::Filter;
use db::notification::Owner;
use domain::booking::Booking;
use domain::id::{BookingId, PartnerId};
use domain::notification::delivery::Delivery;
use sqlx::PgConnection;

use super::Platform;
use crate::error::{AppError, AppResult, Noun};

mod create;
mod group;
mod new_booking;
mod purchase;
mod rows;
mod sale;
mod sell;
mod transaction;

pub use create::{check, create};
pub use group::Buyer;
pub use new_booking::{NewBooking, NewPassenger};

/// Maximum number of events of a ticket whose messages are listed, the latest ones.
const EVENTS: i64 = 20;

/// A page of a partner's bookings, newest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(platform: &Platform, partner_id: PartnerId, filter: Filter) -> AppResult<(Vec<Booking>, i64)> {
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let (ids, total) = db::booking::page(&mut snapshot, partner_id, filter).await?;
    let bookings = db::booking::load(&mut snapshot, partner_id, &ids, platform.clock.now()).await?;
    snapshot.commit().await?;
    Ok((bookings, total))
}

/// A partner's booking. When all its tickets moved to one other booking, that one; the second value then is `true`.
///
/// # Errors
/// Not found, when it is unknown or another partner's.
pub async fn get(platform: &Platform, partner_id: PartnerId, id: BookingId) -> AppResult<(Booking, bool)> {
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let found = read(&mut snapshot, partner_id, id, platform.clock.now()).await?;
    snapshot.commit().await?;
    Ok(found)
}

/// As [`get`], at `now`, in the caller's transaction.
pub(super) async fn read(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    id: BookingId,
    now: DateTime<Utc>,
) -> AppResult<(Booking, bool)> {
    let unknown = || AppError::NotFound(Noun::Booking);
    let current = db::booking::current(conn, partner_id, id).await?.ok_or_else(unknown)?;
    let booking = db::booking::load(conn, partner_id, &[current], now).await?.pop();
    // The booking exists, so a failure to read it must not be reported as not found.
    let unreadable = || AppError::Internal(format!("booking {current} cannot be read"));
    Ok((booking.ok_or_else(unreadable)?, current != id))
}

/// The delivery status of the messages about the tickets of a partner's booking, by ticket and then in the order of
/// events. If all its tickets moved to one other booking, that booking is used, as in [`get`].
///
/// # Errors
/// Not found, when it is unknown or another partner's.
pub async fn deliveries(platform: &Platform, partner_id: PartnerId, id: BookingId) -> AppResult<Vec<Delivery>> {
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let current = db::booking::current(&mut snapshot, partner_id, id).await?;
    let current = current.ok_or(AppError::NotFound(Noun::Booking))?;
    let tickets = db::notification::of_booking(&mut snapshot, partner_id, current).await?;
    let deliveries = db::notification::deliveries(&mut snapshot, Owner::Partner(partner_id), &tickets, EVENTS).await?;
    snapshot.commit().await?;
    Ok(deliveries)
}
