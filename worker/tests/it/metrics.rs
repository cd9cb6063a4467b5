//! What `/metrics` of workers says about the jobs that they run.

use std::process::Stdio;
use std::time::Duration;

use app::jobs::viber_notification::ViberNotification;
use config::{Needs, Settings};
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::{Cause, NewJob, enqueue};
use process::Process;
use simulators::viber::{Fault, ViberSimulator};
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::port;
use testing::redis::TestRedis;
use testing::scrape::Scrape;
use testing::settings::settings;
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use crate::announced::announced_ticket;

/// Only for hangs.
const SOON: Duration = Duration::from_secs(60);

struct Worker {
    _child: Child,
    health: String,
}

impl Worker {
    fn start(program: &str, db: &TestDb, redis: &TestRedis, settings: &[(&str, &str)]) -> Self {
        let health = port::free().to_string();
        let child = Command::new(program)
            .env_clear()
            .env("DATABASE_URL", &db.url)
            .env("REDIS_URL", redis.url())
            .env("HEALTH_LISTEN", &health)
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self { _child: child, health }
    }

    async fn scrape(&self) -> Option<Scrape> {
        let answer = reqwest::get(format!("http://{}/metrics", self.health)).await.ok()?;
        assert!(answer.status().is_success());
        Some(Scrape::read(answer.text().await.ok()?))
    }

    /// Waits for a scrape in which a series has this value.
    async fn until(&self, series: &str, value: f64) -> Scrape {
        eventually(series, SOON, async || {
            self.scrape().await.filter(|scrape| scrape.value(series) == Some(value))
        })
        .await
    }
}

#[tokio::test]
async fn a_message_is_counted_with_what_its_provider_answered_and_a_dead_job_as_dead() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let shutdown = CancellationToken::new();
    let figment = settings(&db.url).merge(("redis_url", redis.url()));
    let needs = Settings::from_figment(&figment, Needs::Queue).unwrap();
    let process = Process::start(needs, Clock::system(), shutdown.clone()).await.unwrap();
    tokio::spawn(scheduler::run::run(process));
    let _ends = shutdown.drop_guard();
    let provider = ViberSimulator::start(([127, 0, 0, 1], 0).into(), "sesame".into())
        .await
        .unwrap();
    provider.fail_next(Fault::Status {
        status: 503,
        retry_after: None,
    });
    let clock = Clock::system();
    let mut conn = db.pool.acquire().await.unwrap();
    let ticket_id = announced_ticket(&mut conn, clock.now()).await;
    let unknown = NotificationId::new();
    let job = ViberNotification {
        notification_id: unknown,
    };
    let job = NewJob::new(&job, clock.now()).unwrap();
    enqueue(&mut conn, clock.now(), &Cause::default(), &[job])
        .await
        .unwrap();
    sqlx::raw_sql(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at)
         values (gen_random_uuid(), 'viber', 'of_another_release', '{}', 'ready', now(), 5, now())",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    drop(conn);
    let url = provider.url();
    let variables = [("VIBER_URL", url.as_str()), ("VIBER_TOKEN", "sesame")];
    let worker = Worker::start(env!("CARGO_BIN_EXE_viber_worker"), &db, &redis, &variables);
    let job = |outcome| {
        format!("prexsell_job_outcomes_total{{queue=\"viber\",kind=\"viber_notification\",outcome=\"{outcome}\"}}")
    };
    let scrape = worker.until(&job("done"), 1.0).await;
    for (series, value) in [
        (&*job("dead"), 1.0),
        (&*job("deferred"), 1.0),
        (
            "prexsell_job_outcomes_total{queue=\"viber\",kind=\"other\",outcome=\"dead\"}",
            1.0,
        ),
        ("prexsell_notifications_total{channel=\"viber\",outcome=\"sent\"}", 1.0),
        ("prexsell_notifications_total{channel=\"viber\",outcome=\"retry\"}", 1.0),
        (
            "prexsell_notifications_total{channel=\"viber\",outcome=\"failed\"}",
            1.0,
        ),
        (
            "prexsell_provider_request_seconds_count{provider=\"viber\",outcome=\"ok\"}",
            1.0,
        ),
        (
            "prexsell_provider_request_seconds_count{provider=\"viber\",outcome=\"away\"}",
            1.0,
        ),
        (
            "prexsell_job_run_seconds_count{queue=\"viber\",kind=\"viber_notification\"}",
            3.0,
        ),
        ("prexsell_job_pickup_seconds_count{queue=\"viber\"}", 4.0),
        ("prexsell_job_total_seconds_count{queue=\"viber\"}", 1.0),
        ("prexsell_job_claim_batch_sum{queue=\"viber\"}", 4.0),
    ] {
        assert_eq!(scrape.value(series), Some(value), "{series}");
    }
    // The job was done after a pause of five seconds: the time since it was enqueued is longer than the time since its
    // claim.
    let total = scrape.value("prexsell_job_total_seconds_sum{queue=\"viber\"}").unwrap();
    let run = scrape
        .value("prexsell_job_run_seconds_sum{queue=\"viber\",kind=\"viber_notification\"}")
        .unwrap();
    assert!(total >= 5.0 && run < total, "{total} {run}");
    let idle = worker
        .until("prexsell_worker_slots{queue=\"viber\",state=\"free\"}", 16.0)
        .await;
    assert_eq!(
        idle.value("prexsell_worker_slots{queue=\"viber\",state=\"busy\"}"),
        Some(0.0)
    );
    assert!(!idle.text.contains(&unknown.to_string()) && !idle.text.contains(&ticket_id.to_string()));
    idle.assert_labels_are_words();
    idle.assert_is_documented("worker");
}

