//! Sends one Viber message to a passenger.

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use domain::id::NotificationId;
use ledger::{Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::queue;
use crate::metrics::{self, MessageChannel};
use crate::notification::{self, ViberMessages};

/// Send one Viber message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViberNotification {
    /// The message to send.
    pub notification_id: NotificationId,
}

impl Job for ViberNotification {
    const KIND: &'static str = "viber_notification";
    const QUEUE: Queue = queue::VIBER;
    const TERMS: Terms = Terms {
        max_attempts: 8,
        timeout: TimeDelta::seconds(30),
        backoff: TimeDelta::seconds(5),
        hold_limit: super::MESSAGE_HOLD_LIMIT,
        // Raised for messages that a passenger waits for.
        priority: Priority::Normal,
    };
    type Data = ViberMessages;
}

/// Sends the message; a repeat is recognised by its id.
pub async fn run(job: ViberNotification, messages: Data<ViberMessages>) -> Outcome {
    let sent = notification::send_viber(&messages, job.notification_id).await;
    metrics::count_message(MessageChannel::Viber, notification::outcome(&sent));
    super::sent(sent)
}
