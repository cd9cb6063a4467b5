//! Schedules: with any number of schedulers, no tick is missed and none fires twice.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use app::jobs::KINDS;
use app::jobs::queue;
use app::jobs::session_cleanup::SessionCleanup;
use app::jobs::ticket_sweep::TicketSweep;
use chrono::{DateTime, TimeDelta, Utc};
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use kernel::clock::Clock;
use ledger::scheduler::{BoxError, Schedule, Scheduler, Tick, draw_back, enter, fire};
use ledger::{Cause, NewJob};
use scheduler::housekeeping::HOUSEKEEPING;
use scheduler::ticket_sweep::TICKET_SWEEP;
use sqlx::{Connection, PgConnection, PgPool};
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const EVERY_MINUTE: Schedule = Schedule {
    name: "every_minute",
    period: TimeDelta::minutes(1),
    jobs: |_, tick| {
        let job = NewJob::new(&TicketSweep {}, tick.due_at).unwrap();
        async move { Ok(vec![job]) }.boxed()
    },
};

fn clock() -> Clock {
    Clock::manual("2026-01-02T03:04:05Z".parse().unwrap())
}

async fn run_ats(pool: &PgPool) -> Vec<DateTime<Utc>> {
    sqlx::query_scalar("select run_at from jobs order by run_at")
        .fetch_all(pool)
        .await
        .unwrap()
}

/// Eight schedulers look at once; returns how many of them fired.
async fn all_look(db: &TestDb, clock: &Clock) -> usize {
    let looks = join_all((0..8).map(|_| fire(&db.pool, clock, &EVERY_MINUTE))).await;
    looks.into_iter().filter(|fired| *fired.as_ref().unwrap()).count()
}

#[tokio::test]
async fn of_many_schedulers_one_fires_each_tick() {
    let (db, clock) = (TestDb::new().await, clock());
    let start = clock.now();
    for _ in 0..2 {
        enter(&db.pool, &clock, &[EVERY_MINUTE]).await.unwrap();
    }
    assert_eq!(all_look(&db, &clock).await, 1);
    assert_eq!(all_look(&db, &clock).await, 0);
    clock.advance(TimeDelta::seconds(59));
    assert_eq!(all_look(&db, &clock).await, 0);
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(all_look(&db, &clock).await, 1);
    assert_eq!(run_ats(&db.pool).await, [start, start + TimeDelta::minutes(1)]);
}

#[tokio::test]
async fn missed_ticks_fire_once_and_the_next_is_in_step() {
    let (db, clock) = (TestDb::new().await, clock());
    let start = clock.now();
    enter(&db.pool, &clock, &[EVERY_MINUTE]).await.unwrap();
    clock.advance(TimeDelta::seconds(3630));
    assert_eq!(all_look(&db, &clock).await, 1);
    clock.advance(TimeDelta::seconds(30));
    assert_eq!(all_look(&db, &clock).await, 1);
    assert_eq!(run_ats(&db.pool).await, [start, start + TimeDelta::minutes(61)]);
}

#[tokio::test]
async fn a_tick_further_ahead_than_the_period_is_drawn_back_and_fires_at_once() {
    let (db, clock) = (TestDb::new().await, clock());
    let start = clock.now();
    enter(&db.pool, &clock, &[EVERY_MINUTE]).await.unwrap();
    let put = async |ahead: TimeDelta| {
        let sql = "update schedules set next_at = $1";
        let put = sqlx::query(sql).bind(clock.now() + ahead).execute(&db.pool);
        put.await.unwrap();
    };
    // A difference that schedulers can leave whose clocks agree to a second.
    put(TimeDelta::seconds(61)).await;
    assert_eq!(all_look(&db, &clock).await, 0);
    // Written by a scheduler whose clock was 26 hours ahead.
    put(TimeDelta::hours(26) + TimeDelta::seconds(20)).await;
    assert_eq!(all_look(&db, &clock).await, 1);
    assert_eq!(
        run_ats(&db.pool).await,
        [start - TimeDelta::seconds(40)],
        "in step, and not in the future"
    );
    clock.advance(TimeDelta::seconds(19));
    assert_eq!(all_look(&db, &clock).await, 0);
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(all_look(&db, &clock).await, 1);
}

