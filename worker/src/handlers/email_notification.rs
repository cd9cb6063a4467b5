//! Sends one message by email.

use common::id::NotificationId;
use common::jobs::Outcome;

use super::Context;

/// Sends the message; a repeat is recognised by its id.
pub async fn run(context: &Context, notification_id: NotificationId) -> Outcome {
    let _ = (context, notification_id);
    Outcome::Fail("this release sends no email messages".to_owned())
}
