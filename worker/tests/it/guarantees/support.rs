//! A stage for scripted jobs: a database, a Redis, schedulers in this process, workers in processes of their own.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use app::jobs::email_notification::EmailNotification;
use config::{Needs, Settings};
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::db::job::JobDetails;
use ledger::id::JobId;
use ledger::{Cause, NewJob};
use process::Process;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use tokio::process::{Child, Command};
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

/// Longer, and something hangs. A busy machine is slow, and says nothing about the platform.
pub const SOON: Duration = Duration::from_secs(60);

/// Everything a test plays with; ends with the test.
pub struct Stage {
    pub db: TestDb,
    pub redis: TestRedis,
    /// What processes are given as `DATABASE_URL`; a test may put something in between.
    pub database_url: String,
    /// What they are given as `REDIS_URL`.
    pub redis_url: String,
}

impl Stage {
    pub async fn new() -> Self {
        let (db, redis) = (TestDb::new().await, TestRedis::start().await);
        sqlx::raw_sql(
            "create table scripts (id uuid primary key, actions text[] not null);
             create table starts (
                 id uuid not null, pid int not null, at timestamptz not null default clock_timestamp()
             );
             create index on starts (id);
             create table effects (id uuid primary key);
             create table gate (id int primary key);",
        )
        .execute(&db.pool)
        .await
        .unwrap();
        Self {
            database_url: db.url.clone(),
            redis_url: redis.url(),
            db,
            redis,
        }
    }

    fn settings(&self, database_url: &str) -> Settings {
        let figment = Settings::defaults()
            .merge(("database_url", database_url))
            .merge(("redis_url", &self.redis_url));
        Settings::from_figment(&figment, Needs::Queue).unwrap()
    }

    /// A scheduler in this process; it ends when the guard is dropped.
    pub async fn scheduler(&self) -> DropGuard {
        self.scheduler_over(&self.database_url).await
    }

    /// One that reaches the database under another URL.
    pub async fn scheduler_over(&self, database_url: &str) -> DropGuard {
        let shutdown = CancellationToken::new();
        let process = Process::start(self.settings(database_url), Clock::system(), shutdown.clone())
            .await
            .unwrap();
        tokio::spawn(scheduler::run::run(process));
        shutdown.drop_guard()
    }

    /// A scripted worker in a process of its own.
    pub fn worker(&self, concurrency: usize, shutdown_seconds: u64) -> Worker {
        self.worker_over(&self.database_url, concurrency, shutdown_seconds)
    }

