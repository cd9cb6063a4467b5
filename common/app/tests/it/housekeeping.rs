//! Clearing away old rows: what goes, what stays, how much at a time.

use std::time::Duration;

use app::housekeeping::{
    BUDGET, Cleared, GEO_RETENTION, SESSION_RETENTION, delete_answers, delete_jobs, delete_sessions,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::idempotency::LIFETIME;
use futures::future::join_all;
use testing::database::TestDb;
use testing::world::World;

mod dead_jobs;
mod job_days;

const RETENTION: TimeDelta = TimeDelta::days(14);

fn now() -> DateTime<Utc> {
    "2027-02-01T08:00:00Z".parse().unwrap()
}

/// Jobs in a state that ended (or were written) so long before now.
async fn jobs(db: &TestDb, count: i64, state: &str, age: TimeDelta) {
    sqlx::query(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, finished_at)
         select gen_random_uuid(), 'sweep', 'order_sweep', '{}', $2, $3, 5, $3,
                case when $2 in ('done', 'dead') then $3 - n * interval '1 microsecond' end
         from generate_series(1, $1) as n",
    )
    .bind(count)
    .bind(state)
    .bind(now() - age)
    .execute(&db.pool)
    .await
    .unwrap();
}

async fn count(db: &TestDb, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&db.pool).await.unwrap()
}

#[tokio::test]
async fn jobs_that_are_done_long_ago_go_and_all_others_stay() {
    let db = TestDb::new().await;
    let long_ago = RETENTION + TimeDelta::seconds(1);
    jobs(&db, 12_345, "done", long_ago).await;
    jobs(&db, 7, "done", RETENTION - TimeDelta::seconds(1)).await;
    for state in ["ready", "sent", "running", "dead"] {
        jobs(&db, 3, state, TimeDelta::days(1000)).await;
    }
    let clear = || delete_jobs(&db.pool, now(), RETENTION, BUDGET);
    let (rows, is_all) = (12_345, true);
    assert_eq!(clear().await.unwrap(), Cleared { rows, is_all });
    assert_eq!(count(&db, "select count(*) from jobs where state = 'done'").await, 7);
    assert_eq!(count(&db, "select count(*) from jobs where state <> 'done'").await, 12);
    assert_eq!(clear().await.unwrap(), Cleared { rows: 0, is_all });
}

#[tokio::test]
async fn jobs_of_tracking_providers_that_are_done_go_after_a_day() {
    let db = TestDb::new().await;
    jobs(&db, 2_345, "done", GEO_RETENTION + TimeDelta::seconds(1)).await;
    jobs(&db, 4, "dead", TimeDelta::days(1000)).await;
    sqlx::query("update jobs set queue = 'geo'")
        .execute(&db.pool)
        .await
        .unwrap();
    // Of the same age, of another queue.
    jobs(&db, 5, "done", GEO_RETENTION + TimeDelta::seconds(1)).await;
    let (rows, is_all) = (2_345, true);
    let cleared = delete_jobs(&db.pool, now(), RETENTION, BUDGET).await.unwrap();
    assert_eq!(cleared, Cleared { rows, is_all });
    assert_eq!(count(&db, "select count(*) from jobs where state = 'dead'").await, 4);
    assert_eq!(count(&db, "select count(*) from jobs where queue = 'sweep'").await, 5);
    // Where finished jobs are kept for less than that, these are, too.
    jobs(&db, 6, "done", TimeDelta::hours(2)).await;
    sqlx::query("update jobs set queue = 'geo'")
        .execute(&db.pool)
        .await
        .unwrap();
    delete_jobs(&db.pool, now(), TimeDelta::hours(1), BUDGET).await.unwrap();
    assert_eq!(count(&db, "select count(*) from jobs where state = 'done'").await, 0);
}

#[tokio::test]
async fn a_run_whose_time_is_over_leaves_the_rest_to_the_next() {
    let db = TestDb::new().await;
    jobs(&db, 2_500, "done", RETENTION * 2).await;
    for (rows, is_all) in [(1000, false), (1000, false), (500, true), (0, true)] {
        let cleared = delete_jobs(&db.pool, now(), RETENTION, Duration::ZERO).await.unwrap();
        assert_eq!(cleared, Cleared { rows, is_all });
    }
}

#[tokio::test]
async fn several_runs_at_once_share_the_work() {
    let db = TestDb::new().await;
    jobs(&db, 12_000, "done", RETENTION * 2).await;
    let runs = join_all((0..4).map(|_| delete_jobs(&db.pool, now(), RETENTION, BUDGET))).await;
    let rows: u64 = runs.into_iter().map(|cleared| cleared.unwrap().rows).sum();
    assert_eq!(rows, 12_000);
    assert_eq!(count(&db, "select count(*) from jobs").await, 0);
}

