//! Responses of the operations of `/rest`: the offers and tickets of `/v2` in other envelopes.

use app::order::Ordered;
use schemars::JsonSchema;
use serde::Serialize;

use crate::distribution::booking::wire::Ticket;
use crate::distribution::offer::wire::{Offer, Source};

/// Offers that a search found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfferResults {
    /// Source of the seats.
    pub source: Source,
    /// Offers, sorted by departure time in ascending order.
    #[schemars(length(max = 500))]
    pub results: Vec<Offer>,
}

/// A page of orders.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TicketList {
    /// Orders, newest first.
    #[schemars(length(max = 100))]
    pub orders: Vec<Ticket>,
    /// Total number of orders, regardless of `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// A single order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneTicket {
    /// The order in its current state.
    pub order: Ticket,
}

/// Orders without an envelope: the requested ones, or one for each passenger.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Tickets(#[schemars(length(max = 100))] pub Vec<Ticket>);

/// Orders as tickets.
#[must_use]
pub fn tickets(orders: &[Ordered]) -> Vec<Ticket> {
    orders
        .iter()
        .map(|order| Ticket::new(&order.ticket, order.language))
        .collect()
}
