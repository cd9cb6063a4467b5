//! Messages to passengers: what they say, when they are recorded, how they travel.

#![expect(clippy::unwrap_used, reason = "a test ends where its world breaks")]

mod announce;
mod mail;
mod simulators;
mod texts;
mod viber;

use chrono::{DateTime, Utc};
use common::app::notification::{Announcement, announce};
use common::domain::order::Event;
use common::id::NotificationId;
use common::jobs::Cause;
use common::testing::database::TestDb;
use common::testing::world::{Sale, SoldTicket, World};

/// When everything in these tests happens.
fn now() -> DateTime<Utc> {
    "2026-11-14T12:15:00Z".parse().unwrap()
}

/// A ticket that was sold, and an event of it that was announced.
async fn announced(db: &TestDb, sale: &Sale, event: Event) -> SoldTicket {
    let mut conn = db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, now()).await;
    let ticket = world.sell(sale).await;
    let history_id = world.history(ticket.id, event).await;
    let announcement = Announcement {
        ticket_id: ticket.id,
        history_id,
        event,
    };
    announce(&mut conn, now(), &Cause::default(), &[announcement])
        .await
        .unwrap();
    ticket
}

/// The one notification of a channel.
async fn notification(db: &TestDb, channel: &str) -> NotificationId {
    sqlx::query_scalar("select id from notifications where channel = $1")
        .bind(channel)
        .fetch_one(&db.pool)
        .await
        .unwrap()
}

/// State, attempts and last error of a notification.
async fn state(db: &TestDb, id: NotificationId) -> (String, i16, Option<String>) {
    sqlx::query_as("select state, attempts, last_error from notifications where id = $1")
        .bind(id)
        .fetch_one(&db.pool)
        .await
        .unwrap()
}
