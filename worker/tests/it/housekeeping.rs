//! Old rows are deleted: a schedule writes the jobs, the sweep worker runs them.

use std::time::Duration;

use app::jobs::queue;
use chrono::{DateTime, TimeDelta, Utc};
use config::{Needs, Settings};
use domain::access::Workplace;
use domain::role::Role;
use kernel::clock::Clock;
use process::Process;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use testing::settings::settings;
use testing::world::World;
use tokio_util::sync::CancellationToken;

const SOON: Duration = Duration::from_mins(2);

/// A finished job, a revoked session and a stored response of an idempotency key, each this number of days old.
async fn leave_behind(db: &TestDb, now: DateTime<Utc>, days: i64) {
    sqlx::query(
        "with job as (
             insert into finished_jobs (id, queue, kind, payload, run_at, attempt, max_attempts, crashes, created_at,
                                        finished_at, is_urgent, tenant)
             values (gen_random_uuid(), 'email', 'left_behind', '{}', $1, 1, 5, 0, $1, $1, false, gen_random_uuid())
         ), answer as (
             insert into idempotency_keys (caller, key_hash, fingerprint, status, sealed_body, created_at)
             values ('x', sha256($1::text::bytea), sha256(''), 200, '', $1)
         )
         insert into sessions (id, user_id, access_id, salt, created_at, last_used_at, expires_at, revoked_at)
         select gen_random_uuid(), user_id, id, '\\x00', $1, $1, $1 + interval '30 days', $1 from accesses",
    )
    .bind(now - TimeDelta::days(days))
    .execute(&db.pool)
    .await
    .unwrap();
}

async fn left(db: &TestDb) -> (i64, i64, i64) {
    sqlx::query_as(
        "select (select count(*) from finished_jobs where kind = 'left_behind'), (select count(*) from sessions),
                (select count(*) from idempotency_keys)",
    )
    .fetch_one(&db.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn every_hour_what_is_past_its_retention_goes() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let clock = Clock::manual("2027-02-01T08:00:00Z".parse().unwrap());
    let mut conn = db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, clock.now()).await;
    let place = Workplace::Company(world.company("karpaty").await.id);
    world.person("olena@karpaty.example", &[(place, Role::Admin)]).await;
    drop(conn);
    for days in [0, 1, 2, 3, 6, 8, 100] {
        leave_behind(&db, clock.now(), days).await;
    }
    let figment = settings(&db.url)
        .merge(("redis_url", redis.url()))
        .merge(("job_retention_days", 2))
        .merge(("shutdown_seconds", 1));
    let settings = Settings::from_figment(&figment, Needs::Queue).unwrap();
    let shutdown = CancellationToken::new();
    let start = async || {
        Process::start(settings.clone(), clock.clone(), shutdown.clone())
            .await
            .unwrap()
    };
    let sweep = start().await;
    let scheduler = tokio::spawn(scheduler::run::run(start().await));
    let worker = tokio::spawn(worker::run(sweep, queue::SWEEP, worker::sweep::handlers));
    let becomes = async |jobs: i64, sessions: i64, answers: i64| {
        eventually("old rows are gone", SOON, async || {
            (left(&db).await == (jobs, sessions, answers)).then_some(())
        })
        .await;
    };
    // Jobs of exactly two days are kept; a stored response is kept for less than a day.
    becomes(3, 5, 1).await;
    clock.advance(TimeDelta::hours(1));
    becomes(2, 5, 1).await;
    clock.advance(TimeDelta::days(1));
    becomes(1, 4, 0).await;
    shutdown.cancel();
    scheduler.await.unwrap().unwrap();
    worker.await.unwrap().unwrap();
}
