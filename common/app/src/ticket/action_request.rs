//! A request for an action on tickets: the action, the actor, and on whose behalf.

use domain::id::{PartnerId, TicketId};
use domain::ticket::Action;

use crate::{Actor, Platform};

/// How often an action is tried when the company moves the tickets meanwhile.
pub(super) const ATTEMPTS: usize = 4;

/// How often an action reads under its locks when the timetable changes meanwhile.
pub(super) const READINGS: usize = 5;

/// An action of a partner on tickets.
pub(super) struct Request<'a> {
    pub(super) platform: &'a Platform,
    pub(super) actor: &'a Actor,
    pub(super) partner_id: PartnerId,
    pub(super) action: Action,
    /// The tickets; `None` for all of the booking.
    pub(super) tickets: Option<&'a [TicketId]>,
    /// On whose behalf.
    pub(super) side: Side,
}

/// On whose behalf an action is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The partner: limited by the company's permissions and its cutoff.
    Partner,
    /// The company itself.
    Company,
}
