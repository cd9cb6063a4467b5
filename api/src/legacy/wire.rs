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
    pub results: Vec<Offer>,
}

/// A page of orders.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TicketList {
    /// Newest first.
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

/// Orders as tickets.
#[must_use]
pub fn tickets(orders: &[Ordered]) -> Vec<Ticket> {
    orders
        .iter()
        .map(|order| Ticket::new(&order.ticket, order.language))
        .collect()
}
