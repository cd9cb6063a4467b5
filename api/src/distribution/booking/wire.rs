//! Responses of the booking operations.

use chrono::{DateTime, NaiveDate, Utc};
use domain::booking::{self, BookingStatus};
use domain::discount::{self, DiscountRule};
use domain::id::{BookingId, DiscountId, PassengerId, PhoneId, TicketId};
use domain::language::{Language, Messenger};
use domain::ticket::{PaymentStatus, TicketStatus};
use schemars::JsonSchema;
use serde::Serialize;

use crate::distribution::offer::wire::{Price, Source};
use crate::distribution::slice::Slice;
use crate::wire::value::{Amount, Id, Instant, WallClock, Word};

mod refund_rule;

pub use refund_rule::{OrderRefundRules, RefundRules};

/// A single booking.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneBooking {
    /// The booking in its current state.
    pub booking: Booking,
}

/// A booking that was created.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CreatedBooking {
    /// The booking.
    pub booking: Booking,
    /// Warnings about the passengers. Omitted if there are none.
    #[schemars(length(max = 10))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// A warning about a passenger. It does not prevent the booking.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// Kind of warning.
    pub code: WarningCode,
    /// Passenger that the warning is about.
    pub passenger_id: Id<PassengerId>,
    /// Human-readable message.
    #[schemars(example = &"No message reaches this passenger: there is no e-mail address and no phone with Viber")]
    pub message: &'static str,
}

/// Kind of warning.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningCode {
    /// Neither e-mail nor Viber reaches the passenger. The partner must pass on tickets and changes.
    PassengerUnreachable,
}

impl CreatedBooking {
    /// A booking that was just created, in its state at `now`.
    #[must_use]
    pub fn new(booking: &booking::Booking, now: DateTime<Utc>) -> Self {
        let passengers = booking.tickets.iter().map(|ticket| &ticket.passenger);
        let unreachable = passengers.filter(|passenger| !passenger.is_reachable());
        Self {
            booking: Booking::new(booking, now),
            warnings: unreachable
                .map(|passenger| Warning {
                    code: WarningCode::PassengerUnreachable,
                    passenger_id: Id(passenger.id),
                    message: "No message reaches this passenger: there is no e-mail address and no phone with Viber",
                })
                .collect(),
        }
    }
}

/// A page of bookings.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BookingList {
    /// Bookings, newest first.
    #[schemars(length(max = 50))]
    pub bookings: Vec<Booking>,
    /// Total number of bookings, regardless of `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// Tickets that were bought together.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Booking {
    /// Opaque id.
    #[schemars(example = &"bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub id: Id<BookingId>,
    /// Short reference of the booking, easy to read aloud and type: seven letters and digits without look-alikes, the
    /// last of which is a check character.
    #[schemars(length(equal = 7), regex(pattern = "^[2-9AC-HJKMNP-TV-Z]{7}$"), example = &"K7M2QXC")]
    pub reference: String,
    /// When the booking was created.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub created_at: Instant,
    /// When the booking or anything in it last changed.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub updated_at: Instant,
    /// Time of boarding, in UTC.
    pub departure_date: Instant,
    /// Status of the booking.
    pub status: Word<BookingStatus>,
    /// Deadline to book or pay for the tickets; null if no ticket is waiting for booking or payment.
    #[schemars(example = &"2026-06-01T12:20:00.000Z")]
    pub booking_required_by: Option<Instant>,
    /// Deadline to pay for the tickets; null if no ticket is waiting for booking or payment.
    #[schemars(example = &"2026-06-01T12:20:00.000Z")]
    pub payment_required_by: Option<Instant>,
    /// One ticket per passenger.
    #[schemars(length(max = 50))]
    pub tickets: Vec<Ticket>,
}

impl Booking {
    /// A booking in its state at `now`.
    #[must_use]
    pub fn new(booking: &booking::Booking, now: DateTime<Utc>) -> Self {
        // One instant: a booking is to be paid or booked by the same deadline.
        let required_by = booking.payment_required_by().map(Instant);
        Self {
            id: Id(booking.id),
            reference: booking.reference.to_string(),
            created_at: Instant(booking.created_at),
            updated_at: Instant(booking.updated_at),
            departure_date: Instant(booking.departure_at),
            status: Word(booking.status(now)),
            booking_required_by: required_by,
            payment_required_by: required_by,
            tickets: booking
                .tickets
                .iter()
                .map(|ticket| Ticket::new(ticket, booking.language))
                .collect(),
        }
    }
}

