//! Scheduler processes on machines whose clocks are wrong. The clock of the database is used instead.

use std::process::Stdio;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::clock::Clock;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use testing::world::{Sale, World};
use testing::wrong_clock::WrongClock;
use tokio::process::{Child, Command};

/// Only for hangs.
const LIMIT: Duration = Duration::from_secs(60);

const HOUR: i64 = 3600;

fn start(db: &TestDb, redis: &TestRedis, clock: &WrongClock) -> Child {
    Command::new(env!("CARGO_BIN_EXE_scheduler"))
        .env_clear()
        .env("DATABASE_URL", &db.url)
        .env("REDIS_URL", redis.url())
        .envs(clock.variables())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// How many seconds from now, by the clock of the database, each schedule fires next.
async fn ahead(db: &TestDb) -> Vec<(String, f64)> {
    let sql = "select name, extract(epoch from next_at - clock_timestamp())::float8 from schedules order by name";
    sqlx::query_as(sql).fetch_all(&db.pool).await.unwrap()
}

/// How far from now, by the clock of the database, the latest sweep of unpaid tickets is to run; `None` without a sweep.
async fn sweep_ahead(db: &TestDb) -> Option<TimeDelta> {
    let sql = "select run_at, clock_timestamp() from jobs where kind = 'order_sweep' order by created_at desc limit 1";
    let (run_at, now): (DateTime<Utc>, DateTime<Utc>) = sqlx::query_as(sql).fetch_optional(&db.pool).await.unwrap()?;
    Some(run_at - now)
}

async fn unpaid(db: &TestDb, age: TimeDelta) {
    let mut conn = db.pool.acquire().await.unwrap();
    let then = Clock::system().now() - age;
    World::new(&mut conn, then).await.sell(&Sale::default()).await;
}

#[tokio::test]
async fn a_scheduler_whose_clock_is_a_day_wrong_silences_nothing_and_is_early_with_nothing() {
    for seconds_ahead in [26 * HOUR, -26 * HOUR] {
        let (db, redis) = (TestDb::new().await, TestRedis::start().await);
        // Not due; by a clock that is 26 hours ahead, due since yesterday.
        unpaid(&db, TimeDelta::minutes(1)).await;
        let clock = WrongClock::new(seconds_ahead);
        let mut scheduler = start(&db, &redis, &clock);
        let settled = eventually("each schedule has fired", LIMIT, async || {
            let ahead = ahead(&db).await;
            // The hourly schedule fires last.
            (ahead.iter().any(|(_, seconds)| *seconds > 1800.0)).then_some(ahead)
        })
        .await;
        assert!(settled.len() >= 5, "{settled:?}");
        for (name, seconds) in &settled {
            assert!((-60.0..=3602.0).contains(seconds), "{name} fires in {seconds} s");
        }
        assert_eq!(sweep_ahead(&db).await, None, "a ticket of a minute ago is not due");
        sqlx::query("update tickets set created_at = created_at - interval '20 minutes'")
            .execute(&db.pool)
            .await
            .unwrap();
        let ahead = eventually("a sweep", LIMIT, async || sweep_ahead(&db).await).await;
        assert!(ahead.abs() < TimeDelta::seconds(30), "{ahead}");
        scheduler.kill().await.unwrap();
        let said = String::from_utf8(scheduler.wait_with_output().await.unwrap().stdout).unwrap();
        assert!(said.contains("machine clock differs from the database clock"), "{said}");
    }
}

#[tokio::test]
async fn a_clock_that_goes_wrong_for_a_moment_leaves_no_trace() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let clock = WrongClock::new(0);
    let _scheduler = start(&db, &redis, &clock);
    let fired = async |what: &str| {
        let seen: DateTime<Utc> = sqlx::query_scalar("select next_at from schedules where name = 'order_sweep'")
            .fetch_one(&db.pool)
            .await
            .unwrap();
        eventually(what, LIMIT, async || {
            let sql = "select next_at from schedules where name = 'order_sweep' and next_at > $1";
            let next: Option<DateTime<Utc>> = sqlx::query_scalar(sql)
                .bind(seen)
                .fetch_optional(&db.pool)
                .await
                .unwrap();
            next
        })
        .await
    };
    eventually("it has begun", LIMIT, async || {
        (!ahead(&db).await.is_empty()).then_some(())
    })
    .await;
    for seconds_ahead in [0, 26 * HOUR, -26 * HOUR, 0] {
        clock.set(seconds_ahead);
        for _ in 0..3 {
            fired("it fires again").await;
        }
        for (name, seconds) in ahead(&db).await {
            assert!(seconds < 3602.0, "{name} fires in {seconds} s, {seconds_ahead} s wrong");
        }
    }
}
