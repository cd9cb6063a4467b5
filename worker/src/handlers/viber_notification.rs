//! Sends one Viber message.

use common::app::notification;
use common::id::NotificationId;
use common::jobs::Outcome;

use super::Handlers;

/// Sends the message; a repeat is recognised by its id.
pub async fn run(handlers: &Handlers, notification_id: NotificationId) -> Outcome {
    let Some(viber) = &handlers.viber else {
        return super::misdirected();
    };
    super::outcome(notification::send_viber(&handlers.pool, viber.as_ref(), &handlers.clock, notification_id).await)
}