/// An order: a ticket for one passenger on one seat.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    /// Opaque id. Requests call it the order id.
    #[schemars(example = &"ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub id: Id<TicketId>,
    /// Short reference of the ticket, in the format of the booking's reference.
    #[schemars(length(equal = 7), regex(pattern = "^[2-9AC-HJKMNP-TV-Z]{7}$"), example = &"H4TCVR4")]
    pub reference: String,
    /// Booking that the ticket currently belongs to.
    pub booking_id: Id<BookingId>,
    /// Note of the partner.
    #[schemars(example = &"Window seat, please")]
    pub note: Option<String>,
    /// Status of the ticket.
    pub status: Word<TicketStatus>,
    /// Payment status of the ticket.
    pub payment_status: Word<PaymentStatus>,
    /// Local time of boarding, written with a `Z` although it is not UTC.
    pub departure_date: WallClock,
    /// Source of the seat.
    pub source: Source,
    /// Refunded amount; null unless the ticket was canceled after payment.
    #[schemars(example = serde_json::Value::Null)]
    pub refund_amount: Option<Amount>,
    /// The passenger.
    pub passenger: Passenger,
    /// Price that this passenger pays, after the discount.
    pub price: Price,
    /// Discount that was applied.
    pub discount: Option<Discount>,
    /// Slices of the journey.
    #[schemars(length(max = 10))]
    pub slices: Vec<Slice>,
}

impl Ticket {
    /// A ticket with names in a language.
    #[must_use]
    pub fn new(ticket: &booking::Ticket, language: Language) -> Self {
        let slice = Slice::new(&ticket.journey, &ticket.permission, Some(ticket.seat), language);
        Self {
            id: Id(ticket.id),
            reference: ticket.reference.to_string(),
            booking_id: Id(ticket.booking_id),
            note: ticket.note.clone(),
            status: Word(ticket.state.status),
            payment_status: Word(ticket.state.payment_status),
            departure_date: slice.departure_date,
            source: Source::PrexSell,
            refund_amount: ticket.refund_amount.map(Amount),
            passenger: Passenger::new(&ticket.passenger),
            price: Price::new(ticket.price_id, ticket.price),
            discount: ticket.discount.as_ref().map(Discount::new),
            slices: vec![slice],
        }
    }
}

/// A passenger.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Passenger {
    /// Opaque id.
    pub id: Id<PassengerId>,
    /// Given name.
    #[schemars(example = &"Олена")]
    pub first_name: String,
    /// Family name.
    #[schemars(example = &"Коваленко")]
    pub last_name: String,
    /// E-mail address to which the ticket is sent.
    #[schemars(example = &"olena@example.com")]
    pub email: Option<String>,
    /// Phone numbers of the passenger.
    #[schemars(length(max = 5))]
    pub phones: Vec<Phone>,
}

impl Passenger {
    fn new(passenger: &booking::Passenger) -> Self {
        let phone = |phone: &booking::Phone| Phone {
            id: Id(phone.id),
            phone: phone.phone.clone(),
            messengers: phone.messengers.iter().copied().map(Word).collect(),
        };
        Self {
            id: Id(passenger.id),
            first_name: passenger.first_name.clone(),
            last_name: passenger.last_name.clone(),
            email: passenger.email.clone(),
            phones: passenger.phones.iter().map(phone).collect(),
        }
    }
}

/// A phone number of a passenger.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Phone {
    /// Opaque id.
    pub id: Id<PhoneId>,
    /// Phone number in E.164 format.
    #[schemars(example = &"+380671234567")]
    pub phone: String,
    /// Messengers that reach the number, besides calls.
    #[schemars(length(max = 3))]
    pub messengers: Vec<Word<Messenger>>,
}

/// A discount of the company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Discount {
    /// Opaque id.
    pub id: Id<DiscountId>,
    /// Name of the discount.
    #[schemars(example = &"Student")]
    pub name: String,
    /// How the discount is calculated.
    pub rule: Word<DiscountRule>,
    /// Percentage or fixed amount, depending on `rule`.
    #[schemars(example = 10)]
    pub amount: Amount,
    /// First day of sale on which the discount applies, in the time zone of the company; null if there is no first day.
    #[schemars(example = &"2026-01-01")]
    pub start_date: Option<NaiveDate>,
    /// Last day of sale on which the discount applies, in the time zone of the company; null if there is no last day.
    #[schemars(example = &"2026-12-31")]
    pub end_date: Option<NaiveDate>,
}

impl Discount {
    fn new(discount: &discount::Discount) -> Self {
        Self {
            id: Id(discount.id),
            name: discount.name.clone(),
            rule: Word(discount.rule),
            amount: Amount(discount.amount),
            start_date: discount.start_date,
            end_date: discount.end_date,
        }
    }
}
