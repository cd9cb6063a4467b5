//! What tests of messages have in common.

use app::notification::{Announcement, announce};
use chrono::{DateTime, Utc};
use domain::id::TicketId;
use domain::ticket::Event;
use ledger::Cause;
use sqlx::PgConnection;
use testing::world::{Sale, World};

/// Sells a ticket and announces it, so that its messages are due.
pub async fn announced_ticket(conn: &mut PgConnection, now: DateTime<Utc>) -> TicketId {
    let mut world = World::new(&mut *conn, now).await;
    let ticket_id = world.sell(&Sale::default()).await.id;
    let history_id = world.history(ticket_id, Event::Created).await;
    let announcement = Announcement {
        ticket_id,
        history_id,
        event: Event::Created,
    };
    announce(conn, now, &Cause::default(), &[announcement]).await.unwrap();
    ticket_id
}
