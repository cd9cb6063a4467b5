//! What operations of `/rest` answer with: the offers and tickets of `/v2`, otherwise wrapped.

use common::app::order::Ordered;
use schemars::JsonSchema;
use serde::Serialize;

use crate::distribution::booking::wire::Ticket;
use crate::distribution::offer::wire::{Offer, Source};

/// Offers of one search.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfferResults {
    /// Whose seats they are.
    pub source: Source,
    /// By departure time ascending.
    #[schemars(length(max = 500))]
    pub results: Vec<Offer>,
}

/// A page of orders.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TicketList {
    /// Newest first.
    #[schemars(length(max = 100))]
    pub orders: Vec<Ticket>,
    /// How many orders there are without `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// One order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneTicket {
    /// The order as it is now.
    pub order: Ticket,
}

/// Orders without an envelope: those that were named, or one for each passenger.
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
