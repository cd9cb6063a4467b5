//! Orders, called tickets inside a booking: their statuses and what each action does to them (contract section 5).

use super::language::{UnknownWord, words};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

words! {
    /// Where a ticket stands.
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
    /// What was paid.
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
    /// What happened to a ticket: the action of a history row, and the event that a message tells of.
    Event, "created paid booked canceled uncompleted confirmed rejected prepaid moved" {
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
    }
}

/// How long an unpaid ticket keeps its seat.
pub const PAYMENT_WINDOW: TimeDelta = TimeDelta::minutes(20);

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

/// Where a ticket stands, in both respects.
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

    /// What the state reads as at `now`: unpaid for 20 minutes is Uncompleted, even when no sweep has come by.
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

    /// Whether a ticket in this state keeps a seat.
    #[must_use]
    pub fn holds_seat(self) -> bool {
        matches!(self.status, TicketStatus::Processing | TicketStatus::Confirmed)
    }
}

#[cfg(test)]
mod tests {
    use super::PaymentStatus::{Booked, Paid, Prepaid, Unpaid};
    use super::TicketStatus::{Canceled, Confirmed, NotConfirmed, Processing, Refund, Uncompleted};
    use super::{Action, PAYMENT_WINDOW, State};
    use chrono::{DateTime, TimeDelta};
    use rstest::rstest;

    const fn state(status: super::TicketStatus, payment_status: super::PaymentStatus) -> State {
        State { status, payment_status }
    }

    #[rstest]
    #[case(state(Processing, Unpaid), [Some((Confirmed, Paid)), Some((Confirmed, Booked)), Some((Canceled, Unpaid))])]
    #[case(state(Uncompleted, Unpaid), [Some((Confirmed, Paid)), Some((Confirmed, Booked)), Some((Canceled, Unpaid))])]
    #[case(state(Confirmed, Booked), [Some((Confirmed, Paid)), None, Some((Canceled, Booked))])]
    #[case(state(Confirmed, Prepaid), [Some((Confirmed, Paid)), Some((Confirmed, Booked)), Some((Canceled, Prepaid))])]
    #[case(state(Confirmed, Paid), [None, None, Some((Refund, Paid))])]
    #[case(state(Refund, Paid), [None, None, None])]
    #[case(state(Canceled, Unpaid), [None, None, None])]
    #[case(state(NotConfirmed, Unpaid), [Some((Confirmed, Paid)), Some((Confirmed, Booked)), Some((Canceled, Unpaid))])]
    fn follows_the_table_of_the_contract(
        #[case] before: State,
        #[case] expected: [Option<(super::TicketStatus, super::PaymentStatus)>; 3],
    ) {
        let after = [Action::Pay, Action::Book, Action::Cancel].map(|action| {
            before
                .after(action)
                .map(|(state, _)| (state.status, state.payment_status))
        });
        assert_eq!(after, expected);
    }

    #[test]
    fn reads_as_uncompleted_from_the_deadline_on() {
        let created = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let deadline = created + PAYMENT_WINDOW;
        assert_eq!(
            State::NEW.at(created, deadline - TimeDelta::milliseconds(1)).status,
            Processing
        );
        assert_eq!(State::NEW.at(created, deadline).status, Uncompleted);
        assert_eq!(state(Confirmed, Booked).at(created, deadline).status, Confirmed);
    }
}
