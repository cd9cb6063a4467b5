//! Sends one mail.

use common::app::notification;
use common::id::NotificationId;
use common::jobs::Outcome;

use super::Handlers;

/// Sends the message; a repeat is recognised by its id.
pub async fn run(handlers: &Handlers, notification_id: NotificationId) -> Outcome {
    let Some(mailer) = &handlers.mailer else {
        return super::misdirected();
    };
    super::outcome(notification::send_email(&handlers.pool, mailer.as_ref(), &handlers.clock, notification_id).await)
}
