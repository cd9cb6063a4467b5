//! The sweep worker as a separate process: on a machine whose clock is wrong, and while the database ends its
//! connections.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use app::jobs::ticket_sweep::TicketSweep;
use chrono::{DateTime, TimeDelta, Utc};
use config::{Needs, Settings};
use kernel::clock::Clock;
use ledger::{Cause, NewJob};
use process::Process;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use testing::world::{Sale, World};
use testing::wrong_clock::WrongClock;
use tokio::process::{Child, Command};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Only for hangs.
const LIMIT: Duration = Duration::from_secs(60);

async fn scheduler(db: &TestDb, redis: &TestRedis) -> DropGuard {
    let figment = Settings::defaults()
        .merge(("database_url", &db.url))
        .merge(("redis_url", redis.url()));
    let settings = Settings::from_figment(&figment, Needs::Queue).unwrap();
    let shutdown = CancellationToken::new();
    let process = Process::start(settings, Clock::system(), shutdown.clone());
    tokio::spawn(scheduler::run::run(process.await.unwrap()));
    shutdown.drop_guard()
}

/// As [`enqueue`], and waits until the job is done; returns when it finished.
async fn sweep(db: &TestDb, key: &str) -> DateTime<Utc> {
    enqueue(db, key).await;
    eventually("the sweep is done", LIMIT, async || {
        let sql = "select finished_at from all_jobs where dedupe_key = $1 and state = 'done'";
        sqlx::query_scalar(sql)
            .bind(key)
            .fetch_optional(&db.pool)
            .await
            .unwrap()
    })
    .await
}

fn worker(db: &TestDb, redis: &TestRedis, variables: impl IntoIterator<Item = (&'static str, PathBuf)>) -> Child {
    Command::new(env!("CARGO_BIN_EXE_sweep_worker"))
        .env_clear()
        .env("DATABASE_URL", &db.url)
        .env("REDIS_URL", redis.url())
        .envs(variables)
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Enqueues a job that closes expired tickets.
async fn enqueue(db: &TestDb, key: &str) {
    let now = Clock::system().now();
    let job = NewJob::new(&TicketSweep {}, now).unwrap().with_key(key);
    let mut conn = db.pool.acquire().await.unwrap();
    ledger::enqueue(&mut conn, now, &Cause::default(), &[job])
        .await
        .unwrap();
}

#[tokio::test]
async fn a_sweep_worker_whose_clock_is_an_hour_wrong_closes_what_is_due_and_nothing_else() {
    for seconds_ahead in [3600, -3600] {
        let (db, redis) = (TestDb::new().await, TestRedis::start().await);
        let _scheduler = scheduler(&db, &redis).await;
        let clock = WrongClock::new(seconds_ahead);
        let _worker = worker(&db, &redis, clock.variables());
        let mut conn = db.pool.acquire().await.unwrap();
        let ticket = World::new(&mut conn, Clock::system().now())
            .await
            .sell(&Sale::default())
            .await;
        drop(conn);
        let status = async || {
            let status = sqlx::query_scalar::<_, String>("select status from tickets where id = $1");
            status.bind(ticket.id.0).fetch_one(&db.pool).await.unwrap()
        };
        sweep(&db, "first").await;
        assert_eq!(status().await, "Processing", "it is seconds old");
        let older = "update tickets set created_at = created_at - interval '21 minutes'";
        sqlx::query(older).execute(&db.pool).await.unwrap();
        let finished_at = sweep(&db, "second").await;
        assert_eq!(status().await, "Uncompleted");
        let told: Vec<DateTime<Utc>> = sqlx::query_scalar(
            "select at from ticket_history union all select created_at from notifications
             union all select run_at from all_jobs where kind like '%_notification'",
        )
        .fetch_all(&db.pool)
        .await
        .unwrap();
        assert_eq!(told.len(), 5);
        let now = Clock::system().now();
        for at in told.into_iter().chain([finished_at]) {
            assert!((now - at).abs() < TimeDelta::minutes(2), "{at} at {now}");
        }
    }
}

#[tokio::test]
async fn trouble_with_the_database_uses_up_no_attempt() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let _scheduler = scheduler(&db, &redis).await;
    let _worker = worker(&db, &redis, []);
    // All locks that the sweep requests are held.
    let mut held = db.pool.begin().await.unwrap();
    let lock = sqlx::query("lock table tickets in access exclusive mode");
    lock.execute(&mut *held).await.unwrap();
    enqueue(&db, "lost").await;
    sqlx::query("update jobs set max_attempts = 2 where dedupe_key = 'lost'")
        .execute(&db.pool)
        .await
        .unwrap();
    for _ in 0..3 {
        eventually("the sweep waits and is cut off", LIMIT, async || {
            let sql = "select pg_terminate_backend(pid) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock' and query like '%skip locked%'";
            sqlx::query_scalar::<_, bool>(sql)
                .fetch_optional(&db.pool)
                .await
                .unwrap()
        })
        .await;
        let reason = eventually("it is postponed", LIMIT, async || {
            let sql = "select last_error from jobs where dedupe_key = 'lost' and state = 'ready'";
            sqlx::query_scalar::<_, Option<String>>(sql)
                .fetch_optional(&db.pool)
                .await
                .unwrap()
                .flatten()
        })
        .await;
        assert!(reason.contains("the database cannot be reached"), "{reason}");
    }
    held.rollback().await.unwrap();
    let attempt: i16 = eventually("it is done", LIMIT, async || {
        let sql = "select attempt from all_jobs where dedupe_key = 'lost' and state = 'done'";
        sqlx::query_scalar(sql).fetch_optional(&db.pool).await.unwrap()
    })
    .await;
    assert_eq!(attempt, 1);
}