#[tokio::test]
async fn a_job_that_a_wrong_clock_put_off_runs_now_and_others_when_they_are_due() {
    let (db, clock) = (TestDb::new().await, clock());
    let ahead = [TimeDelta::hours(26), TimeDelta::hours(1), TimeDelta::zero()];
    let jobs: Vec<NewJob> = ahead
        .iter()
        .map(|ahead| NewJob::new(&SessionCleanup {}, clock.now() + *ahead).unwrap())
        .collect();
    let mut conn = db.pool.acquire().await.unwrap();
    ledger::enqueue(&mut conn, clock.now(), &Cause::default(), &jobs)
        .await
        .unwrap();
    draw_back(&mut conn, &queue::ALL, clock.now()).await.unwrap();
    let now = clock.now();
    assert_eq!(run_ats(&db.pool).await, [now, now, now + TimeDelta::hours(1)]);
}

#[tokio::test]
async fn a_schedule_that_fails_fires_again() {
    const BROKEN: Schedule = Schedule {
        name: "every_minute",
        period: TimeDelta::minutes(1),
        jobs: |_, _| async { Err("test".into()) }.boxed(),
    };
    let (db, clock) = (TestDb::new().await, clock());
    enter(&db.pool, &clock, &[EVERY_MINUTE]).await.unwrap();
    assert!(fire(&db.pool, &clock, &BROKEN).await.is_err());
    assert_eq!(run_ats(&db.pool).await.len(), 0);
    assert!(fire(&db.pool, &clock, &EVERY_MINUTE).await.unwrap());
}

const EVERY_SECOND: Schedule = Schedule {
    name: "every_second",
    period: TimeDelta::seconds(1),
    jobs: EVERY_MINUTE.jobs,
};