#[tokio::test]
async fn a_locked_row_delays_no_other() {
    let db = TestDb::new().await;
    jobs(&db, 1_500, "done", RETENTION * 2).await;
    let mut held = db.pool.begin().await.unwrap();
    sqlx::query("select from jobs order by finished_at limit 10 for update")
        .execute(&mut *held)
        .await
        .unwrap();
    let cleared = delete_jobs(&db.pool, now(), RETENTION, BUDGET).await.unwrap();
    assert_eq!(cleared.rows, 1_490);
    held.rollback().await.unwrap();
    let cleared = delete_jobs(&db.pool, now(), RETENTION, BUDGET).await.unwrap();
    assert_eq!(cleared.rows, 10);
}

/// Sessions that end then: they expire, or a user ends them.
async fn sessions(db: &TestDb, count: i64, expires: TimeDelta, revoked: Option<TimeDelta>) {
    sqlx::query(
        "insert into sessions (id, user_id, access_id, salt, created_at, last_used_at, expires_at, revoked_at)
         select gen_random_uuid(), user_id, id, '\\x00', $2, $2, $3, $4 from accesses, generate_series(1, $1)",
    )
    .bind(count)
    .bind(now() - TimeDelta::days(60))
    .bind(now() + expires)
    .bind(revoked.map(|revoked| now() + revoked))
    .execute(&db.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn sessions_that_ended_long_ago_go_and_all_others_stay() {
    let db = TestDb::new().await;
    let mut conn = db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, now()).await;
    let company = world.company("karpaty").await.id;
    let place = domain::access::Workplace::Company(company);
    world
        .person("olena@karpaty.example", &[(place, domain::role::Role::Admin)])
        .await;
    drop(conn);
    let (long_ago, lately) = (
        -SESSION_RETENTION - TimeDelta::seconds(1),
        -SESSION_RETENTION + TimeDelta::seconds(1),
    );
    let month = TimeDelta::days(30);
    // Expired; revoked; both.
    sessions(&db, 6_000, long_ago, None).await;
    sessions(&db, 5_000, month, Some(long_ago)).await;
    sessions(&db, 1_500, long_ago, Some(long_ago * 2)).await;
    // Lately expired; lately revoked; alive.
    sessions(&db, 5, lately, None).await;
    sessions(&db, 5, month, Some(lately)).await;
    sessions(&db, 5, month, None).await;

    let cleared = delete_sessions(&db.pool, now(), Duration::ZERO).await.unwrap();
    let first = Cleared {
        rows: 1000,
        is_all: false,
    };
    assert_eq!(cleared, first);
    let clear = || delete_sessions(&db.pool, now(), BUDGET);
    let (rows, is_all) = (11_500, true);
    assert_eq!(clear().await.unwrap(), Cleared { rows, is_all });
    assert_eq!(count(&db, "select count(*) from sessions").await, 15);
    assert_eq!(clear().await.unwrap(), Cleared { rows: 0, is_all });
}

/// Answers that were kept so long before now.
async fn answers(db: &TestDb, count: i64, age: TimeDelta) {
    sqlx::query(
        "insert into idempotency_keys (caller, key_hash, fingerprint, status, sealed_body, created_at)
         select $2::text, sha256(n::text::bytea), sha256(''), 200, '', $2 from generate_series(1, $1) as n",
    )
    .bind(count)
    .bind(now() - age)
    .execute(&db.pool)
    .await
    .unwrap();
}

#[tokio::test]
async fn answers_that_are_not_replayed_any_more_go_in_batches() {
    let db = TestDb::new().await;
    answers(&db, 2_300, LIFETIME).await;
    answers(&db, 1_200, LIFETIME * 3).await;
    answers(&db, 9, LIFETIME - TimeDelta::microseconds(1)).await;
    let cleared = delete_answers(&db.pool, now(), Duration::ZERO).await.unwrap();
    let first = Cleared {
        rows: 1000,
        is_all: false,
    };
    assert_eq!(cleared, first);
    let runs = join_all((0..4).map(|_| delete_answers(&db.pool, now(), BUDGET))).await;
    let rows: u64 = runs.into_iter().map(|cleared| cleared.unwrap().rows).sum();
    assert_eq!(rows, 2_500);
    assert_eq!(count(&db, "select count(*) from idempotency_keys").await, 9);
}
