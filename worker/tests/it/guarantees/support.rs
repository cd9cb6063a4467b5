//! The test bed for scripted jobs: a database, a Redis, schedulers in this process, and workers as separate processes.

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

/// Time limit of each wait: only a hang takes longer. A slow machine says nothing about the platform.
pub const SOON: Duration = Duration::from_secs(60);

/// What a test works with; dropped at the end of the test.
pub struct Stage {
    pub db: TestDb,
    pub redis: TestRedis,
    /// The `DATABASE_URL` of processes; a test may put a proxy in between.
    pub database_url: String,
    /// The `REDIS_URL` of processes.
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

    /// A scheduler that reaches the database by another URL.
    pub async fn scheduler_over(&self, database_url: &str) -> DropGuard {
        let shutdown = CancellationToken::new();
        let process = Process::start(self.settings(database_url), Clock::system(), shutdown.clone())
            .await
            .unwrap();
        tokio::spawn(scheduler::run::run(process));
        shutdown.drop_guard()
    }

    /// A scripted worker as a separate process.
    pub fn worker(&self, concurrency: usize, shutdown_seconds: u64) -> Worker {
        self.worker_over(&self.database_url, concurrency, shutdown_seconds)
    }

    /// A scripted worker that reaches the database by another URL.
    pub fn worker_over(&self, database_url: &str, concurrency: usize, shutdown_seconds: u64) -> Worker {
        let child = self
            .scripted_worker()
            .env("DATABASE_URL", database_url)
            .env("WORKER_CONCURRENCY", concurrency.to_string())
            .env("SHUTDOWN_SECONDS", shutdown_seconds.to_string())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Worker { child }
    }

    /// The program of a scripted worker, to be started.
    pub fn scripted_worker(&self) -> Command {
        let mut program = Command::new(example("scripted_worker"));
        program
            .env_clear()
            .env("DATABASE_URL", &self.database_url)
            .env("REDIS_URL", &self.redis_url)
            .stdout(Stdio::null())
            .kill_on_drop(true);
        program
    }

    /// Writes scripts: the n-th run of a job does the n-th action of its script, later runs the last. Returns the ids
    /// of the notifications that the jobs are about.
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

    /// Enqueues jobs with these [`scripts`](Self::scripts) in one transaction.
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

    /// Waits until a query counts `n`, as long as the count changes at least every `limit`.
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

    /// The process that last started a job.
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

    /// Makes heartbeats look old, so that dead processes are given up without the usual wait.
    pub async fn age_heartbeats(&self) {
        let sql = "update processes set beat_at = beat_at - interval '1 hour'";
        sqlx::query(sql).execute(&self.db.pool).await.unwrap();
    }

    /// Runs one command on Redis.
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

/// The jobs that send these notifications.
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

/// The path of an example; `cargo test` builds the examples beside the tests.
pub fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test.parent().unwrap().parent().unwrap().join("examples").join(name);
    assert!(path.exists(), "cargo test -p worker builds {}", path.display());
    path
}