/// Runs a scheduler with these schedules until [`EVERY_SECOND`] has fired so often.
async fn until_ticks(ticks: usize, schedules: Vec<Schedule>) {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let (redis_url, shutdown) = (redis.url().into(), CancellationToken::new());
    let scheduler = Scheduler {
        queues: &queue::ALL,
        kinds: KINDS,
        schedules,
        database_url: db.url.clone().into(),
        pool: db.pool.clone(),
        redis: connect::redis::connect(&redis_url).unwrap(),
        nudges: connect::redis::connect(&redis_url).unwrap(),
        clock: Clock::system(),
    };
    let running = tokio::spawn(scheduler.run(shutdown.clone()));
    eventually("ticks of the other", Duration::from_secs(60), async || {
        (run_ats(&db.pool).await.len() >= ticks).then_some(())
    })
    .await;
    shutdown.cancel();
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_schedule_that_fails_does_not_stop_those_that_are_due_with_it() {
    const BROKEN: Schedule = Schedule {
        name: "broken",
        period: TimeDelta::seconds(1),
        jobs: |_, _| async { Err("test".into()) }.boxed(),
    };
    until_ticks(2, vec![BROKEN, EVERY_SECOND]).await;
}

async fn break_connection(conn: &mut PgConnection) -> Result<Vec<NewJob>, BoxError> {
    sqlx::query("select pg_terminate_backend(pg_backend_pid())")
        .execute(conn)
        .await?;
    Ok(Vec::new())
}

fn breaks_its_connection(conn: &mut PgConnection, _: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    break_connection(conn).boxed()
}

#[tokio::test]
async fn a_schedule_that_breaks_its_connection_does_not_stop_those_that_are_due_with_it() {
    const BROKEN: Schedule = Schedule {
        name: "broken",
        period: TimeDelta::seconds(1),
        jobs: breaks_its_connection,
    };
    until_ticks(2, vec![BROKEN, EVERY_SECOND]).await;
}

/// How often [`fails_beside_others`] was fired in a transaction that had written jobs of others.
static BESIDE_OTHERS: AtomicU32 = AtomicU32::new(0);

async fn fail(conn: &mut PgConnection) -> Result<Vec<NewJob>, BoxError> {
    let sql = "select count(*) from jobs where xmin = pg_current_xact_id()::xid";
    let written: i64 = sqlx::query_scalar(sql).fetch_one(conn).await?;
    if written > 0 {
        BESIDE_OTHERS.fetch_add(1, Ordering::SeqCst);
    }
    Err("test".into())
}

fn fails_beside_others(conn: &mut PgConnection, _: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    fail(conn).boxed()
}

#[tokio::test]
async fn a_schedule_that_failed_is_fired_alone() {
    const FAILING: Schedule = Schedule {
        name: "failing",
        period: TimeDelta::seconds(1),
        jobs: fails_beside_others,
    };
    until_ticks(4, vec![EVERY_SECOND, FAILING]).await;
    assert_eq!(BESIDE_OTHERS.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_sweep_is_wanted_while_unpaid_orders_are_due_unless_one_waits_or_two_are_running() {
    let (db, clock) = (TestDb::new().await, clock());
    enter(&db.pool, &clock, &[TICKET_SWEEP]).await.unwrap();
    let second = async || {
        assert!(fire(&db.pool, &clock, &TICKET_SWEEP).await.unwrap());
        clock.advance(TimeDelta::seconds(1));
        run_ats(&db.pool).await.len()
    };
    assert_eq!(second().await, 0, "no orders");
    unpaid_order(&db, clock.now() - TimeDelta::minutes(20) + TimeDelta::seconds(2)).await;
    assert_eq!(second().await, 0, "still to be paid");
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(second().await, 1, "due");
    assert_eq!(second().await, 1, "one waits already");
    let run = async || sqlx::query("update jobs set state = 'running'").execute(&db.pool).await;
    run().await.unwrap();
    assert_eq!(second().await, 2, "a second one shares the work");
    run().await.unwrap();
    assert_eq!(second().await, 2, "two are running");
    let end = "update jobs set state = 'done' where id = (select min(id::text)::uuid from jobs)";
    sqlx::query(end).execute(&db.pool).await.unwrap();
    assert_eq!(second().await, 3, "one has ended");
}

/// A ticket without the rows that it refers to: they do not matter here.
async fn unpaid_order(db: &TestDb, created_at: DateTime<Utc>) {
    let mut conn = PgConnection::connect(&db.url).await.unwrap();
    sqlx::query("set session_replication_role = replica")
        .execute(&mut conn)
        .await
        .unwrap();
    sqlx::query(
        "insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
             boarding_position, alighting_position, boarding_at, seat, status, payment_status, price_id, price,
             full_price, currency, created_at, updated_at, reference)
         values ($1, $1, $1, $1, $1, $1, '2026-02-01', 0, 1, '2026-02-01T00:00:00Z', 1, 'Processing', 'Unpaid', $1,
             10, 10, 'EUR', $2, $2, 'H4TCVR4')",
    )
    .bind(Uuid::now_v7())
    .bind(created_at)
    .execute(&mut conn)
    .await
    .unwrap();
}

#[tokio::test]
async fn every_hour_each_cleanup_job_is_written_once() {
    let (db, clock) = (TestDb::new().await, clock());
    enter(&db.pool, &clock, &[HOUSEKEEPING]).await.unwrap();
    let kinds = async || {
        let sql = "select kind, count(*) from jobs group by kind order by kind";
        let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(&db.pool).await.unwrap();
        rows
    };
    let each = |count| {
        let kinds = ["idempotency", "job", "position", "report", "session", "timetable"];
        kinds.map(|kind| (format!("{kind}_cleanup"), count))
    };
    let all_look = async || join_all((0..8).map(|_| fire(&db.pool, &clock, &HOUSEKEEPING))).await;
    for hour in 1..=3 {
        all_look().await;
        all_look().await;
        assert_eq!(kinds().await, each(hour));
        clock.advance(TimeDelta::minutes(59));
        all_look().await;
        assert_eq!(kinds().await, each(hour));
        clock.advance(TimeDelta::minutes(1));
    }
    // No scheduler ran for two days.
    clock.advance(TimeDelta::days(2));
    all_look().await;
    assert_eq!(kinds().await, each(4));
}
