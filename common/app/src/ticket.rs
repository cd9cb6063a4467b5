//! Tickets (orders on the wire): the actions pay, book and cancel, decisions and moves by the company, and expiry
//! (contract section 5). Bookings as a whole are in [`crate::booking`].

use std::sync::Arc;

use crate::Platform;
use crate::work::Work;

mod action;
mod action_effect;
mod action_group;
mod action_queue;
mod action_request;
mod action_result;
mod action_transaction;
mod bulk_action;
pub mod cancellation;
pub mod company;
pub mod decision;
mod expiry;
pub mod move_request;
mod partner;
mod record;
pub mod resend;
mod search_text;
pub mod ticket_move;

pub use action::act;
pub use action_queue::Actions;
pub use bulk_action::act_on;
pub use expiry::{expire, expire_on, sweep};
pub use partner::{Filter, PartnerTicket, find, list};
pub use record::{record, records};

pub(crate) use partner::bookings;

/// Notes in memory, after the commit of the work, that seats may be free on a departure that is not known here.
fn note_freed_seats(platform: &Platform, work: &Work) {
    let turns = Arc::clone(&platform.turns);
    work.after_commit(move || turns.freed_somewhere());
}
