//! Which accounts at tracking providers get a poll, and when.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::TrackingAccountId;
use domain::tracking::Provider;
use futures::future::join_all;
use kernel::clock::Clock;
use ledger::scheduler::{Schedule, enter, fire};
use scheduler::tracking::{TRACKING_POLLS, TRACKING_SYNCS};
use testing::database::TestDb;
use testing::world::World;

struct Stage {
    db: TestDb,
    clock: Clock,
}

impl Stage {
    async fn new() -> Self {
        let (db, clock) = (
            TestDb::new().await,
            Clock::manual("2027-02-01T08:00:00Z".parse().unwrap()),
        );
        enter(&db.pool, &clock, &[TRACKING_POLLS, TRACKING_SYNCS])
            .await
            .unwrap();
        Self { db, clock }
    }

    /// Accounts that are due now, each with one tracker.
    async fn accounts(&self, enabled: &[bool]) -> Vec<TrackingAccountId> {
        let mut conn = self.db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, self.clock.now()).await;
        let company = world.company("karpaty").await.id;
        let mut accounts = Vec::new();
        for enabled in enabled {
            let account = world
                .tracking_account(company, Provider::Wialon, "http://127.0.0.1:1", Some("token"))
                .await;
            world.tracker(account, "7", *enabled).await;
            accounts.push(account);
        }
        accounts
    }

    /// Runs a tick a second later; returns the accounts of the polls (or syncs) that it wrote.
    async fn tick(&self, schedule: &Schedule) -> Vec<TrackingAccountId> {
        self.clock.advance(TimeDelta::seconds(1));
        fire(&self.db.pool, &self.clock, schedule).await.unwrap();
        self.waiting().await
    }

    async fn waiting(&self) -> Vec<TrackingAccountId> {
        let ids: Vec<String> =
            sqlx::query_scalar("select payload ->> 'account_id' from jobs where state = 'ready' order by 1")
                .fetch_all(&self.db.pool)
                .await
                .unwrap();
        ids.iter().map(|id| id.parse().unwrap()).collect()
    }

    async fn finish(&self, state: &str) {
        sqlx::query("update jobs set state = $1, finished_at = now() where state = 'ready'")
            .bind(state)
            .execute(&self.db.pool)
            .await
            .unwrap();
    }

    async fn next(&self, column: &str) -> DateTime<Utc> {
        let sql = format!("select min({column}) from tracking_accounts");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&self.db.pool)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn accounts_with_an_enabled_tracker_are_polled_when_due_and_in_step() {
    let stage = Stage::new().await;
    let start = stage.clock.now();
    let accounts = stage.accounts(&[true, false]).await;
    assert_eq!(stage.tick(&TRACKING_POLLS).await, [accounts[0]]);
    stage.finish("done").await;
    for _ in 0..28 {
        assert!(stage.tick(&TRACKING_POLLS).await.is_empty());
    }
    assert_eq!(stage.tick(&TRACKING_POLLS).await, [accounts[0]]);
    assert_eq!(stage.clock.now(), start + TimeDelta::seconds(30));
    stage.finish("done").await;
    // The interval is kept even if a tick is late.
    stage.clock.advance(TimeDelta::seconds(100));
    assert_eq!(stage.tick(&TRACKING_POLLS).await, [accounts[0]]);
    sqlx::query("update trackers set enabled = true")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    assert_eq!(stage.tick(&TRACKING_POLLS).await.len(), 2);
    assert_eq!(stage.next("next_poll_at").await, start + TimeDelta::seconds(150));
}

#[tokio::test]
async fn an_account_that_a_wrong_clock_put_off_is_polled_and_synced_now() {
    let stage = Stage::new().await;
    let accounts = stage.accounts(&[true]).await;
    let wrong = "update tracking_accounts set next_poll_at = next_poll_at + interval '26 hours 7 seconds',
                     next_sync_at = next_sync_at + interval '26 hours 7 seconds'";
    sqlx::query(wrong).execute(&stage.db.pool).await.unwrap();
    for (schedule, column, period) in [
        (&TRACKING_POLLS, "next_poll_at", TimeDelta::seconds(30)),
        (&TRACKING_SYNCS, "next_sync_at", TimeDelta::hours(1)),
    ] {
        assert_eq!(stage.tick(schedule).await, accounts, "{column}");
        let ahead = stage.next(column).await - stage.clock.now();
        assert!(ahead > TimeDelta::zero() && ahead <= period, "{column}: {ahead}");
        stage.finish("done").await;
    }
}

