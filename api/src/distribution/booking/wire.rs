//! What booking operations answer with.

use chrono::NaiveDate;
use common::domain::language::Messenger;
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

/// A page of bookings.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BookingList {
    /// Newest first.
    pub bookings: Vec<Booking>,
    /// How many bookings there are without `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// Where a booking stands; derived from its tickets and the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub enum BookingStatus {
    /// More than 8 hours before boarding.
    Upcoming,
    /// Less than 8 hours before boarding.
    Boarding,
    /// Within 24 hours of boarding.
    InTransit,
    /// More than 24 hours after boarding.
    Completed,
    /// No ticket is left.
    Canceled,
}

/// Tickets that were bought together.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Booking {
    /// Opaque id.
    #[schemars(example = &"bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub id: Id<BookingId>,
    /// When it was made.
    pub created_at: Instant,
    /// When anything of it last changed.
    pub updated_at: Instant,
    /// Instant of boarding, UTC.
    pub departure_date: Instant,
    /// Where it stands.
    pub status: BookingStatus,
    /// By when it has to be booked or paid; null when nothing is open.
    pub booking_required_by: Option<Instant>,
    /// By when it has to be paid; null when nothing is open.
    pub payment_required_by: Option<Instant>,
    /// One per passenger.
    pub tickets: Vec<Ticket>,
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
    pub refund_amount: Option<Amount>,
    /// Who travels.
    pub passenger: Passenger,
    /// What this passenger pays, after the discount.
    pub price: Price,
    /// What was taken off.
    pub discount: Option<Discount>,
    /// The stretch.
    pub slices: Vec<Slice>,
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
    pub phones: Vec<Phone>,
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
    pub messengers: Vec<Word<Messenger>>,
}

/// How a discount is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub enum DiscountRule {
    /// A part of the price.
    Percent,
    /// A sum.
    Fixed,
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
    pub rule: DiscountRule,
    /// Percent or sum.
    pub amount: Amount,
    /// First day of sale on which it applies; null is open.
    pub start_date: Option<NaiveDate>,
    /// Last day of sale on which it applies; null is open.
    pub end_date: Option<NaiveDate>,
}

/// What would come back, per ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefundRules {
    /// One per ticket.
    pub refund_rules: Vec<OrderRefundRules>,
}

/// What would come back for a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderRefundRules {
    /// The ticket.
    pub order_id: Id<TicketId>,
    /// By hours descending.
    pub rules: Vec<RefundRule>,
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
    pub amount: Amount,
}
