//! Sends one Viber message to a passenger.
//!
//! Cause: the same as that of a mail, if the phone number of the passenger lists Viber.

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use domain::id::NotificationId;
use ledger::{Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::outcome::sent::sent;
use super::{queue, terms};
use crate::metrics::{self, MessageChannel};
use crate::notification::send::{self, ViberMessages};

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
        hold_limit: terms::MESSAGE_HOLD_LIMIT,
        // Raised for messages that a passenger waits for.
        priority: Priority::Normal,
    };
    type Data = ViberMessages;
}

/// Sends the message; a repeat is recognised by its id.
pub async fn run(job: ViberNotification, messages: Data<ViberMessages>) -> Outcome {
    let attempt = send::send_viber(&messages, job.notification_id).await;
    metrics::count_message(MessageChannel::Viber, send::outcome(&attempt));
    sent(attempt)
}