#[tokio::test]
async fn a_poll_that_is_not_finished_is_waited_for() {
    let stage = Stage::new().await;
    let accounts = stage.accounts(&[true]).await;
    stage.tick(&TRACKING_POLLS).await;
    for state in ["ready", "sent", "running"] {
        sqlx::query("update jobs set state = $1")
            .bind(state)
            .execute(&stage.db.pool)
            .await
            .unwrap();
        stage.clock.advance(TimeDelta::minutes(2));
        stage.tick(&TRACKING_POLLS).await;
        let jobs: i64 = sqlx::query_scalar("select count(*) from jobs")
            .fetch_one(&stage.db.pool)
            .await
            .unwrap();
        assert_eq!(jobs, 1, "{state}");
    }
    // A dead poll does not finish.
    sqlx::query("update jobs set state = 'dead'")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    assert_eq!(stage.tick(&TRACKING_POLLS).await, accounts);
}

#[tokio::test]
async fn an_account_that_waits_after_failures_is_left_alone() {
    let stage = Stage::new().await;
    let accounts = stage.accounts(&[true]).await;
    sqlx::query("update tracking_accounts set next_poll_at = next_poll_at + interval '5 seconds', failures = 3")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    for _ in 0..4 {
        assert!(stage.tick(&TRACKING_POLLS).await.is_empty());
    }
    assert_eq!(stage.tick(&TRACKING_POLLS).await, accounts);
}

#[tokio::test]
async fn many_schedulers_write_one_poll_for_each_account() {
    let stage = Stage::new().await;
    let accounts = stage.accounts(&[true; 20]).await;
    let fires = (0..8).map(|_| fire(&stage.db.pool, &stage.clock, &TRACKING_POLLS));
    for fired in join_all(fires).await {
        fired.unwrap();
    }
    let mut expected = accounts;
    expected.sort_unstable_by_key(ToString::to_string);
    assert_eq!(stage.waiting().await, expected);
}

#[tokio::test]
async fn a_tick_takes_a_bounded_batch_and_the_next_takes_the_rest() {
    let stage = Stage::new().await;
    stage.accounts(&[true]).await;
    sqlx::raw_sql(
        "insert into tracking_accounts (id, company_id, provider, name, url, next_poll_at, next_sync_at, created_at)
         select gen_random_uuid(), company_id, provider, n::text, url, next_poll_at, next_sync_at, created_at
         from tracking_accounts, generate_series(1, 599) as n;
         insert into trackers (id, account_id, company_id, external_id, name, enabled)
         select gen_random_uuid(), id, company_id, '8', 'bus', true from tracking_accounts;",
    )
    .execute(&stage.db.pool)
    .await
    .unwrap();
    assert_eq!(stage.tick(&TRACKING_POLLS).await.len(), 500);
    assert_eq!(stage.tick(&TRACKING_POLLS).await.len(), 600);
    assert_eq!(stage.tick(&TRACKING_POLLS).await.len(), 600);
}

#[tokio::test]
async fn lists_are_fetched_every_hour_whether_anything_is_enabled_or_not() {
    let stage = Stage::new().await;
    let start = stage.clock.now();
    let mut accounts = stage.accounts(&[true, false]).await;
    accounts.sort_unstable_by_key(ToString::to_string);
    assert!(stage.tick(&TRACKING_SYNCS).await.is_empty());
    stage.clock.advance(TimeDelta::hours(1));
    assert_eq!(stage.tick(&TRACKING_SYNCS).await, accounts);
    assert_eq!(stage.tick(&TRACKING_SYNCS).await.len(), 2);
    stage.finish("done").await;
    assert!(stage.tick(&TRACKING_SYNCS).await.is_empty());
    assert_eq!(stage.next("next_sync_at").await, start + TimeDelta::hours(2));
}
