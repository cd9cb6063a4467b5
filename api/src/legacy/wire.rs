//! Responses of the operations of `/rest`: the offers and tickets of `/v2` in other envelopes; tickets lack the fields
//! that were added later.

use app::ticket::PartnerTicket;
use domain::id::{BookingId, TicketId};
use domain::ticket::{PaymentStatus, TicketStatus};
use schemars::JsonSchema;
use serde::Serialize;

use crate::distribution::booking::wire::{Discount, Passenger, Ticket};
use crate::distribution::offer::wire::{Offer, Price, Source};
use crate::distribution::slice::Slice;
use crate::wire::value::{Amount, Id, WallClock, Word};

/// Offers that a search found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfferResults {
    /// Source of the seats.
    pub source: Source,
    /// Offers, sorted by departure time in ascending order.
    #[schemars(length(max = 500))]
    pub results: Vec<Offer>,
}

/// An order: a ticket for one passenger on one seat.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LegacyTicket {
    /// Opaque id. Requests call it the order id.
    #[schemars(example = &"ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub id: Id<TicketId>,
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

impl LegacyTicket {
    fn new(ticket: Ticket) -> Self {
        Self {
            id: ticket.id,
            booking_id: ticket.booking_id,
            note: ticket.note,
            status: ticket.status,
            payment_status: ticket.payment_status,
            departure_date: ticket.departure_date,
            source: ticket.source,
            refund_amount: ticket.refund_amount,
            passenger: ticket.passenger,
            price: ticket.price,
            discount: ticket.discount,
            slices: ticket.slices,
        }
    }
}

/// A page of orders.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TicketList {
    /// Orders, newest first.
    #[schemars(length(max = 100))]
    pub orders: Vec<LegacyTicket>,
    /// Total number of orders, regardless of `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// A single order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneTicket {
    /// The order in its current state.
    pub order: LegacyTicket,
}

/// Orders without an envelope: the requested ones, or one for each passenger.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Tickets(#[schemars(length(max = 100))] pub Vec<LegacyTicket>);

/// Orders as tickets.
#[must_use]
pub fn tickets(orders: &[PartnerTicket]) -> Vec<LegacyTicket> {
    orders
        .iter()
        .map(|order| LegacyTicket::new(Ticket::new(&order.ticket, order.language)))
        .collect()
}