#[tokio::test]
async fn the_worker_of_reports_tells_how_much_room_the_store_has() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let folder = tempfile::tempdir().unwrap();
    let storage = format!("file://{}/not/there/yet", folder.path().display());
    let secret = "0123456789abcdef0123456789abcdef";
    let variables = [("STORAGE_URL", storage.as_str()), ("LINK_SECRET", secret)];
    let worker = Worker::start(env!("CARGO_BIN_EXE_report_worker"), &db, &redis, &variables);
    let scrape = eventually("a scrape", SOON, async || worker.scrape().await).await;
    assert!(scrape.value("prexsell_store_free_bytes").unwrap() > 0.0);
    scrape.assert_is_documented("worker");
}

/// It runs in a process of its own, whose metrics are not read.
#[tokio::test]
async fn how_a_suspect_ended_is_counted() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let shutdown = CancellationToken::new();
    let figment = settings(&db.url).merge(("redis_url", redis.url()));
    let needs = Settings::from_figment(&figment, Needs::Queue).unwrap();
    let clock = Clock::system();
    let mut conn = db.pool.acquire().await.unwrap();
    let job = ViberNotification {
        notification_id: NotificationId::new(),
    };
    let job = NewJob::new(&job, clock.now()).unwrap();
    enqueue(&mut conn, clock.now(), &Cause::default(), &[job])
        .await
        .unwrap();
    sqlx::raw_sql("update jobs set crashes = 2")
        .execute(&mut *conn)
        .await
        .unwrap();
    drop(conn);
    let process = Process::start(needs, clock, shutdown.clone()).await.unwrap();
    tokio::spawn(scheduler::run::run(process));
    let _ends = shutdown.drop_guard();
    let variables = [("VIBER_URL", "http://127.0.0.1:9"), ("VIBER_TOKEN", "sesame")];
    let worker = Worker::start(env!("CARGO_BIN_EXE_viber_worker"), &db, &redis, &variables);
    let dead = "prexsell_job_outcomes_total{queue=\"viber\",kind=\"viber_notification\",outcome=\"dead\"}";
    worker.until(dead, 1.0).await;
}
