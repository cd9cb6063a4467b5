//! Messages while their provider refuses requests, from the ledger to the provider: real workers, a scheduler, Redis,
//! PostgreSQL.

use std::time::Duration;

use app::notification::{Announcement, announce};
use chrono::{DateTime, Utc};
use config::{Needs, Settings};
use domain::ticket::Event;
use kernel::clock::Clock;
use ledger::Cause;
use process::Process;
use simulators::viber::{Fault, ViberSimulator};
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use testing::settings::settings;
use testing::world::{Sale, World};
use tokio::process::Command;
use tokio_util::sync::CancellationToken;

const SOON: Duration = Duration::from_secs(60);

/// State, attempts, and since when it is held up.
async fn job(db: &TestDb) -> (String, i16, Option<DateTime<Utc>>) {
    sqlx::query_as("select state, attempt, held_since from all_jobs where kind = 'viber_notification'")
        .fetch_one(&db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_message_outlives_a_token_that_is_refused_and_a_page_of_a_proxy() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let clock = Clock::system();
    let provider = ViberSimulator::start(([127, 0, 0, 1], 0).into(), "sesame".into())
        .await
        .unwrap();
    provider.fail_next(Fault::Status {
        status: 401,
        retry_after: None,
    });
    provider.fail_next(Fault::Answer {
        status: 200,
        retry_after: None,
        body: "<html>Sign in to the network</html>".to_owned(),
    });
    let mut conn = db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, clock.now()).await;
    let ticket = world.sell(&Sale::default()).await;
    let history_id = world.history(ticket.id, Event::Created).await;
    let announcement = Announcement {
        ticket_id: ticket.id,
        history_id,
        event: Event::Created,
    };
    announce(&mut conn, clock.now(), &Cause::default(), &[announcement])
        .await
        .unwrap();
    drop(conn);

    let shutdown = CancellationToken::new();
    let figment = settings(&db.url).merge(("redis_url", redis.url()));
    let process = Process::start(
        Settings::from_figment(&figment, Needs::Queue).unwrap(),
        clock,
        shutdown.clone(),
    );
    tokio::spawn(scheduler::run::run(process.await.unwrap()));
    let _ends = shutdown.drop_guard();
    let log = tempfile::NamedTempFile::new().unwrap();
    let _worker = Command::new(env!("CARGO_BIN_EXE_viber_worker"))
        .env_clear()
        .env("DATABASE_URL", &db.url)
        .env("REDIS_URL", redis.url())
        .env("VIBER_URL", provider.url())
        .env("VIBER_TOKEN", "sesame")
        .stdout(log.reopen().unwrap())
        .kill_on_drop(true)
        .spawn()
        .unwrap();

    eventually("the message is held up", SOON, async || {
        job(&db).await.2.is_some().then_some(())
    })
    .await;
    let done = eventually("the message leaves", SOON, async || {
        let job = job(&db).await;
        assert_ne!(job.0, "dead");
        (job.0 == "done").then_some(job)
    })
    .await;
    assert_eq!(done, ("done".to_owned(), 1, None));
    assert_eq!(provider.messages().len(), 1);
    let id = ticket.id.to_string().parse().unwrap();
    let story = app::story::tell(&db.pool, Clock::system().now(), &id).await.unwrap();
    let replied = |text: &str| text.contains("accepted by the provider") && text.contains(": ok, message_token 5");
    assert!(story.entries.iter().any(|entry| replied(&entry.text)), "{story:#?}");
    let orders = format!("\"orders\":\"{}\"", ticket.id);
    eventually("the log line of the job names the order", SOON, async || {
        let text = std::fs::read_to_string(log.path()).unwrap();
        let mut lines = text.lines().filter(|line| line.contains("job done"));
        lines.next().map(|line| assert!(line.contains(&orders), "{line}"))
    })
    .await;
}
