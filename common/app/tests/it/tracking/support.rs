//! A company with an account at a provider whose buses stand where a test puts them.

use std::time::Duration;

use app::tracking::account;
use app::tracking::{self, Polled, Tracking};
use app::work::Work;
use chrono::{DateTime, TimeDelta, Utc};
use clients::Timeouts;
use db::tracking::tracker::Tracker;
use domain::id::{CompanyId, TrackerId, TrackingAccountId};
use domain::position::RawFix;
use domain::tracking::Provider;
use kernel::clock::Clock;
use ledger::Cause;
use simulators::tracking::{TrackingSimulator, World as Buses};
use testing::database::TestDb;
use testing::world::{World, vault};

pub const SECRET: &str = "sesame";
/// External ids of the provider's two buses.
pub const FIRST: u64 = 101;
pub const SECOND: u64 = 102;
/// Time-out for waits without a limit of their own.
pub const SOON: Duration = Duration::from_secs(60);

pub struct Depot {
    pub db: TestDb,
    pub clock: Clock,
    pub provider: TrackingSimulator,
    pub tracking: Tracking,
    pub company_id: CompanyId,
    pub account_id: TrackingAccountId,
    pub first: TrackerId,
    pub second: TrackerId,
}

pub fn start() -> DateTime<Utc> {
    "2027-02-01T08:00:00Z".parse().unwrap()
}

/// A position at this latitude, recorded this number of seconds after the start.
pub fn fix(latitude: f64, seconds: i64) -> RawFix {
    RawFix {
        latitude,
        longitude: 30.5,
        speed_kmh: Some(80.0),
        course: Some(90.0),
        recorded_at: start().timestamp() + seconds,
    }
}

pub fn tracking(db: &TestDb, clock: &Clock) -> Tracking {
    tracking_that_waits(db, clock, SOON)
}

/// With clients that wait so long for an answer.
pub fn tracking_that_waits(db: &TestDb, clock: &Clock, limit: Duration) -> Tracking {
    let timeouts = Timeouts {
        step: limit,
        total: limit,
    };
    Tracking::new(db.pool.clone(), clock.clone(), vault(), TimeDelta::days(30), timeouts).unwrap()
}

impl Depot {
    /// The first bus is enabled, the second is not.
    pub async fn new() -> Self {
        Self::with(Provider::Wialon, |sim| sim.url(), Some(SECRET)).await
    }

    /// The same over a file of GTFS-Realtime.
    pub async fn gtfs_realtime() -> Self {
        Self::with(Provider::GtfsRealtime, TrackingSimulator::feed_url, Some(SECRET)).await
    }

    pub async fn with(provider: Provider, url: fn(&TrackingSimulator) -> String, token: Option<&str>) -> Self {
        let (db, clock) = (TestDb::new().await, Clock::manual(start()));
        let buses = Buses::default()
            .with_unit(FIRST, "ours", "Setra", Some("AA 0001"))
            .with_unit(SECOND, "ours", "BB-0002", None);
        let sim = TrackingSimulator::start(([127, 0, 0, 1], 0).into(), SECRET.into(), buses, clock.clone())
            .await
            .unwrap();
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, start()).await;
        let company_id = world.company("karpaty").await.id;
        let account_id = world.tracking_account(company_id, provider, &url(&sim), token).await;
        let first = world.tracker(account_id, &FIRST.to_string(), true).await;
        let second = world.tracker(account_id, &SECOND.to_string(), false).await;
        drop(conn);
        Self {
            tracking: tracking(&db, &clock),
            db,
            clock,
            provider: sim,
            company_id,
            account_id,
            first,
            second,
        }
    }

    pub async fn poll(&self) -> Polled {
        tracking::poll(&self.tracking, self.account_id, &Cause::default())
            .await
            .unwrap()
    }

    /// Why a poll failed.
    pub async fn failure(&self) -> String {
        match self.poll().await {
            Polled::Failed { reason, .. } => reason,
            other => unreachable!("{other:?}"),
        }
    }

    pub async fn tracker(&self, id: TrackerId) -> Tracker {
        let mut conn = self.db.pool.acquire().await.unwrap();
        db::tracking::tracker::find(&mut conn, self.company_id, id)
            .await
            .unwrap()
            .unwrap()
    }

    pub async fn toggle(&self, id: TrackerId, enabled: bool) {
        let now = self.clock.now();
        account::toggle(
            &Work::Own(self.db.pool.clone()),
            now,
            self.company_id,
            id,
            enabled,
            &Cause::default(),
        )
        .await
        .unwrap();
    }

    /// Latitudes of the stored positions of all trackers, by time.
    pub async fn stored(&self) -> Vec<f64> {
        sqlx::query_scalar("select latitude from positions order by recorded_at, latitude")
            .fetch_all(&self.db.pool)
            .await
            .unwrap()
    }

    pub async fn dropped(&self, id: TrackerId) -> i64 {
        sqlx::query_scalar("select dropped_fixes from trackers where id = $1")
            .bind(id)
            .fetch_one(&self.db.pool)
            .await
            .unwrap()
    }

    /// Failures in a row, message, and the wait until the next poll.
    pub async fn trouble(&self) -> (i32, Option<String>, TimeDelta) {
        let (failures, message, next): (i32, Option<String>, DateTime<Utc>) =
            sqlx::query_as("select failures, error_message, next_poll_at from tracking_accounts where id = $1")
                .bind(self.account_id)
                .fetch_one(&self.db.pool)
                .await
                .unwrap();
        (failures, message, next - self.clock.now())
    }

    /// Polls in the ledger.
    pub async fn polls(&self) -> i64 {
        sqlx::query_scalar("select count(*) from jobs where kind = 'geolocation_poll'")
            .fetch_one(&self.db.pool)
            .await
            .unwrap()
    }

    /// What a worker does with all polls that wait.
    pub async fn finish_jobs(&self) {
        sqlx::query("update jobs set state = 'done', finished_at = now()")
            .execute(&self.db.pool)
            .await
            .unwrap();
    }
}

/// A poll that asked for one tracker.
pub fn positions(stored: usize, dropped: usize) -> Polled {
    Polled::Positions {
        asked: 1,
        stored,
        dropped,
    }
}
