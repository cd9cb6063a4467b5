//! Tracking from enabling a tracker to its position: real worker processes, a scheduler, Redis, PostgreSQL, and a
//! provider behind connections that a test can cut.

mod hanging;

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use app::tracking::account;
use app::work::Work;
use config::{Needs, Settings};
use domain::id::{CompanyId, TrackerId, TrackingAccountId};
use domain::tracking::Provider;
use kernel::clock::Clock;
use ledger::Cause;
use process::Process;
use simulators::tracking::{TrackingSimulator, World as Buses};
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use testing::settings::{VAULT_KEY, settings};
use testing::world::World;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

const SOON: Duration = Duration::from_secs(60);
const SECRET: &str = "sesame";

/// A proxy to the provider.
struct Cable {
    address: SocketAddr,
    to: SocketAddr,
    task: JoinHandle<()>,
}

impl Cable {
    async fn new(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(carry(listener, to));
        Self { address, to, task }
    }

    /// Closes all connections in the middle of what they carry.
    fn cut(&self) {
        self.task.abort();
    }

    async fn reconnect(&mut self) {
        let listener = eventually("the port", SOON, async || TcpListener::bind(self.address).await.ok()).await;
        self.task = tokio::spawn(carry(listener, self.to));
    }
}

async fn carry(listener: TcpListener, to: SocketAddr) {
    // The set, and with it all connections, is dropped with this task.
    let mut wires = JoinSet::new();
    while let Ok((mut near, _)) = listener.accept().await {
        wires.spawn(async move {
            if let Ok(mut far) = TcpStream::connect(to).await {
                let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            }
        });
    }
}

struct Stage {
    db: TestDb,
    redis: TestRedis,
    provider: TrackingSimulator,
    cable: Cable,
    company_id: CompanyId,
    _scheduler: DropGuard,
    _workers: Vec<Child>,
}

impl Stage {
    async fn new(workers: usize) -> Self {
        Self::with_slots(workers, 16).await
    }

    async fn with_slots(workers: usize, slots: usize) -> Self {
        let (db, redis) = (TestDb::new().await, TestRedis::start().await);
        let clock = Clock::system();
        let buses = Buses::default().with_accounts(3, 2);
        let provider = TrackingSimulator::start(([127, 0, 0, 1], 0).into(), SECRET.into(), buses, clock.clone())
            .await
            .unwrap();
        let cable = Cable::new(provider.address()).await;
        let mut conn = db.pool.acquire().await.unwrap();
        let company_id = World::new(&mut conn, clock.now()).await.company("karpaty").await.id;
        drop(conn);
        let shutdown = CancellationToken::new();
        let figment = settings(&db.url).merge(("redis_url", redis.url()));
        let settings = Settings::from_figment(&figment, Needs::Queue).unwrap();
        let process = Process::start(settings, clock, shutdown.clone()).await.unwrap();
        tokio::spawn(scheduler::run::run(process));
        let worker = || {
            Command::new(env!("CARGO_BIN_EXE_geo_worker"))
                .env_clear()
                .env("DATABASE_URL", &db.url)
                .env("REDIS_URL", redis.url())
                .env("VAULT_KEY", VAULT_KEY)
                .env("WORKER_CONCURRENCY", slots.to_string())
                .stdout(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .unwrap()
        };
        Self {
            _workers: (0..workers).map(|_| worker()).collect(),
            _scheduler: shutdown.drop_guard(),
            db,
            redis,
            provider,
            cable,
            company_id,
        }
    }

    /// Adds an account with one tracker, which is not enabled; `tracking` is its number at the simulated provider.
    async fn account(&self, tracking: u64, poll_seconds: i32) -> (TrackingAccountId, TrackerId) {
        let url = format!("http://{}", self.cable.address);
        let token = format!("fleet-{tracking}:{SECRET}");
        let mut conn = self.db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, Clock::system().now()).await;
        let account = world
            .tracking_account(self.company_id, Provider::Wialon, &url, Some(&token))
            .await;
        let tracker = world.tracker(account, &unit(tracking).to_string(), false).await;
        sqlx::query("update tracking_accounts set poll_seconds = $2 where id = $1")
            .bind(account)
            .bind(poll_seconds)
            .execute(&self.db.pool)
            .await
            .unwrap();
        (account, tracker)
    }

    async fn toggle(&self, tracker: TrackerId, enabled: bool) {
        let now = Clock::system().now();
        account::toggle(
            &Work::Own(self.db.pool.clone()),
            now,
            self.company_id,
            tracker,
            enabled,
            &Cause::default(),
        )
        .await
        .unwrap();
    }

