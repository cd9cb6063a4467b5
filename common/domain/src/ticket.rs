//! Tickets (orders on the wire): their statuses and what each action does to them (contract section 5).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};
use super::payment_window::PAYMENT_WINDOW;

words! {
    /// Status of a ticket.
    TicketStatus, "Processing Confirmed NotConfirmed Uncompleted Canceled Refund" {
        /// Created, not yet paid or booked.
        Processing = "Processing",
        /// Paid or booked.
        Confirmed = "Confirmed",
        /// Rejected by the carrier.
        NotConfirmed = "NotConfirmed",
        /// Not paid in time; its seat went back on sale.
        Uncompleted = "Uncompleted",
        /// Canceled without a refund.
        Canceled = "Canceled",
        /// Canceled after payment.
        Refund = "Refund",
    }
}

words! {
    /// Payment status.
    PaymentStatus, "Unpaid Booked Prepaid Paid" {
        /// Nothing yet.
        Unpaid = "Unpaid",
        /// To be paid on board.
        Booked = "Booked",
        /// Partly paid.
        Prepaid = "Prepaid",
        /// Paid.
        Paid = "Paid",
    }
}

words! {
    /// What happened to a ticket: the action of a history row, and the event of a message.
    Event, "created paid booked canceled uncompleted confirmed rejected prepaid moved resent" {
        /// Sold, waiting for payment.
        Created = "created",
        /// Paid.
        Paid = "paid",
        /// Booked, to be paid on board.
        Booked = "booked",
        /// Canceled, with or without a refund.
        Canceled = "canceled",
        /// Not paid in time.
        Uncompleted = "uncompleted",
        /// Confirmed by the carrier.
        Confirmed = "confirmed",
        /// Rejected by the carrier.
        Rejected = "rejected",
        /// Prepaid, as the carrier recorded.
        Prepaid = "prepaid",
        /// Moved to another booking by the carrier.
        Moved = "moved",
        /// The ticket was sent again, as the carrier asked. A row of history only: the messages repeat the event
        /// before.
        Resent = "resent",
    }
}

impl Event {
    /// Whether a passenger is waiting for its message: for the ticket, or to learn how to pay. Messages about what has
    /// ended may be sent a little later.
    #[must_use]
    pub const fn is_awaited(self) -> bool {
        matches!(self, Self::Created) || self.carries_ticket()
    }

    /// Whether it makes a ticket valid or changes a valid one, so that its message carries the ticket.
    #[must_use]
    pub const fn carries_ticket(self) -> bool {
        match self {
            Self::Paid | Self::Booked | Self::Prepaid | Self::Confirmed | Self::Moved => true,
            Self::Created | Self::Canceled | Self::Uncompleted | Self::Rejected | Self::Resent => false,
        }
    }
}

/// What a partner can do to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Pay in full.
    Pay,
    /// Book, to be paid on board.
    Book,
    /// Cancel.
    Cancel,
}

/// What a carrier decides about a ticket on its bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The passenger will be carried.
    Confirm,
    /// The passenger will not be carried; the seat goes back on sale.
    Reject,
    /// A part of the price has been paid; the rest is paid on board.
    Prepaid,
}

/// Status and payment status of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The ticket.
    pub status: TicketStatus,
    /// The payment.
    pub payment_status: PaymentStatus,
}

impl State {
    /// A new ticket.
    pub const NEW: Self = Self {
        status: TicketStatus::Processing,
        payment_status: PaymentStatus::Unpaid,
    };

    /// The state at `now`: a ticket unpaid for 20 minutes is Uncompleted, even if no sweep has run yet.
    #[must_use]
    pub fn at(self, created_at: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        if self == Self::NEW && created_at + PAYMENT_WINDOW <= now {
            Self {
                status: TicketStatus::Uncompleted,
                ..self
            }
        } else {
            self
        }
    }

    /// The state after an action and what a history row calls it; `None` when the action conflicts (contract
    /// section 5, the table of actions).
    #[must_use]
    pub fn after(self, action: Action) -> Option<(Self, Event)> {
        use PaymentStatus::{Booked, Paid};
        use TicketStatus::{Canceled, Confirmed, Refund};
        if matches!(self.status, Canceled | Refund) {
            return None;
        }
        let (status, payment_status, event) = match (action, self.payment_status) {
            (Action::Pay, Paid) | (Action::Book, Paid | Booked) => return None,
            (Action::Pay, _) => (Confirmed, Paid, Event::Paid),
            (Action::Book, _) => (Confirmed, Booked, Event::Booked),
            (Action::Cancel, Paid) => (Refund, Paid, Event::Canceled),
            (Action::Cancel, payment_status) => (Canceled, payment_status, Event::Canceled),
        };
        Some((Self { status, payment_status }, event))
    }

