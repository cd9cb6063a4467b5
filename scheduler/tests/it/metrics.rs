//! What `/metrics` of a scheduler says about the stores and about itself.

use std::process::Stdio;
use std::time::Duration;

use app::jobs::email_notification::EmailNotification;
use app::jobs::queue;
use app::jobs::viber_notification::ViberNotification;
use chrono::TimeDelta;
use connect::postgres::{Commit, connect_for_jobs};
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::db::sample;
use ledger::{Cause, NewJob, enqueue};
use sqlx::PgConnection;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::port;
use testing::proxy::TestProxy;
use testing::redis::TestRedis;
use testing::scrape::Scrape;
use tokio::process::{Child, Command};

/// Only for hangs.
pub const LIMIT: Duration = Duration::from_secs(60);

pub fn start(db: &TestDb, redis_url: &str, health: &str) -> Child {
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

/// The metrics of a scheduler; `None` while it does not answer.
pub async fn scrape(health: &str) -> Option<Scrape> {
    let answer = reqwest::get(format!("http://{health}/metrics")).await.ok()?;
    assert!(answer.status().is_success());
    Some(Scrape::read(answer.text().await.ok()?))
}

/// Waits for a scrape in which a series has this value.
pub async fn until(health: &str, series: &str, value: f64) -> Scrape {
    eventually(series, LIMIT, async || {
        scrape(health)
            .await
            .filter(|scrape| scrape.value(series) == Some(value))
    })
    .await
}

#[tokio::test]
async fn it_shows_jobs_by_state_and_which_are_dead() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let now = Clock::system().now();
    let email = |run_at| {
        let notification_id = NotificationId::new();
        NewJob::new(&EmailNotification { notification_id }, run_at).unwrap()
    };
    let notification_id = NotificationId::new();
    let jobs = [
        email(now),
        email(now - TimeDelta::minutes(2)),
        email(now + TimeDelta::minutes(50)),
        NewJob::new(&ViberNotification { notification_id }, now).unwrap(),
    ];
    let mut conn = db.pool.acquire().await.unwrap();
    enqueue(&mut conn, now, &Cause::default(), &jobs).await.unwrap();
    sqlx::raw_sql(
        "update jobs set state = 'dead', finished_at = now() where queue = 'viber';
         insert into processes (id, name) values (gen_random_uuid(), 'email_worker 17@mail-1');
         insert into processes (id, name, beat_at) values (gen_random_uuid(), 'geo_worker 4', now() - interval '1 minute');
         insert into companies (id, slug, name, time_zone, created_at) values (gen_random_uuid(), 'x', 'X', 'UTC', now());
         insert into timetable_uploads (id, company_id, status, job_key, error_message, created_at, ended_at)
         select gen_random_uuid(), id, status, 'gone', 'no', now(), ended_at from companies,
             (values ('Receiving', null), ('Publishing', null), ('Failed', now()), ('Failed', now() - interval '2 hours'),
                     ('Refused', now())) as upload (status, ended_at)",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    let health = port::free().to_string();
    let _scheduler = start(&db, &redis.url(), &health);
    until(&health, "prexsell_jobs{queue=\"email\",state=\"sent\"}", 2.0).await;
    // Redis is not sampled together with the ledger, so it may show the same only in its next sample.
    let scrape = until(&health, "prexsell_redis_list_length{queue=\"email\"}", 2.0).await;
    // One of the two was failed by the schedule, since its job does not exist.
    let scrape_of_uploads = until(&health, "prexsell_timetable_uploads{status=\"Failed\"}", 2.0).await;
    for (status, value) in [
        ("Receiving", 1.0),
        ("Publishing", 0.0),
        ("Refused", 1.0),
        ("Ready", 0.0),
    ] {
        let series = format!("prexsell_timetable_uploads{{status=\"{status}\"}}");
        assert_eq!(scrape_of_uploads.value(&series), Some(value), "{series}");
    }
    for (series, value) in [
        ("prexsell_jobs{queue=\"email\",state=\"due\"}", 0.0),
        ("prexsell_jobs{queue=\"email\",state=\"scheduled\"}", 1.0),
        ("prexsell_jobs{queue=\"email\",state=\"dead\"}", 0.0),
        ("prexsell_jobs{queue=\"viber\",state=\"dead\"}", 1.0),
        ("prexsell_job_oldest_due_seconds{queue=\"viber\"}", 0.0),
        ("prexsell_queue_paused{queue=\"email\"}", 0.0),
        ("prexsell_redis_up", 1.0),
        ("prexsell_processes{role=\"geo_worker\"}", 0.0),
        ("prexsell_jobs_recovered_total{cause=\"deadline\"}", 0.0),
    ] {
        assert_eq!(scrape.value(series), Some(value), "{series}");
    }
    // It may have become due just before the sample.
    let lag = scrape.value("prexsell_schedule_lag_seconds{schedule=\"housekeeping\"}");
    assert!(lag.is_some_and(|seconds| seconds < 60.0), "{lag:?}");
    let untaken = scrape.value("prexsell_job_oldest_due_seconds{queue=\"email\"}");
    assert!(
        untaken.is_some_and(|seconds| (120.0..600.0).contains(&seconds)),
        "{untaken:?}"
    );
    let text = reqwest::get(format!("http://{health}/metrics"))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(!text.contains(&notification_id.to_string()) && !text.contains(&db.url));
    scrape.assert_labels_are_words();
    scrape.assert_is_documented("scheduler");
}

#[tokio::test]
async fn it_shows_what_waits_while_redis_is_away_and_what_redis_lost() {
    let (db, mut redis) = (TestDb::new().await, TestRedis::start().await);
    let now = Clock::system().now();
    let health = port::free().to_string();
    let _scheduler = start(&db, &redis.url(), &health);
    let enqueue_email = async |due_at| {
        let notification_id = NotificationId::new();
        let job = NewJob::new(&EmailNotification { notification_id }, due_at).unwrap();
        let mut conn = db.pool.acquire().await.unwrap();
        enqueue(&mut conn, now, &Cause::default(), &[job]).await.unwrap();
    };
    let (sent, emptied) = (
        "prexsell_jobs{queue=\"email\",state=\"sent\"}",
        "prexsell_jobs_recovered_total{cause=\"redis_emptied\"}",
    );
    enqueue_email(now).await;
    let before = until(&health, sent, 1.0).await;
    assert_eq!(
        (before.value(emptied), before.value("prexsell_redis_up")),
        (Some(0.0), Some(1.0))
    );
    redis.kill().await;
    enqueue_email(now - TimeDelta::minutes(2)).await;
    until(&health, "prexsell_redis_up", 0.0).await;
    let waiting = until(&health, "prexsell_jobs{queue=\"email\",state=\"due\"}", 1.0).await;
    let oldest = waiting
        .value("prexsell_job_oldest_due_seconds{queue=\"email\"}")
        .unwrap();
    assert!((120.0..600.0).contains(&oldest), "{oldest}");
    redis.restart().await;
    let after = until(&health, sent, 2.0).await;
    // Jobs of schedules may have been recovered too.
    assert!(after.value(emptied).unwrap() >= 1.0);
}

/// A Redis that is full answers reads, and accepts no job.
#[tokio::test]
async fn a_redis_that_answers_but_accepts_no_writes_is_shown_as_away() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let health = port::free().to_string();
    let _scheduler = start(&db, &redis.url(), &health);
    until(&health, "prexsell_redis_up", 1.0).await;
    let _: String = redis.ask(&["CONFIG", "SET", "maxmemory", "1"]).await;
    until(&health, "prexsell_redis_up", 0.0).await;
    let length: i64 = redis.ask(&["LLEN", "jobs:email"]).await;
    assert!(length >= 0, "it answers reads");
    let _: String = redis.ask(&["CONFIG", "SET", "maxmemory", "0"]).await;
    until(&health, "prexsell_redis_up", 1.0).await;
}