    async fn scalar(&self, sql: &'static str, id: uuid::Uuid) -> i64 {
        sqlx::query_scalar(sql).bind(id).fetch_one(&self.db.pool).await.unwrap()
    }

    async fn positions(&self, tracker: TrackerId) -> i64 {
        self.scalar("select count(*) from positions where object_id = $1", tracker.0)
            .await
    }

    /// Waits until there are this number of positions more than now.
    async fn more_positions(&self, tracker: TrackerId, more: i64) {
        let wanted = self.positions(tracker).await + more;
        eventually("positions", SOON, async || {
            (self.positions(tracker).await >= wanted).then_some(())
        })
        .await;
    }

    /// How often the provider was asked for the tracker of the account with this number.
    fn asked(&self, tracking: u64) -> u64 {
        self.provider
            .requests()
            .units
            .get(&unit(tracking))
            .copied()
            .unwrap_or_default()
    }
}

/// The first bus of the account with this number, at the simulated provider.
const fn unit(tracking: u64) -> u64 {
    1_000_000 + tracking * 1_000_000
}

#[tokio::test]
async fn a_tracker_that_is_switched_on_has_a_position_long_before_the_next_tick() {
    let stage = Stage::new(1).await;
    let (_, tracker) = stage.account(0, 3600).await;
    stage.toggle(tracker, true).await;
    stage.more_positions(tracker, 1).await;
    assert_eq!(stage.asked(0), 1);
}

#[tokio::test]
async fn a_tracker_that_is_switched_off_is_not_polled_any_more() {
    let stage = Stage::new(1).await;
    let ((account, off), (_, on)) = (stage.account(0, 1).await, stage.account(1, 1).await);
    stage.toggle(off, true).await;
    stage.toggle(on, true).await;
    stage.more_positions(off, 2).await;
    stage.toggle(off, false).await;
    let unfinished = "select count(*) from tracking_accounts a join jobs j on j.dedupe_key = a.poll_job_key
                      where a.id = $1 and j.state in ('ready', 'sent', 'running')";
    eventually("the last poll's end", SOON, async || {
        (stage.scalar(unfinished, account.0).await == 0).then_some(())
    })
    .await;
    let before = (stage.asked(0), stage.positions(off).await);
    // Three polls of an account with the same interval.
    stage.more_positions(on, 3).await;
    assert_eq!((stage.asked(0), stage.positions(off).await), before);
}

#[tokio::test]
async fn two_workers_share_one_session_and_ask_once_a_tick() {
    let stage = Stage::new(2).await;
    let (account, tracker) = stage.account(0, 1).await;
    stage.toggle(tracker, true).await;
    stage.more_positions(tracker, 4).await;
    stage.toggle(tracker, false).await;
    let polls = "select count(*) from all_jobs where payload ->> 'account_id' = 'fma_' || replace($1::text, '-', '')
                 and state = 'done'";
    eventually("the polls' end", SOON, async || {
        let requests = stage.provider.requests();
        let done = stage.scalar(polls, account.0).await;
        // The last poll may have found nothing enabled.
        let asked = i64::try_from(requests.searches).unwrap();
        (done >= 4 && (done == asked || done == asked + 1)).then_some(())
    })
    .await;
    let requests = stage.provider.requests();
    assert_eq!((requests.logins, requests.sessions_lost), (1, 0));
    assert_eq!(requests.units[&unit(0)], requests.searches);
}

#[tokio::test]
async fn a_provider_that_was_cut_off_is_polled_again_when_it_is_back() {
    let mut stage = Stage::new(1).await;
    let (account, tracker) = stage.account(0, 1).await;
    stage.toggle(tracker, true).await;
    stage.more_positions(tracker, 1).await;
    stage.cable.cut();
    let failures = "select failures::bigint from tracking_accounts where id = $1";
    eventually("failures", SOON, async || {
        (stage.scalar(failures, account.0).await >= 2).then_some(())
    })
    .await;
    let dead = "select count(*) from jobs where state = 'dead' and $1::uuid is not null";
    assert_eq!(stage.scalar(dead, account.0).await, 0);
    stage.provider.lose_sessions();
    stage.cable.reconnect().await;
    stage.more_positions(tracker, 2).await;
    assert_eq!(stage.scalar(failures, account.0).await, 0);
}

#[tokio::test]
async fn redis_may_be_emptied_meanwhile() {
    let mut stage = Stage::new(1).await;
    let (_, tracker) = stage.account(0, 1).await;
    stage.toggle(tracker, true).await;
    stage.more_positions(tracker, 1).await;
    stage.redis.restart().await;
    stage.more_positions(tracker, 2).await;
}
