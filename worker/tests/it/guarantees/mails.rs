//! A mail that the server has accepted is not sent again, even if the database fails.

use std::process::Stdio;
use std::time::Duration;

use app::notification::{Announcement, announce};
use domain::ticket::Event;
use kernel::clock::Clock;
use ledger::Cause;
use simulators::smtp::MailSimulator;
use tempfile::TempDir;
use testing::eventually::eventually;
use testing::world::{Sale, World};
use tokio::process::{Child, Command};

use crate::guarantees::proxy::{Proxy, Way};
use crate::guarantees::support::{SOON, Stage};

const MAILS: i64 = 24;
const SENT: &str = "select count(*) from notifications where state = 'sent'";

/// Writes a number of mails, all about one ticket.
async fn announce_events(stage: &Stage) {
    let now = Clock::system().now();
    let mut conn = stage.db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, now).await;
    let sale = Sale {
        phones: Vec::new(),
        ..Sale::default()
    };
    let ticket_id = world.sell(&sale).await.id;
    let event = Event::Created;
    let mut new = Vec::new();
    for _ in 0..MAILS {
        let history_id = world.history(ticket_id, event).await;
        new.push(Announcement {
            ticket_id,
            history_id,
            event,
        });
    }
    announce(&mut conn, now, &Cause::default(), &new).await.unwrap();
}

fn email_worker(stage: &Stage, database_url: &str, server: &MailSimulator) -> Child {
    Command::new(env!("CARGO_BIN_EXE_email_worker"))
        .env_clear()
        .env("DATABASE_URL", database_url)
        .env("REDIS_URL", stage.redis.url())
        .env("SMTP_URL", format!("smtp://{}", server.address()))
        .env("MAIL_FROM", "Tickets <tickets@example.com>")
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn start_server(folder: &TempDir) -> MailSimulator {
    MailSimulator::start(([127, 0, 0, 1], 0).into(), folder.path())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_pause_of_the_database_doubles_no_mail() {
    let stage = Stage::new().await;
    announce_events(&stage).await;
    let (folder, proxy) = (TempDir::new().unwrap(), Proxy::start(&stage.db.url).await);
    let server = start_server(&folder).await;
    let _scheduler = stage.scheduler_over(&proxy.url).await;
    let _worker = email_worker(&stage, &proxy.url, &server);
    eventually("a mail", SOON, async || (server.received() > 0).then_some(())).await;
    proxy.set(Way::Frozen);
    // The pause is what is tested here.
    tokio::time::sleep(Duration::from_secs(7)).await;
    proxy.set(Way::Open);
    stage.until(SOON, SENT, MAILS).await;
    assert_eq!(server.received(), u64::try_from(MAILS).unwrap());
}

/// Each attempt to record an accepted mail loses its connection, until all slots hold such mails.
#[tokio::test]
async fn a_refusal_to_record_doubles_no_mail() {
    let stage = Stage::new().await;
    announce_events(&stage).await;
    sqlx::raw_sql(
        "create function refuse() returns trigger language plpgsql as $$
         begin
             perform pg_terminate_backend(pg_backend_pid());
             return new;
         end $$;
         create trigger refuse before update on notifications for each row when (new.state = 'sent')
             execute function refuse();",
    )
    .execute(&stage.db.pool)
    .await
    .unwrap();
    let folder = TempDir::new().unwrap();
    let server = start_server(&folder).await;
    let _scheduler = stage.scheduler().await;
    let _worker = email_worker(&stage, &stage.db.url, &server);
    // All slots hold a mail that the server has accepted and that cannot be recorded.
    eventually("mails", SOON, async || (server.received() >= 16).then_some(())).await;
    sqlx::raw_sql("drop trigger refuse on notifications")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    stage.until(SOON, SENT, MAILS).await;
    assert_eq!(server.received(), u64::try_from(MAILS).unwrap());
    assert_eq!(stage.count("select max(attempts)::bigint from notifications").await, 1);
}
