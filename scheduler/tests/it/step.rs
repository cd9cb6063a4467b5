//! The clock of the database is set. The tests cannot set it: they make up what the reconciler read before, and shift
//! what the ledger noted by that clock.

mod deadline;

use std::time::{Duration, Instant};

use app::jobs::queue;
use chrono::{DateTime, TimeDelta, Utc};
use ledger::scheduler::{Reading, Steps};
use sqlx::{PgConnection, Row};
use testing::database::TestDb;

/// A worker with a job that has begun, and jobs that are sent and wait: named by their kinds, on a clock that is 30
/// minutes ahead.
const AHEAD: &str = "
    insert into processes (id, name, started_at, beat_at)
    values ('01a00000-0000-7000-8000-000000000001', 'email_worker 1', now(), now() + interval '30 minutes');
    insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, attempt, sent_at, epoch,
                      process_id, claimed_at, deadline_at)
    select gen_random_uuid(), 'email', kind, '{}', state, now() + ahead, 5, now(), 1, now() + ahead, gen_random_uuid(),
           case when state = 'running' then '01a00000-0000-7000-8000-000000000001'::uuid end, now() + ahead,
           case when state = 'running' then now() + ahead + interval '1 minute' end
    from (values ('begun', 'running', interval '30 minutes'), ('sent', 'sent', interval '30 minutes'),
                 ('sent earlier', 'sent', interval '29 minutes'), ('due', 'ready', interval '29 minutes'),
                 ('due later', 'ready', interval '40 minutes')) as job (kind, state, ahead)";

async fn database(sql: &'static str) -> TestDb {
    let db = TestDb::new().await;
    sqlx::raw_sql(sql).execute(&db.pool).await.unwrap();
    db
}

async fn now(conn: &mut PgConnection) -> DateTime<Utc> {
    sqlx::query_scalar("select clock_timestamp()")
        .fetch_one(conn)
        .await
        .unwrap()
}

fn reading(at: Instant, said: DateTime<Utc>) -> Reading {
    Reading {
        asked: at,
        said,
        answered: at,
    }
}

/// A look when the clock was ahead by so much, and one a second later, after it was set; whether each noticed a step.
async fn set(conn: &mut PgConnection, steps: &mut Steps, ahead: TimeDelta) -> [bool; 2] {
    let (start, now) = (Instant::now(), now(conn).await);
    let before = reading(start, now + ahead - TimeDelta::seconds(1));
    let after = reading(start + Duration::from_secs(1), now);
    let mut noticed = [false; 2];
    for (noticed, reading) in noticed.iter_mut().zip([before, after]) {
        *noticed = steps.look(conn, &queue::ALL, reading).await.unwrap();
    }
    noticed
}

/// How many seconds ahead this time of the job of this kind is.
async fn ahead(conn: &mut PgConnection, kind: &str, time: &str) -> f64 {
    let sql = "select extract(epoch from run_at - now())::float8 as run_at,
                      extract(epoch from sent_at - now())::float8 as sent_at,
                      extract(epoch from claimed_at - now())::float8 as claimed_at,
                      extract(epoch from deadline_at - now())::float8 as deadline_at
               from jobs where kind = $1";
    let row = sqlx::query(sql).bind(kind).fetch_one(conn).await.unwrap();
    row.get(time)
}

#[tokio::test]
async fn times_that_a_clock_set_back_left_in_the_future_are_drawn_back_once() {
    let db = database(AHEAD).await;
    let mut conn = db.pool.acquire().await.unwrap();
    // Each of several schedulers notices it.
    for _ in 0..3 {
        let mut steps = Steps::default();
        assert_eq!(set(&mut conn, &mut steps, TimeDelta::minutes(30)).await, [false, true]);
        let beat: f64 = sqlx::query_scalar("select extract(epoch from beat_at - now())::float8 from processes")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
        assert!(beat <= 0.0, "{beat}");
        for kind in ["sent", "sent earlier"] {
            let sent = ahead(&mut conn, kind, "sent_at").await;
            assert!((-30.0..1.0).contains(&sent), "{kind}: {sent}");
        }
        let sent = ahead(&mut conn, "sent", "sent_at").await;
        assert!(
            ahead(&mut conn, "sent earlier", "sent_at").await < sent,
            "the order stays"
        );
        let claimed = ahead(&mut conn, "begun", "claimed_at").await;
        assert!(claimed > 1700.0, "it identifies the claim: {claimed}");
        let deadline = ahead(&mut conn, "begun", "deadline_at").await;
        assert!((30.0..61.0).contains(&deadline), "{deadline}");
        let due = ahead(&mut conn, "due", "run_at").await;
        assert!((-90.0..0.0).contains(&due), "{due}");
        let later = ahead(&mut conn, "due later", "run_at").await;
        assert!(later > 2300.0, "it was not due yet: {later}");
    }
}

