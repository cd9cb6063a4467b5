//! A scheduler that has nothing to do.

use std::process::Stdio;
use std::time::Duration;

use app::jobs::viber_notification::ViberNotification;
use chrono::TimeDelta;
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::{Cause, NewJob, enqueue};
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use tokio::process::{Child, Command};

/// Only for hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// Schedules of the platform.
const SCHEDULES: i64 = 8;

fn start(db: &TestDb, redis: &TestRedis) -> Child {
    Command::new(env!("CARGO_BIN_EXE_scheduler"))
        .env_clear()
        .env("DATABASE_URL", &db.url)
        .env("REDIS_URL", redis.url())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

/// Transactions of this database so far; a server process reports its own with a delay of up to a second.
async fn transactions(db: &TestDb) -> i64 {
    sqlx::query_scalar("select xact_commit + xact_rollback from pg_stat_database where datname = current_database()")
        .fetch_one(&db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_scheduler_without_work_asks_the_database_ten_times_a_second_at_most() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    // These two would write jobs, for which there is no worker here.
    sqlx::query(
        "insert into schedules (name, next_at)
         values ('housekeeping', now() + interval '59 minutes'), ('invariants', now() + interval '59 seconds')",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    let _scheduler = start(&db, &redis);
    eventually("all schedules fire on whole seconds", LIMIT, async || {
        let sql = "select count(*) from schedules where next_at = date_trunc('second', next_at)
                   or name in ('housekeeping', 'invariants')";
        let entered: i64 = sqlx::query_scalar(sql).fetch_one(&db.pool).await.unwrap();
        (entered == SCHEDULES).then_some(())
    })
    .await;
    // The relay has become slow by then.
    tokio::time::sleep(Duration::from_secs(5)).await;
    let before = transactions(&db).await;
    // This is what is measured.
    tokio::time::sleep(Duration::from_secs(10)).await;
    let asked = transactions(&db).await - before;
    assert!(asked <= 100, "{asked} transactions in ten seconds");
}

/// By how many seconds a job was sent later than it was due, if it is sent.
async fn late(db: &TestDb) -> Option<f64> {
    let sql = "select extract(epoch from sent_at - run_at)::float8 from jobs where queue = 'viber' and state = 'sent'";
    sqlx::query_scalar(sql).fetch_optional(&db.pool).await.unwrap()
}

#[tokio::test]
async fn a_scheduler_without_work_sends_a_job_when_it_is_due() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let _scheduler = start(&db, &redis);
    let (mut on_time, mut all) = (0, Vec::new());
    // A busy machine may delay some of them.
    while on_time < 3 && all.len() < 6 {
        let now = Clock::system().now();
        let notification_id = NotificationId::new();
        let job = NewJob::new(&ViberNotification { notification_id }, now + TimeDelta::seconds(5)).unwrap();
        let mut conn = db.pool.acquire().await.unwrap();
        enqueue(&mut conn, now, &Cause::default(), &[job]).await.unwrap();
        drop(conn);
        let late = eventually("the job is sent", LIMIT, async || late(&db).await).await;
        assert!(late > -0.05, "sent {late} s after it was due");
        on_time += i32::from(late < 0.25);
        all.push(late);
        // Nothing is sent or running any more.
        sqlx::query("delete from jobs").execute(&db.pool).await.unwrap();
    }
    assert_eq!(
        on_time, 3,
        "seconds from when each job was due until it was sent: {all:?}"
    );
}
