//! The delivery status of the messages to the passengers of a booking, as responses show it.

use domain::id::TicketId;
use domain::notification::Channel;
use domain::notification::delivery::{self, DeliveryReason, DeliveryState};
use domain::ticket::Event;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word};

/// Messages about the tickets of a booking.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Deliveries {
    /// One item per event and channel, sorted by order and then by time. The latest 20 events of each order.
    #[schemars(length(max = 2000))]
    pub deliveries: Vec<Delivery>,
}

/// A message to the passenger about an event, or the reason why there is none on this channel.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Id of the ticket.
    pub order_id: Id<TicketId>,
    /// Event that the message is about.
    pub event: Word<Event>,
    /// Channel of the message.
    pub channel: Word<Channel>,
    /// State of the message.
    pub state: Word<DeliveryState>,
    /// When the mail server or the messenger accepted the message; null unless `state` is `Sent`.
    #[schemars(example = serde_json::Value::Null)]
    pub at: Option<Instant>,
    /// Why the message has not been sent, for programs; null if it was sent or there is no reason yet.
    pub code: Option<Word<DeliveryReason>>,
    /// Why the message has not been sent, in English, for people to read; null if it was sent or there is no reason yet.
    #[schemars(example = &"The passenger has no e-mail address.")]
    pub reason: Option<String>,
}

impl Delivery {
    /// A message, or the reason why there is none.
    #[must_use]
    pub fn new(delivery: delivery::Delivery) -> Self {
        let (code, reason) = delivery.reason.map(|reason| (Word(reason.code), reason.text)).unzip();
        Self {
            order_id: Id(delivery.ticket_id),
            event: Word(delivery.event),
            channel: Word(delivery.channel),
            state: Word(delivery.state),
            at: delivery.at.map(Instant),
            code,
            reason,
        }
    }
}
