//! Actions on tickets: pay, book and cancel (contract section 5).

use chrono::{DateTime, Utc};
use db::ticket::action::Change;
use domain::booking::Booking;
use domain::id::{BookingId, PartnerId, TicketId};
use domain::ticket::Action;
use ledger::Cause;

use super::action_group;
use super::action_request::{ATTEMPTS, READINGS, Request, Side};
use super::action_result::{Changed, journeys};
use crate::error::{AppError, AppResult, Noun};
use crate::work::{Tx, Work};
use crate::{Actor, Platform};

/// Pays, books or cancels tickets of a partner's booking: all of them, or those of `tickets`. All or nothing; of
/// concurrent duplicates one succeeds. As with [`booking::get`](crate::booking::get), a booking whose tickets all moved
/// to one other booking is that one; the second value then is `true`.
///
/// Actions of the partner that wait at the same time share a transaction, unless they have an idempotency key. If the
/// caller is dropped meanwhile, an action that was begun is completed.
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
    let actor = Actor::new(partner_id, cause.clone());
    let request = Request {
        platform,
        actor: &actor,
        partner_id,
        action,
        tickets,
        side: Side::Partner,
    };
    let shared = match work {
        Work::Own(_) => action_group::act(&request, booking_id).await?,
        // The transaction of a request with an idempotency key belongs to that request.
        Work::Idempotent(_) => None,
    };
    match shared {
        Some(booking) => Ok((booking, false)),
        None => act_alone(&request, work, booking_id).await,
    }
}

/// Carries out an action in a transaction of its own.
async fn act_alone(request: &Request<'_>, work: &Work, booking_id: BookingId) -> AppResult<(Booking, bool)> {
    let unknown = || AppError::NotFound(Noun::Booking);
    let mut current = booking_id;
    for _ in 0..ATTEMPTS {
        let now = request.platform.clock.now();
        let mut tx = work.begin().await?;
        if let Some(changed) = request.attempt(&mut tx, &[current], now).await? {
            tx.commit().await?;
            changed.done(request, work);
            let booking = changed.booking().ok_or_else(unknown)?;
            let moved = booking.id != booking_id;
            return Ok((booking, moved));
        }
        // Nothing was found: the booking is unknown, or its tickets moved, perhaps while this request waited for their
        // locks. The next attempt starts from the beginning, since locks are taken in one order only.
        current = db::booking::current(&mut tx, request.partner_id, booking_id)
            .await?
            .ok_or_else(unknown)?;
        tx.rollback().await?;
    }
    Err(AppError::Unavailable("the booking was moved repeatedly"))
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
            let change = Change {
                updates: &updates,
                records: &records,
                cause: &self.actor.cause,
            };
            let (name, reason) = (&self.actor.name, self.actor.reason.as_deref());
            if db::ticket::action::write(tx, version, self.partner_id, name, reason, &[change], now).await? {
                let journeys = journeys(tx, &found.iter().collect::<Vec<_>>(), timetable).await?;
                return Ok(Some(Changed::new(found, &journeys, &updates, &seats, now)?));
            }
        }
        Err(AppError::Unavailable("the timetable keeps changing"))
    }
}
