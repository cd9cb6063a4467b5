//! Orders, called tickets inside a booking: their statuses and what each action does to them (contract section 5).

use super::language::{UnknownWord, words};
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
