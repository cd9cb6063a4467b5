//! Response bodies of the operations on orders.

use app::ticket::company::{Entry, Record};
use domain::booking;
use domain::id::{PartnerId, UserId};
use domain::language::Language;
use domain::ticket::{Event, PaymentStatus, TicketStatus};
use schemars::JsonSchema;
use serde::Serialize;

use crate::distribution::booking::delivery::Delivery;
use crate::distribution::booking::wire::Ticket;
use crate::wire::value::{Amount, Id, Instant, Word};

/// A page of orders.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OrderList {
    /// Newest first.
    #[schemars(length(max = 100))]
    pub orders: Vec<Order>,
    /// Total number of orders, regardless of `take` and `skip`.
    #[schemars(example = 1204)]
    pub total: usize,
}

/// A single order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneOrder {
    /// The order in its current state.
    pub order: OrderWithHistory,
}

impl OneOrder {
    /// An order with what is recorded about it.
    #[must_use]
    pub fn new(record: Record, language: Language) -> Self {
        Self {
            order: OrderWithHistory {
                order: Order::new(&record.ticket, language),
                history: record.history.into_iter().map(HistoryEntry::new).collect(),
                deliveries: record.deliveries.into_iter().map(Delivery::new).collect(),
            },
        }
    }
}

/// An order on a bus of the company: the ticket as its partner sees it, and the partner.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The ticket as its partner sees it.
    #[serde(flatten)]
    pub ticket: Ticket,
    /// The partner that sold the order.
    pub partner: Partner,
    /// Prepaid amount, in the currency of the price.
    #[schemars(example = 0)]
    pub prepaid: Amount,
    /// When the order was created.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub created_at: Instant,
    /// When the order last changed.
    #[schemars(example = &"2026-06-01T12:05:00.000Z")]
    pub updated_at: Instant,
}

impl Order {
    /// An order with names in a language.
    #[must_use]
    pub fn new(order: &booking::CompanyTicket, language: Language) -> Self {
        Self {
            ticket: Ticket::new(&order.ticket, language),
            partner: Partner::new(&order.partner),
            prepaid: Amount(order.prepaid),
            created_at: Instant(order.ticket.created_at),
            updated_at: Instant(order.updated_at),
        }
    }
}

/// An order with its history and the messages about it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OrderWithHistory {
    /// The order.
    #[serde(flatten)]
    pub order: Order,
    /// The latest 500 entries, oldest first.
    #[schemars(length(max = 500))]
    pub history: Vec<HistoryEntry>,
    /// Delivery status of the messages to the passenger: one item per event and channel, oldest first. The latest 100
    /// events.
    #[schemars(length(max = 200))]
    pub deliveries: Vec<Delivery>,
}

/// An entry in the history of an order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistoryEntry {
    /// When it happened.
    #[schemars(example = &"2026-06-01T12:05:00.000Z")]
    pub at: Instant,
    /// What happened.
    pub action: Word<Event>,
    /// Status of the order afterwards.
    pub status: Word<TicketStatus>,
    /// Payment status of the order afterwards.
    pub payment_status: Word<PaymentStatus>,
    /// Id of the partner or the user who did it, or `system`.
    #[schemars(example = &"usr_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub actor: String,
    /// Who did it, by name.
    pub by: Author,
    /// `x-request-id` of the request that caused it.
    #[schemars(example = &"0198c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub request_id: Option<String>,
    /// Reason that the user gave.
    #[schemars(example = &"The passenger asked for it")]
    pub reason: Option<String>,
}

impl HistoryEntry {
    fn new(entry: Entry) -> Self {
        let kind = match entry.actor.split_once('_') {
            Some((UserId::PREFIX, _)) => AuthorKind::Person,
            Some((PartnerId::PREFIX, _)) => AuthorKind::Partner,
            _ => AuthorKind::System,
        };
        Self {
            by: Author {
                kind,
                name: entry.actor_name,
            },
            at: Instant(entry.at),
            action: Word(entry.event),
            status: Word(entry.state.status),
            payment_status: Word(entry.state.payment_status),
            actor: entry.actor,
            request_id: entry.request_id,
            reason: entry.reason,
        }
    }
}

/// Author of a change of an order.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "HistoryAuthor")]
pub struct Author {
    /// Kind of author.
    pub kind: AuthorKind,
    /// Name of the person or the partner; null if it was the platform itself.
    #[schemars(example = &"Олена Коваль")]
    pub name: Option<String>,
}

/// Kind of author of an entry in the history.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[schemars(rename = "HistoryAuthorKind")]
pub enum AuthorKind {
    /// A user of the company.
    Person,
    /// The partner that sold the order.
    Partner,
    /// The platform itself.
    System,
}

/// A partner, as companies see it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Partner {
    /// Opaque id.
    pub id: Id<PartnerId>,
    /// Unique name of the partner.
    #[schemars(example = &"bus-tickets")]
    pub slug: String,
    /// Name of the partner.
    #[schemars(example = &"Bus Tickets")]
    pub name: String,
}

impl Partner {
    /// A partner.
    #[must_use]
    pub fn new(partner: &booking::Seller) -> Self {
        Self {
            id: Id(partner.id),
            slug: partner.slug.clone(),
            name: partner.name.clone(),
        }
    }
}
