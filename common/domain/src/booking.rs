//! Bookings: what a partner bought in one request, and what is derived from its tickets (contract section 5).

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::company::Permission;
use super::discount::Discount;
use super::journey::Journey;
use super::language::{Language, Messenger, UnknownWord, words};
use super::notification::Channel;
use super::payment_window::PAYMENT_WINDOW;
use super::ticket::{State, TicketStatus};
use crate::id::{BookingId, CompanyId, PartnerId, PassengerId, PhoneId, PriceId, TicketId};
use crate::money::Money;
use crate::reference::Reference;

words! {
    /// Status of a booking, derived from its tickets and the boarding instant.
    BookingStatus, "Upcoming Boarding InTransit Completed Canceled" {
        /// More than eight hours to go.
        Upcoming = "Upcoming",
        /// Eight hours or less to go.
        Boarding = "Boarding",
        /// Left within the last 24 hours.
        InTransit = "InTransit",
        /// Left longer ago.
        Completed = "Completed",
        /// No ticket is left.
        Canceled = "Canceled",
    }
}

/// A phone of a passenger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Its id.
    pub id: PhoneId,
    /// E.164.
    pub phone: String,
    /// Where it can be messaged.
    pub messengers: Vec<Messenger>,
}

/// Who travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passenger {
    /// Its id.
    pub id: PassengerId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// In the order they were given.
    pub phones: Vec<Phone>,
}

impl Passenger {
    /// The channels on which messages reach them: mail, and Viber on one of their phones. Other messengers are stored
    /// but not used.
    pub fn channels(&self) -> impl Iterator<Item = Channel> + use<> {
        let mail = self.email.as_ref().is_some_and(|email| !email.is_empty());
        let viber = |phone: &Phone| phone.messengers.contains(&Messenger::Viber);
        let viber = self.phones.iter().any(viber);
        [(mail, Channel::Email), (viber, Channel::Viber)]
            .into_iter()
            .filter_map(|(wanted, channel)| wanted.then_some(channel))
    }

    /// Whether messages can reach them.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        self.channels().next().is_some()
    }
}

/// A ticket, called order on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Its reference.
    pub reference: Reference,
    /// The booking it is in now.
    pub booking_id: BookingId,
    /// The company that sells it.
    pub company_id: CompanyId,
    /// Its state at the time it was loaded.
    pub state: State,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Refunded amount, in the currency of the price.
    pub refund_amount: Option<Decimal>,
    /// A remark of the partner.
    pub note: Option<String>,
    /// Its passenger.
    pub passenger: Passenger,
    /// Id of the price.
    pub price_id: PriceId,
    /// What the passenger pays, after the discount.
    pub price: Money,
    /// The discount that was given.
    pub discount: Option<Discount>,
    /// Seat number.
    pub seat: u16,
    /// The partner's permissions with the company.
    pub permission: Permission,
    /// The journey that was bought.
    pub journey: Arc<Journey>,
}

impl Ticket {
    /// Whether it still waits for payment.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == State::NEW
    }
}

/// A partner, as seen by the companies whose seats it sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seller {
    /// Its id.
    pub id: PartnerId,
    /// Its unique name.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// A ticket, as seen by the company whose bus it is on.
#[derive(Debug, Clone, PartialEq)]
pub struct CompanyTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// The partner that sold it.
    pub partner: Seller,
    /// Prepaid amount, in the currency of the price.
    pub prepaid: Decimal,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A booking with its tickets.
#[derive(Debug, Clone, PartialEq)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// Its reference.
    pub reference: Reference,
    /// Language of its messages and names.
    pub language: Language,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// Boarding instant.
    pub departure_at: DateTime<Utc>,
    /// Its tickets, at least one, oldest first.
    pub tickets: Vec<Ticket>,
}

impl Booking {
    /// Its status at `now`.
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>) -> BookingStatus {
        let gone = |ticket: &Ticket| matches!(ticket.state.status, TicketStatus::Canceled | TicketStatus::Refund);
        if self.tickets.iter().all(gone) {
            return BookingStatus::Canceled;
        }
        phase(self.departure_at, now)
    }

    /// Until when the first open ticket must be paid or booked; `None` when none is open.
    #[must_use]
    pub fn payment_required_by(&self) -> Option<DateTime<Utc>> {
        let open = self.tickets.iter().filter(|ticket| ticket.is_open());
        open.map(|ticket| ticket.created_at)
            .min()
            .map(|created_at| created_at + PAYMENT_WINDOW)
    }
}

fn phase(departure_at: DateTime<Utc>, now: DateTime<Utc>) -> BookingStatus {
    if now < departure_at - TimeDelta::hours(8) {
        BookingStatus::Upcoming
    } else if now < departure_at {
        BookingStatus::Boarding
    } else if now < departure_at + TimeDelta::hours(24) {
        BookingStatus::InTransit
    } else {
        BookingStatus::Completed
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use rstest::rstest;

    use super::BookingStatus::{self, Boarding, Completed, InTransit, Upcoming};

    #[rstest]
    #[case(-8 * 60 - 1, Upcoming)]
    #[case(-8 * 60, Boarding)]
    #[case(-1, Boarding)]
    #[case(0, InTransit)]
    #[case(24 * 60 - 1, InTransit)]
    #[case(24 * 60, Completed)]
    fn the_phase_follows_the_boarding_instant(#[case] minutes: i64, #[case] expected: BookingStatus) {
        let departure_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        assert_eq!(
            super::phase(departure_at, departure_at + TimeDelta::minutes(minutes)),
            expected
        );
    }
}
