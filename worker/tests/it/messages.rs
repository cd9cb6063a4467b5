//! Messages while their provider refuses requests, from the ledger to the provider: real workers, a scheduler, Redis,
//! PostgreSQL.

use std::time::Duration;

use chrono::{DateTime, Utc};
use config::{Needs, Settings};
use domain::id::TicketId;
use kernel::clock::Clock;
use process::Process;
use simulators::viber::{Fault, ViberSimulator};
use tempfile::NamedTempFile;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use testing::settings::settings;
use tokio::process::{Child, Command};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::announced::announced_ticket;

const SOON: Duration = Duration::from_secs(60);

/// State, attempts, and since when it is held up.
async fn job(db: &TestDb) -> (String, i16, Option<DateTime<Utc>>) {
    sqlx::query_as("select state, attempt, held_since from all_jobs where kind = 'viber_notification'")
        .fetch_one(&db.pool)
        .await
        .unwrap()
}

/// A scheduler and a worker of Viber messages, for one ticket whose message is due.
struct Bed {
    db: TestDb,
    provider: ViberSimulator,
    ticket_id: TicketId,
    log: NamedTempFile,
    _redis: TestRedis,
    _worker: Child,
    _scheduler: DropGuard,
}

impl Bed {
    /// The provider answers with these faults first. `prepare` is run on the job before it is sent.
    async fn start(faults: impl IntoIterator<Item = Fault>, prepare: &'static str) -> Self {
        let (db, redis) = (TestDb::new().await, TestRedis::start().await);
        let clock = Clock::system();
        let provider = ViberSimulator::start(([127, 0, 0, 1], 0).into(), "sesame".into())
            .await
            .unwrap();
        for fault in faults {
            provider.fail_next(fault);
        }
        let mut conn = db.pool.acquire().await.unwrap();
        let ticket_id = announced_ticket(&mut conn, clock.now()).await;
        sqlx::raw_sql(prepare).execute(&mut *conn).await.unwrap();
        drop(conn);

        let shutdown = CancellationToken::new();
        let figment = settings(&db.url).merge(("redis_url", redis.url()));
        let process = Process::start(
            Settings::from_figment(&figment, Needs::Queue).unwrap(),
            clock,
            shutdown.clone(),
        );
        tokio::spawn(scheduler::run::run(process.await.unwrap()));
        let log = NamedTempFile::new().unwrap();
        let worker = Command::new(env!("CARGO_BIN_EXE_viber_worker"))
            .env_clear()
            .env("DATABASE_URL", &db.url)
            .env("REDIS_URL", redis.url())
            .env("VIBER_URL", provider.url())
            .env("VIBER_TOKEN", "sesame")
            .stdout(log.reopen().unwrap())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self {
            db,
            provider,
            ticket_id,
            log,
            _redis: redis,
            _worker: worker,
            _scheduler: shutdown.drop_guard(),
        }
    }

    /// The first line of the worker's log with this message.
    async fn logged(&self, message: &str) -> String {
        eventually("the worker logs the end of the job", SOON, async || {
            let text = std::fs::read_to_string(self.log.path()).unwrap();
            text.lines().find(|line| line.contains(message)).map(str::to_owned)
        })
        .await
    }
}

fn refused_token() -> Fault {
    Fault::Status {
        status: 401,
        retry_after: None,
    }
}

#[tokio::test]
async fn a_message_outlives_a_token_that_is_refused_and_a_page_of_a_proxy() {
    let page = Fault::Answer {
        status: 200,
        retry_after: None,
        body: "<html>Sign in to the network</html>".to_owned(),
    };
    let bed = Bed::start([refused_token(), page], "").await;
    let Bed { db, provider, .. } = &bed;
    eventually("the message is held up", SOON, async || {
        job(db).await.2.is_some().then_some(())
    })
    .await;
    let done = eventually("the message leaves", SOON, async || {
        let job = job(db).await;
        assert_ne!(job.0, "dead");
        (job.0 == "done").then_some(job)
    })
    .await;
    assert_eq!(done, ("done".to_owned(), 1, None));
    assert_eq!(provider.messages().len(), 1);
    let id = bed.ticket_id.to_string().parse().unwrap();
    let story = app::story::tell(&db.pool, Clock::system().now(), &id).await.unwrap();
    let replied = |text: &str| text.contains("accepted by the provider") && text.contains(": message_token 5");
    assert!(story.entries.iter().any(|entry| replied(&entry.text)), "{story:#?}");
    let line = bed.logged("job done").await;
    assert!(line.contains(&format!("\"orders\":\"{}\"", bed.ticket_id)), "{line}");
}

#[tokio::test]
async fn the_log_says_that_a_job_is_dead_when_it_was_held_up_for_too_long() {
    let long_ago = "update jobs set held_since = now() - interval '60 days' where kind = 'viber_notification'";
    let bed = Bed::start([refused_token()], long_ago).await;
    eventually("the job is dead", SOON, async || {
        (job(&bed.db).await.0 == "dead").then_some(())
    })
    .await;
    let line = bed.logged("job failed and is dead").await;
    assert!(line.contains("held up for too long"), "{line}");
    let log = std::fs::read_to_string(bed.log.path()).unwrap();
    assert!(!log.contains("job held up, attempt not counted"), "{log}");
}
