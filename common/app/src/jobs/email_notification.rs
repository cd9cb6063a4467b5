//! Sends one mail to a passenger.
//!
//! Cause: an event of a ticket (created, paid, booked, canceled, uncompleted, confirmed, rejected, prepaid, moved), or
//! its message is sent again.

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use domain::id::NotificationId;
use ledger::{Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::outcome::sent::sent;
use super::{queue, terms};
use crate::metrics::{self, MessageChannel};
use crate::notification::send::{self, Mails};

/// Send one mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailNotification {
    /// The message to send.
    pub notification_id: NotificationId,
}

impl Job for EmailNotification {
    const KIND: &'static str = "email_notification";
    const QUEUE: Queue = queue::EMAIL;
    const TERMS: Terms = Terms {
        max_attempts: 10,
        timeout: TimeDelta::seconds(60),
        backoff: TimeDelta::seconds(5),
        hold_limit: terms::MESSAGE_HOLD_LIMIT,
        // Raised for messages that a passenger waits for.
        priority: Priority::Normal,
    };
    type Data = Mails;
}

/// Sends the message; a repeat is recognised by its id.
pub async fn run(job: EmailNotification, mails: Data<Mails>) -> Outcome {
    let attempt = send::send_email(&mails, job.notification_id).await;
    metrics::count_message(MessageChannel::Email, send::outcome(&attempt));
    sent(attempt)
}