/// A proxy to the server of a database, and the database through it.
async fn proxied(db: &TestDb) -> (TestProxy, TestDb) {
    let (head, rest) = db.url.split_once('@').unwrap();
    let (server, name) = rest.split_once('/').unwrap();
    let (_, port) = server.rsplit_once(':').unwrap();
    let proxy = TestProxy::start(port.parse().unwrap()).await;
    let url = format!("{head}@{}/{name}", proxy.address());
    let pool = db.pool.clone();
    (proxy, TestDb { pool, url })
}

/// The database's packets are dropped while a sample waits for its answer: it never comes, and no connection breaks.
#[tokio::test]
async fn a_database_that_never_answers_hides_nothing_of_redis_and_is_asked_again() {
    let (db, mut redis) = (TestDb::new().await, TestRedis::start().await);
    let (proxy, through) = proxied(&db).await;
    let health = port::free().to_string();
    let _scheduler = start(&through, &redis.url(), &health);
    until(&health, "prexsell_redis_up", 1.0).await;
    let mut holder = db.pool.begin().await.unwrap();
    sqlx::raw_sql("lock table jobs").execute(&mut *holder).await.unwrap();
    eventually("a sample waits", LIMIT, async || {
        let waits = "select exists (select from pg_stat_activity where datname = current_database()
                     and wait_event_type = 'Lock' and query like 'with running as materialized%')";
        let waits: bool = sqlx::query_scalar(waits).fetch_one(&db.pool).await.unwrap();
        waits.then_some(())
    })
    .await;
    proxy.silence();
    let silent_at = Clock::system().now().timestamp() as f64;
    holder.rollback().await.unwrap();
    redis.kill().await;
    until(&health, "prexsell_redis_up", 0.0).await;
    let sampled = "prexsell_sampled_timestamp_seconds";
    eventually(sampled, LIMIT, async || {
        scrape(&health).await?.value(sampled).filter(|at| *at > silent_at + 1.0)
    })
    .await;
}

