//! An action on tickets that may be in several bookings.

use domain::id::{PartnerId, TicketId};
use domain::ticket::Action;
use ledger::Cause;

use super::action_request::{ATTEMPTS, Request, Side};
use super::partner::{self, PartnerTicket};
use crate::error::{AppError, AppResult, Noun};
use crate::work::Work;
use crate::{Actor, Platform};

/// As [`act`](super::act), on tickets of a partner that may be in several bookings, in one transaction: all or nothing.
/// Returns the tickets after the action, in the order of `tickets`.
///
/// # Errors
/// As [`act`](super::act); not found when a ticket is unknown or another partner's.
pub async fn act_on(
    platform: &Platform,
    work: &Work,
    partner_id: PartnerId,
    action: Action,
    tickets: &[TicketId],
    cause: &Cause,
) -> AppResult<Vec<PartnerTicket>> {
    let actor = Actor::new(partner_id, cause.clone());
    let request = Request {
        platform,
        actor: &actor,
        partner_id,
        action,
        tickets: Some(tickets),
        side: Side::Partner,
    };
    for _ in 0..ATTEMPTS {
        let now = platform.clock.now();
        let mut tx = work.begin().await?;
        let bookings = partner::bookings(&mut tx, partner_id, tickets).await?;
        match request.attempt(&mut tx, &bookings, now).await {
            // They existed a moment ago, so they have moved.
            Ok(None) | Err(AppError::NotFound(Noun::Ticket)) => {}
            Ok(Some(changed)) => {
                tx.commit().await?;
                changed.done(&request, work);
                return Ok(changed.tickets(tickets));
            }
            Err(error) => return Err(error),
        }
    }
    Err(AppError::Unavailable("the tickets were moved repeatedly"))
}