    /// One that reaches the database under another URL.
    pub fn worker_over(&self, database_url: &str, concurrency: usize, shutdown_seconds: u64) -> Worker {
        let child = Command::new(example("scripted_worker"))
            .env_clear()
            .env("DATABASE_URL", database_url)
            .env("REDIS_URL", &self.redis_url)
            .env("WORKER_CONCURRENCY", concurrency.to_string())
            .env("SHUTDOWN_SECONDS", shutdown_seconds.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Worker { child }
    }

    /// Writes what jobs will do: the n-th run of one does its n-th action, and then the last. Returns what they are for.
    pub async fn scripts(&self, scripts: &[&[&str]]) -> Vec<NotificationId> {
        let ids: Vec<NotificationId> = scripts.iter().map(|_| NotificationId::new()).collect();
        let mut tx = self.db.pool.begin().await.unwrap();
        for (id, actions) in ids.iter().zip(scripts) {
            sqlx::query("insert into scripts (id, actions) values ($1, $2)")
                .bind(id.0)
                .bind(actions.iter().map(ToString::to_string).collect::<Vec<_>>())
                .execute(&mut *tx)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        ids
    }

    /// Writes jobs with these [`scripts`](Self::scripts) in one transaction.
    pub async fn enqueue(&self, scripts: &[&[&str]]) -> Vec<Uuid> {
        let ids = self.scripts(scripts).await;
        let mut tx = self.db.pool.begin().await.unwrap();
        let now = Clock::system().now();
        ledger::enqueue(&mut tx, now, &Cause::default(), &jobs(&ids))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        ids.into_iter().map(|id| id.0).collect()
    }

    /// Opens the gate at which jobs with the action `gate` wait.
    pub async fn open_gate(&self) {
        sqlx::query("insert into gate values (1)")
            .execute(&self.db.pool)
            .await
            .unwrap();
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.db.pool).await.unwrap()
    }

    /// Waits until a query counts `n`, for as long as what it counts changes at least every `limit`.
    pub async fn until(&self, limit: Duration, sql: &'static str, n: i64) {
        let mut counted = self.count(sql).await;
        while counted != n {
            let what = format!("{sql}: {n}, not {counted}");
            counted = eventually(&what, limit, async || {
                Some(self.count(sql).await).filter(|now| *now != counted)
            })
            .await;
        }
    }

    pub async fn starts(&self, id: Uuid) -> i64 {
        let sql = "select count(*) from starts where id = $1";
        sqlx::query_scalar(sql).bind(id).fetch_one(&self.db.pool).await.unwrap()
    }

    /// The process that a job was started in last.
    pub async fn pid(&self, id: Uuid) -> i32 {
        let sql = "select pid from starts where id = $1 order by at desc limit 1";
        sqlx::query_scalar(sql).bind(id).fetch_one(&self.db.pool).await.unwrap()
    }

    pub async fn until_started(&self, id: Uuid, times: i64) {
        eventually("a start", SOON, async || (self.starts(id).await >= times).then_some(())).await;
    }

    /// The ledger's row of a scripted job.
    pub async fn job(&self, id: Uuid) -> JobDetails {
        let sql = "select id from all_jobs where payload ->> 'notification_id' = $1";
        let job_id: Uuid = sqlx::query_scalar(sql)
            .bind(NotificationId(id).to_string())
            .fetch_one(&self.db.pool)
            .await
            .unwrap();
        ledger::inspect::inspect(&self.db.pool, JobId(job_id)).await.unwrap()
    }

    pub async fn until_state(&self, limit: Duration, id: Uuid, state: &str) -> JobDetails {
        eventually(state, limit, async || {
            let job = self.job(id).await;
            (job.state == state).then_some(job)
        })
        .await
    }

    /// Lets the grave-digger believe that the dead have been silent for long, to spare the test the wait.
    pub async fn age_heartbeats(&self) {
        let sql = "update processes set beat_at = beat_at - interval '1 hour'";
        sqlx::query(sql).execute(&self.db.pool).await.unwrap();
    }

    /// One command to Redis.
    pub async fn redis<T: redis::FromRedisValue>(&self, command: &[&str]) -> T {
        let client = redis::Client::open(self.redis.url()).unwrap();
        let mut conn = client.get_multiplexed_async_connection().await.unwrap();
        let mut cmd = redis::Cmd::new();
        for part in command {
            cmd.arg(*part);
        }
        cmd.query_async(&mut conn).await.unwrap()
    }
}

/// The jobs that scripts are written for.
pub fn jobs(ids: &[NotificationId]) -> Vec<NewJob> {
    let run_at = Clock::system().now();
    ids.iter()
        .map(|id| NewJob::new(&EmailNotification { notification_id: *id }, run_at).unwrap())
        .collect()
}

/// A worker process; killed when dropped.
pub struct Worker {
    child: Child,
}

impl Worker {
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    pub fn pid(&self) -> i32 {
        i32::try_from(self.child.id().unwrap()).unwrap()
    }

    pub async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args([name, &pid])
                .status()
                .await
                .unwrap()
                .success()
        );
    }

    pub async fn ended(&mut self) -> ExitStatus {
        tokio::time::timeout(SOON, self.child.wait())
            .await
            .expect("the worker ends")
            .unwrap()
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

/// `cargo test` builds the examples beside the tests.
pub fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(path.exists(), "cargo test -p worker builds {}", path.display());
    path
}
