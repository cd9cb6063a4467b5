//! What booking operations answer with.

use chrono::{DateTime, NaiveDate, Utc};
use common::app::booking::RefundAmount;
use common::domain::booking::{self, BookingStatus};
use common::domain::discount::{self, DiscountRule};
use common::domain::language::{Language, Messenger};
use common::domain::order::{PaymentStatus, TicketStatus};
use common::id::{BookingId, DiscountId, PassengerId, PhoneId, RefundRuleId, TicketId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::distribution::offer::wire::{Price, Source};
use crate::distribution::slice::Slice;
use crate::wire::value::{Amount, Id, Instant, WallClock, Word};

/// One booking.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneBooking {
    /// The booking as it is now.
    pub booking: Booking,
}

/// A booking that was made.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CreatedBooking {
    /// The booking.
    pub booking: Booking,
    /// What the partner should know of it; left out when there is nothing.
    #[schemars(length(max = 10))]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// Something about a passenger that does not keep the booking from being made.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// What it is.
    pub code: WarningCode,
    /// About whom.
    pub passenger_id: Id<PassengerId>,
    /// A sentence for people.
    #[schemars(example = &"No message reaches this passenger: there is no e-mail address and no phone with Viber")]
    pub message: &'static str,
}

/// What a warning is about.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningCode {
    /// Neither mail nor Viber reaches the passenger: tickets and changes have to be told by the partner.
    PassengerUnreachable,
}

impl CreatedBooking {
    /// A booking as it is at `now`, just made.
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
    /// Newest first.
    #[schemars(length(max = 50))]
    pub bookings: Vec<Booking>,
    /// How many bookings there are without `take` and `skip`.
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
    /// When it was made.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub created_at: Instant,
    /// When anything of it last changed.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub updated_at: Instant,
    /// Instant of boarding, UTC.
    pub departure_date: Instant,
    /// Where it stands.
    pub status: Word<BookingStatus>,
    /// By when it has to be booked or paid; null when nothing is open.
    #[schemars(example = &"2026-06-01T12:20:00.000Z")]
    pub booking_required_by: Option<Instant>,
    /// By when it has to be paid; null when nothing is open.
    #[schemars(example = &"2026-06-01T12:20:00.000Z")]
    pub payment_required_by: Option<Instant>,
    /// One per passenger.
    #[schemars(length(max = 50))]
    pub tickets: Vec<Ticket>,
}

impl Booking {
    /// A booking as it reads at `now`.
    #[must_use]
    pub fn new(booking: &booking::Booking, now: DateTime<Utc>) -> Self {
        // One instant: a booking is to be paid or booked by the same deadline.
        let required_by = booking.payment_required_by().map(Instant);
        Self {
            id: Id(booking.id),
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

/// An order: one passenger, one seat.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    /// Opaque id, called order id in requests.
    #[schemars(example = &"ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub id: Id<TicketId>,
    /// The booking that it belongs to now.
    pub booking_id: Id<BookingId>,
    /// What the partner noted.
    #[schemars(example = &"Window seat, please")]
    pub note: Option<String>,
    /// Where it stands.
    pub status: Word<TicketStatus>,
    /// What was paid.
    pub payment_status: Word<PaymentStatus>,
    /// Local wall clock of boarding, printed with `Z`.
    pub departure_date: WallClock,
    /// Whose seat it is.
    pub source: Source,
    /// What came back; null unless it was canceled after payment.
    #[schemars(example = serde_json::Value::Null)]
    pub refund_amount: Option<Amount>,
    /// Who travels.
    pub passenger: Passenger,
    /// What this passenger pays, after the discount.
    pub price: Price,
    /// What was taken off.
    pub discount: Option<Discount>,
    /// The stretch.
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

/// Who travels.
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
    /// Where the ticket is sent.
    #[schemars(example = &"olena@example.com")]
    pub email: Option<String>,
    /// How to reach the passenger.
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

/// A phone of a passenger.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Phone {
    /// Opaque id.
    pub id: Id<PhoneId>,
    /// E.164.
    #[schemars(example = &"+380671234567")]
    pub phone: String,
    /// What it can be reached through besides calls.
    #[schemars(length(max = 3))]
    pub messengers: Vec<Word<Messenger>>,
}

/// A discount of the company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Discount {
    /// Opaque id.
    pub id: Id<DiscountId>,
    /// What it is called.
    #[schemars(example = &"Student")]
    pub name: String,
    /// How it is reckoned.
    pub rule: Word<DiscountRule>,
    /// Percent or sum.
    #[schemars(example = 10)]
    pub amount: Amount,
    /// First day of sale on which it applies; null is open.
    #[schemars(example = &"2026-01-01")]
    pub start_date: Option<NaiveDate>,
    /// Last day of sale on which it applies; null is open.
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

/// What would come back, per ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefundRules {
    /// One per ticket.
    #[schemars(length(max = 50))]
    pub refund_rules: Vec<OrderRefundRules>,
}

/// What would come back for a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderRefundRules {
    /// The ticket.
    pub order_id: Id<TicketId>,
    /// By hours descending.
    #[schemars(length(max = 100))]
    pub rules: Vec<RefundRule>,
}

impl OrderRefundRules {
    /// The tiers of one ticket.
    #[must_use]
    pub fn new(order_id: TicketId, amounts: Vec<RefundAmount>) -> Self {
        let rule = |amount: RefundAmount| RefundRule {
            id: Id(amount.id),
            hours: amount.hours,
            amount: Amount(amount.amount),
        };
        Self {
            order_id: Id(order_id),
            rules: amounts.into_iter().map(rule).collect(),
        }
    }
}

/// A refund tier.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RefundRule {
    /// Opaque id.
    pub id: Id<RefundRuleId>,
    /// At least so many hours before boarding.
    #[schemars(example = 24)]
    pub hours: i32,
    /// Money that comes back, in the ticket's currency.
    #[schemars(example = 625.25)]
    pub amount: Amount,
}
