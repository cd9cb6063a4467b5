//! A request for an action on tickets: what is asked, by whom, and on whose behalf.

use domain::id::{PartnerId, TicketId};
use domain::ticket::Action;

use crate::{Actor, Platform};

/// How often an action is retried when the carrier moves the tickets meanwhile.
pub(super) const ATTEMPTS: usize = 4;

/// An action of a partner on tickets.
pub(super) struct Request<'a> {
    pub(super) platform: &'a Platform,
    pub(super) actor: Actor,
    pub(super) partner_id: PartnerId,
    pub(super) action: Action,
    /// The tickets; `None` for all of the booking.
    pub(super) tickets: Option<&'a [TicketId]>,
    /// Who wants it.
    pub(super) side: Side,
}

/// On whose behalf an action is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The partner's: limited by what the company allows it, and by the company's cutoff.
    Partner,
    /// The company's own.
    Company,
}