    /// The state after a carrier's decision and what a history row calls it; `None` when the decision conflicts.
    ///
    /// Tickets without a seat cannot be decided on: only the partner, who has the passenger, takes a seat again. Paid
    /// ones are not rejected: only canceling gives the money back. Confirming leaves the payment as it is and ends the
    /// wait for it.
    #[must_use]
    pub fn decided(self, decision: Decision) -> Option<(Self, Event)> {
        use PaymentStatus::{Booked, Prepaid, Unpaid};
        use TicketStatus::{Confirmed, NotConfirmed, Processing};
        let (status, payment_status, event) = match (decision, self.status, self.payment_status) {
            (Decision::Confirm, Processing, payment_status) => (Confirmed, payment_status, Event::Confirmed),
            (Decision::Reject, Processing | Confirmed, payment_status @ (Unpaid | Booked | Prepaid)) => {
                (NotConfirmed, payment_status, Event::Rejected)
            }
            (Decision::Prepaid, Processing | Confirmed, Unpaid | Booked) => (Confirmed, Prepaid, Event::Prepaid),
            _ => return None,
        };
        Some((Self { status, payment_status }, event))
    }

    /// Every state that a ticket can get into.
    #[must_use]
    pub fn reachable() -> Vec<Self> {
        let lapsed = Self {
            status: TicketStatus::Uncompleted,
            ..Self::NEW
        };
        let mut known = vec![Self::NEW, lapsed];
        let mut next = 0;
        while let Some(state) = known.get(next).copied() {
            next += 1;
            let actions = [Action::Pay, Action::Book, Action::Cancel].map(|action| state.after(action));
            let decisions = [Decision::Confirm, Decision::Reject, Decision::Prepaid];
            let decisions = decisions.map(|decision| state.decided(decision));
            for (state, _) in actions.into_iter().chain(decisions).flatten() {
                if !known.contains(&state) {
                    known.push(state);
                }
            }
        }
        known
    }

    /// Every line of history that may follow another one: the state before it, the event, and the state after it. A
    /// move and a ticket that is sent again leave the state as it is.
    #[must_use]
    pub fn steps() -> Vec<(Self, Event, Self)> {
        let lapsed = Self {
            status: TicketStatus::Uncompleted,
            ..Self::NEW
        };
        let mut steps = vec![(Self::NEW, Event::Uncompleted, lapsed)];
        for before in Self::reachable() {
            let actions = [Action::Pay, Action::Book, Action::Cancel].map(|action| before.after(action));
            let decisions = [Decision::Confirm, Decision::Reject, Decision::Prepaid];
            let decisions = decisions.map(|decision| before.decided(decision));
            let unchanged = [Event::Moved, Event::Resent].map(|event| Some((before, event)));
            for (after, event) in actions.into_iter().chain(decisions).chain(unchanged).flatten() {
                steps.push((before, event, after));
            }
        }
        steps
    }

    /// Whether a ticket in this state keeps a seat.
    #[must_use]
    pub fn holds_seat(self) -> bool {
        matches!(self.status, TicketStatus::Processing | TicketStatus::Confirmed)
    }
}

/// A state as it is stored, possibly only of tickets before, or only after, their deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// As stored.
    pub state: State,
    /// Whether their time must be over; `None` where that makes no difference.
    pub overdue: Option<bool>,
}

/// How tickets with this displayed status are stored, whether or not a sweep has run: what a search for them looks for.
/// `None` is any word.
#[must_use]
pub fn stored(status: Option<TicketStatus>, payment_status: Option<PaymentStatus>) -> Vec<Stored> {
    let states = TicketStatus::ALL.iter().flat_map(|status| {
        let state = |payment_status: &PaymentStatus| State {
            status: *status,
            payment_status: *payment_status,
        };
        PaymentStatus::ALL.iter().map(state)
    });
    states
        .filter(|state| payment_status.is_none_or(|wanted| state.payment_status == wanted))
        .filter_map(|state| {
            let overdue = match (status, state == State::NEW) {
                (Some(TicketStatus::Uncompleted), true) => Some(true),
                (Some(TicketStatus::Processing), true) => Some(false),
                (Some(wanted), _) if wanted != state.status => return None,
                _ => None,
            };
            Some(Stored { state, overdue })
        })
        .collect()
}

#[cfg(test)]
#[path = "ticket_tests.rs"]
mod tests;
