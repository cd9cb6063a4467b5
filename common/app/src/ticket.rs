//! Tickets (orders on the wire): the actions pay, book and cancel, decisions and moves by the company, and expiry
//! (contract section 5). Bookings as a whole are in [`crate::booking`].

mod action;
mod action_effect;
mod action_request;
mod action_result;
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
pub use bulk_action::act_on;
pub use expiry::{expire, expire_on, sweep};
pub use partner::{Filter, PartnerTicket, find, list};
pub use record::{record, records};

pub(crate) use partner::bookings;
