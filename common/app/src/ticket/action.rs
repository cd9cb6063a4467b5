//! Actions on tickets: pay, book and cancel (contract section 5).

use chrono::{DateTime, Utc};
use domain::booking::Booking;
use domain::id::{BookingId, PartnerId, TicketId};
use domain::ticket::Action;
use ledger::Cause;

use super::action_request::{ATTEMPTS, Request, Side};
use super::action_result::Changed;
use crate::error::{AppError, AppResult, Noun};
use crate::work::{Tx, Work};
use crate::{Actor, Platform};

/// How often an action reads under its locks when the timetable changes meanwhile.
const READINGS: usize = 5;

/// Pays, books or cancels tickets of a partner's booking: all of them, or those of `tickets`. All or nothing; of
/// concurrent duplicates one succeeds. As with [`booking::get`](crate::booking::get), a booking whose tickets all moved
/// to one other booking is that one; the second value then is `true`.
///
/// # Errors
/// Not found when the booking is not the partner's or a ticket is not in it; [`AppError::TicketConflict`] with the
/// offending tickets; seats unavailable or departure closed when an expired or rejected ticket cannot be revived;
/// cancellation closed after the company's cutoff; forbidden when the company does not let the partner cancel, or book
/// the revived tickets.
pub async fn act(
    platform: &Platform,
    work: &Work,
    partner_id: PartnerId,
    booking_id: BookingId,
    action: Action,
    tickets: Option<&[TicketId]>,
    cause: &Cause,
) -> AppResult<(Booking, bool)> {
    let unknown = || AppError::NotFound(Noun::Booking);
    let request = Request {
        platform,
        actor: Actor::new(partner_id, cause.clone()),
        partner_id,
        action,
        tickets,
        side: Side::Partner,
    };
    let mut current = booking_id;
    for _ in 0..ATTEMPTS {
        let now = platform.clock.now();
        let mut tx = work.begin().await?;
        if let Some(changed) = request.attempt(&mut tx, &[current], now).await? {
            tx.commit().await?;
            changed.done(&request, work);
            let booking = changed.booking().ok_or_else(unknown)?;
            let moved = booking.id != booking_id;
            return Ok((booking, moved));
        }
        // Nothing was found: the booking is unknown, or its tickets moved, perhaps while this request waited for their
        // locks. The next attempt starts from the beginning, since locks are taken in one order only.
        current = db::booking::current(&mut tx, partner_id, booking_id)
            .await?
            .ok_or_else(unknown)?;
        tx.rollback().await?;
    }
    Err(AppError::Unavailable("the booking keeps moving"))
}

impl Request<'_> {
    /// Carries out the action in a transaction that has locked nothing yet: one statement that locks and reads, one
    /// that writes, unless tickets are revived or the timetable no longer has what was sold. `None` when no tickets are
    /// found, or some moved to another departure meanwhile.
    pub(super) async fn attempt(
        &self,
        tx: &mut Tx,
        bookings: &[BookingId],
        now: DateTime<Utc>,
    ) -> AppResult<Option<Changed>> {
        for _ in 0..READINGS {
            let (version, published_version, found) = db::ticket::action::read(tx, self.partner_id, bookings).await?;
            if found.is_empty() || found.iter().any(|found| found.departure.is_none()) {
                return Ok(None);
            }
            if found.iter().any(|found| found.was_reread) {
                continue;
            }
            let published = self.platform.published.at_hand();
            let published = published.filter(|published| published.timetable.version() == published_version);
            let timetable = published.as_ref().map(|published| &published.timetable);
            let (updates, seats, records) = self.changes(tx, &found, timetable, now).await?;
            let (author, cause) = (self.actor.author(), &self.actor.cause);
            if db::ticket::action::write(tx, version, &updates, &records, author, cause, now).await? {
                return Ok(Some(Changed::new(tx, found, &updates, &seats, timetable, now).await?));
            }
        }
        Err(AppError::Unavailable("the timetable keeps changing"))
    }
}