#[tokio::test]
async fn a_job_that_a_process_writes_by_the_old_clock_after_the_step_is_due_too() {
    let db = database(AHEAD).await;
    let mut conn = db.pool.acquire().await.unwrap();
    let mut steps = Steps::default();
    let (start, began) = (Instant::now(), now(&mut conn).await);
    set(&mut conn, &mut steps, TimeDelta::minutes(30)).await;
    sqlx::raw_sql(
        "update jobs set run_at = now() + interval '30 minutes' where kind = 'due';
         update jobs set run_at = now() + interval '1 minute' where kind = 'due later'",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    let next = reading(start + Duration::from_secs(9), began + TimeDelta::seconds(8));
    assert!(!steps.look(&mut conn, &queue::ALL, next).await.unwrap());
    let due = ahead(&mut conn, "due", "run_at").await;
    assert!(due < 5.0, "{due}");
    let later = ahead(&mut conn, "due later", "run_at").await;
    assert!(later > 30.0, "it was written by the new clock: {later}");
}

#[tokio::test]
async fn a_clock_that_was_not_set_changes_nothing_and_a_first_look_corrects_what_is_impossible() {
    let db = database(AHEAD).await;
    let mut conn = db.pool.acquire().await.unwrap();
    let mut steps = Steps::default();
    assert_eq!(set(&mut conn, &mut steps, TimeDelta::zero()).await, [false, false]);
    let sent = ahead(&mut conn, "sent", "sent_at").await;
    assert!(sent < 1.0, "{sent}");
    let due = ahead(&mut conn, "due", "run_at").await;
    assert!(due > 1600.0, "it may be due then: {due}");
    sqlx::raw_sql("update jobs set sent_at = now() + interval '30 minutes' where kind = 'sent'")
        .execute(&mut *conn)
        .await
        .unwrap();
    let next = reading(
        Instant::now() + Duration::from_secs(1),
        now(&mut conn).await + TimeDelta::seconds(1),
    );
    assert!(!steps.look(&mut conn, &queue::ALL, next).await.unwrap());
    let sent = ahead(&mut conn, "sent", "sent_at").await;
    assert!(sent > 1700.0, "{sent}");
}

#[tokio::test]
async fn what_was_sent_by_the_old_clock_stays_before_what_the_new_one_sends() {
    let db = database(AHEAD).await;
    let mut conn = db.pool.acquire().await.unwrap();
    sqlx::raw_sql("update jobs set sent_at = now() where kind = 'sent'")
        .execute(&mut *conn)
        .await
        .unwrap();
    let (start, now) = (Instant::now(), now(&mut conn).await);
    let mut steps = Steps::default();
    let before = reading(start, now + TimeDelta::minutes(28));
    let after = reading(start + Duration::from_secs(60), now);
    for reading in [before, after] {
        steps.look(&mut conn, &queue::ALL, reading).await.unwrap();
    }
    let earlier = ahead(&mut conn, "sent earlier", "sent_at").await;
    assert!(earlier < ahead(&mut conn, "sent", "sent_at").await, "{earlier}");
}

#[tokio::test]
async fn of_many_jobs_that_are_due_at_the_same_time_every_one_is_due_again() {
    let db = database(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at)
         select gen_random_uuid(), 'email', 'due', '{}', 'ready', now() + interval '29 minutes', 5, now()
         from generate_series(1, 12000)",
    )
    .await;
    let mut conn = db.pool.acquire().await.unwrap();
    let mut steps = Steps::default();
    let (start, began) = (Instant::now(), now(&mut conn).await);
    set(&mut conn, &mut steps, TimeDelta::minutes(30)).await;
    for second in 1_u32..4 {
        let next = reading(
            start + Duration::from_secs(u64::from(second) + 1),
            began + TimeDelta::seconds(i64::from(second)),
        );
        assert!(!steps.look(&mut conn, &queue::ALL, next).await.unwrap());
    }
    let late: i64 = sqlx::query_scalar("select count(*) from jobs where run_at > now() + interval '1 minute'")
        .fetch_one(&mut *conn)
        .await
        .unwrap();
    assert_eq!(late, 0);
}