/// Counts are capped, and the count of a queue reads no jobs of other queues: a plan that reads all dead jobs, or the
/// whole table, would read more rows than this.
#[tokio::test]
async fn the_sample_of_the_ledger_reads_a_bounded_number_of_rows() {
    let db = TestDb::new().await;
    let pool = connect_for_jobs(&db.url, Commit::DoesNotWait).await.unwrap();
    let mut conn = pool.acquire().await.unwrap();
    sqlx::raw_sql(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, finished_at)
         select gen_random_uuid(), 'email', 'x', '{}', (array['done', 'dead', 'ready'])[1 + n % 3], now(), 1, now(),
                case when n % 3 < 2 then now() end
         from generate_series(1, 60000) as n;
         analyze jobs",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    let queues = [queue::EMAIL, queue::TRACKING];
    let later = Clock::system().now() + TimeDelta::seconds(1);
    let before = rows_read(&mut conn).await;
    let standing = sample::standing(&mut conn, &queues, later).await.unwrap();
    let read = rows_read(&mut conn).await - before;
    assert_eq!(
        (standing[0].due, standing[0].dead, standing[1].dead),
        (10_000, 10_000, 0)
    );
    assert!((20_000..22_000).contains(&read), "{read}");
}

/// Few messages make few requests to their provider, and a job that waits for its next try is not due.
#[tokio::test]
async fn a_job_that_is_held_up_is_measured_while_it_waits_and_until_it_is_given_up() {
    let db = TestDb::new().await;
    let mut conn = db.pool.acquire().await.unwrap();
    sqlx::raw_sql(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, finished_at, held_since)
         select gen_random_uuid(), 'email', 'x', '{}', state, now() + interval '4 minutes', 1, now(),
                case when state in ('dead', 'canceled') then now() end, now() - minutes * interval '1 minute'
         from (values ('ready', 20), ('ready', 10), ('sent', 15), ('dead', 60), ('canceled', 90)) as held (state, minutes)",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    let queues = [queue::EMAIL, queue::TRACKING];
    let now = Clock::system().now();
    let standing = sample::standing(&mut conn, &queues, now).await.unwrap();
    let held = standing[0].oldest_held_seconds;
    assert!((1190.0..1260.0).contains(&held), "{held}");
    assert!(standing[1].oldest_held_seconds == 0.0, "none of that queue is held up");
}

/// How many rows of jobs the statements of all connections have read so far.
async fn rows_read(conn: &mut PgConnection) -> i64 {
    sqlx::raw_sql("select pg_stat_force_next_flush()")
        .execute(&mut *conn)
        .await
        .unwrap();
    sqlx::query_scalar(
        "select (select seq_tup_read from pg_stat_user_tables where relname = 'jobs')
              + (select sum(idx_tup_read) from pg_stat_user_indexes where relname = 'jobs')::bigint",
    )
    .fetch_one(conn)
    .await
    .unwrap()
}
