//! The scheduler as a process: killed, asked to end, misconfigured, and its health.

use std::collections::HashSet;
use std::process::Stdio;
use std::time::Duration;

use app::jobs::queue;
use app::jobs::viber_notification::ViberNotification;
use db::partition::{FINISHED_GEO_JOBS, FINISHED_JOBS};
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::id::JobId;
use ledger::scheduler::LEAST;
use ledger::{Cause, NewJob, Priority, enqueue};
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::pgbouncer::PgBouncer;
use testing::port;
use testing::proxy::TestProxy;
use testing::redis::TestRedis;
use tokio::process::{Child, Command};

/// Only for hangs.
const LIMIT: Duration = Duration::from_secs(60);

fn start(db: &TestDb, redis: &TestRedis, health: &str) -> Child {
    start_with(db, &redis.url(), health)
}

fn start_with(db: &TestDb, redis_url: &str, health: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_scheduler"))
        .env_clear()
        .env("DATABASE_URL", &db.url)
        .env("REDIS_URL", redis_url)
        .env("HEALTH_LISTEN", health)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn status(health: &str, path: &str) -> Option<u16> {
    Some(
        reqwest::get(format!("http://{health}{path}"))
            .await
            .ok()?
            .status()
            .as_u16(),
    )
}

#[tokio::test]
async fn killed_at_any_moment_it_leaves_nothing_unsent() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let now = Clock::system().now();
    let new = || {
        let notification_id = NotificationId::new();
        NewJob::new(&ViberNotification { notification_id }, now).unwrap()
    };
    let jobs: Vec<NewJob> = std::iter::repeat_with(new).take(10_000).collect();
    enqueue(&mut db.pool.acquire().await.unwrap(), now, &Cause::default(), &jobs)
        .await
        .unwrap();
    let client = redis::Client::open(redis.url()).unwrap();
    let mut conn = client.get_multiplexed_async_connection().await.unwrap();
    let list = &queue::VIBER.list(Priority::Normal);
    for _ in 0..5 {
        let mut scheduler = start(&db, &redis, "127.0.0.1:0");
        // It is killed soon after a batch is marked as sent; with luck, before the batch is pushed to Redis.
        eventually("a batch marked as sent", LIMIT, async || {
            let sql = "select exists (select from jobs where queue = 'viber' and state = 'sent')";
            sqlx::query_scalar::<_, bool>(sql)
                .fetch_one(&db.pool)
                .await
                .unwrap()
                .then_some(())
        })
        .await;
        scheduler.kill().await.unwrap();
        let () = redis::cmd("DEL").arg(list).query_async(&mut conn).await.unwrap();
    }
    let _scheduler = start(&db, &redis, "127.0.0.1:0");
    eventually("all that is marked as sent is in Redis", LIMIT, async || {
        let mut conn = conn.clone();
        let entries: Vec<String> = redis::cmd("LRANGE")
            .arg(list)
            .arg(0)
            .arg(-1)
            .query_async(&mut conn)
            .await
            .unwrap();
        let sent: Vec<uuid::Uuid> = sqlx::query_scalar("select id from jobs where queue = 'viber' and state = 'sent'")
            .fetch_all(&db.pool)
            .await
            .unwrap();
        let entries: HashSet<String> = entries.into_iter().collect();
        let all_there = sent.iter().all(|id| entries.contains(&format!("{}:0", JobId(*id))));
        (all_there && i64::try_from(sent.len()).unwrap() >= LEAST).then_some(())
    })
    .await;
}

#[tokio::test]
async fn it_reports_liveness_and_readiness_and_ends_in_good_order() {
    let (db, mut redis) = (TestDb::new().await, TestRedis::start().await);
    let health = port::free().to_string();
    let mut scheduler = start(&db, &redis, &health);
    let becomes = async |path: &str, code: u16| {
        let what = format!("{path} {code}");
        eventually(&what, LIMIT, async || {
            (status(&health, path).await == Some(code)).then_some(())
        })
        .await;
    };
    becomes("/healthz", 200).await;
    becomes("/readyz", 200).await;
    redis.kill().await;
    becomes("/readyz", 503).await;
    becomes("/healthz", 200).await;
    redis.restart().await;
    becomes("/readyz", 200).await;
    let pid = scheduler.id().unwrap().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .await
            .unwrap()
            .success()
    );
    let ended = tokio::time::timeout(LIMIT, scheduler.wait())
        .await
        .expect("it ends")
        .unwrap();
    assert_eq!(ended.code(), Some(0));
}

#[tokio::test]
async fn it_is_ready_only_while_redis_takes_writes() {
    let (db, old, new) = tokio::join!(TestDb::new(), TestRedis::start(), TestRedis::start());
    let proxy = TestProxy::start(old.port()).await;
    let health = port::free().to_string();
    let _scheduler = start_with(&db, &format!("redis://{}/", proxy.address()), &health);
    let says = async |problems: &str| {
        eventually(problems, LIMIT, async || {
            let answer = reqwest::get(format!("http://{health}/readyz")).await.ok()?;
            (answer.text().await.ok()? == problems).then_some(())
        })
        .await;
    };
    says(r#"{"problems":[]}"#).await;
    old.follow(&new).await;
    says(r#"{"problems":["Redis does not accept writes"]}"#).await;
    proxy.point_at(new.port());
    says(r#"{"problems":[]}"#).await;
}

#[tokio::test]
async fn a_transaction_pooler_ends_it_with_the_name_of_the_setting() {
    let db = TestDb::new().await;
    let Some(bouncer) = PgBouncer::start(&db.url, "pool_mode = transaction").await else {
        return;
    };
    let output = Command::new(env!("CARGO_BIN_EXE_scheduler"))
        .env_clear()
        .env("DATABASE_URL", bouncer.url())
        .env("REDIS_URL", "redis://127.0.0.1:1/")
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("DATABASE_URL leads to a pooler") && said.contains("pool_mode = session"),
        "{said}"
    );
}

#[tokio::test]
async fn wrong_settings_are_named_and_end_it_with_a_code_of_their_own() {
    let output = Command::new(env!("CARGO_BIN_EXE_scheduler"))
        .env_clear()
        .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        .output()
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("REDIS_URL"), "{said}");
    assert!(!said.contains("nobody"), "{said}");
}

/// No worker runs, so no other process makes them.
#[tokio::test]
async fn when_it_starts_it_makes_the_days_of_finished_jobs() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let mut conn = db.pool.acquire().await.unwrap();
    for table in [FINISHED_GEO_JOBS, FINISHED_JOBS] {
        for day in table.days(&mut conn).await.unwrap() {
            table.drop_day(&mut conn, day).await.unwrap();
        }
    }
    let _scheduler = start(&db, &redis, "127.0.0.1:0");
    for table in [FINISHED_GEO_JOBS, FINISHED_JOBS] {
        eventually("its days", LIMIT, async || {
            let mut conn = db.pool.acquire().await.unwrap();
            let days = table.days(&mut conn).await.unwrap();
            (days.len() >= 3).then_some(())
        })
        .await;
    }
}
