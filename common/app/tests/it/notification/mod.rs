//! Messages to passengers: what they say, when they are recorded, how they travel.

mod announce;
mod mail;
mod mail_address;
mod mail_connection;
mod outage;
mod simulators;
mod texts;
mod ticket_file;
mod viber;
mod viber_texts;

use app::notification::{Announcement, announce};
use chrono::{DateTime, Utc};
use domain::id::NotificationId;
use domain::ticket::Event;
use ledger::Cause;
use testing::database::TestDb;
use testing::world::{Sale, SoldTicket, World};

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

/// The provider's reply that is kept with a notification.
async fn reply(db: &TestDb, id: NotificationId) -> Option<String> {
    sqlx::query_scalar("select reply from notifications where id = $1")
        .bind(id)
        .fetch_one(&db.pool)
        .await
        .unwrap()
}

/// From now on every record that a message was sent fails, in a way that counts (a sequence is not rolled back).
async fn refuse_to_record(db: &TestDb) {
    sqlx::raw_sql(
        "create sequence refusals;
         create function refuse() returns trigger language plpgsql as $$
         begin
             perform nextval('refusals');
             perform pg_terminate_backend(pg_backend_pid());
             return new;
         end $$;
         create trigger refuse before update on notifications for each row when (new.state = 'sent')
             execute function refuse();",
    )
    .execute(&db.pool)
    .await
    .unwrap();
}

/// How often that was tried.
async fn tries_to_record(db: &TestDb) -> i64 {
    // The connection may be one that was broken.
    let sql = "select case when is_called then last_value else 0 end from refusals";
    sqlx::query_scalar(sql).fetch_one(&db.pool).await.unwrap_or(0)
}

async fn record_again(db: &TestDb) {
    while sqlx::raw_sql("drop trigger refuse on notifications")
        .execute(&db.pool)
        .await
        .is_err()
    {}
}
