//! A company with many orders, a scheduler in this process, and report workers as separate processes.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use app::report;
use app::work::Work;
use chrono::NaiveDate;
use config::{Needs, Settings};
use db::report::{NewReport, Report};
use domain::access::Workplace;
use domain::id::{CompanyId, ReportId, UserId};
use domain::report::dialect::Dialect;
use domain::report::{DateField, Range};
use domain::role::Role;
use kernel::clock::Clock;
use ledger::Cause;
use process::Process;
use sha2::{Digest, Sha256};
use simulators::smtp::MailSimulator;
use tempfile::TempDir;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::redis::TestRedis;
use testing::world::{Sale, SoldTicket, World};
use tokio::process::{Child, Command};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Time-out for waits without a limit of their own.
pub const SOON: Duration = Duration::from_secs(60);

pub struct Stage {
    pub db: TestDb,
    redis: TestRedis,
    folder: TempDir,
    sold: SoldTicket,
    user: UserId,
}

impl Stage {
    /// A company with `orders` orders on 1 February 2027.
    pub async fn new(orders: i32) -> Self {
        let (db, redis) = (TestDb::new().await, TestRedis::start().await);
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, "2027-02-01T00:00:00Z".parse().unwrap()).await;
        let sold = world.sell(&Sale::default()).await;
        world.many_tickets(&sold, orders - 1).await;
        let user = world
            .person(
                "olena@example.com",
                &[(Workplace::Company(sold.company_id), Role::Manager)],
            )
            .await;
        drop(conn);
        Self {
            db,
            redis,
            folder: TempDir::new().unwrap(),
            sold,
            user,
        }
    }

    /// A scheduler in this process; it ends when the guard is dropped.
    pub async fn scheduler(&self) -> DropGuard {
        let figment = Settings::defaults()
            .merge(("database_url", &self.db.url))
            .merge(("redis_url", self.redis.url()));
        let settings = Settings::from_figment(&figment, Needs::Queue).unwrap();
        let shutdown = CancellationToken::new();
        let process = Process::start(settings, Clock::system(), shutdown.clone())
            .await
            .unwrap();
        tokio::spawn(scheduler::run::run(process));
        shutdown.drop_guard()
    }

    pub fn worker(&self) -> Worker {
        self.worker_of(self.folder.path())
    }

    /// A worker that keeps files in another folder.
    pub fn worker_of(&self, folder: &Path) -> Worker {
        let child = Command::new(env!("CARGO_BIN_EXE_report_worker"))
            .env_clear()
            .env("DATABASE_URL", &self.db.url)
            .env("REDIS_URL", self.redis.url())
            .env("STORAGE_URL", format!("file://{}", folder.display()))
            .env("LINK_SECRET", "0123456789abcdef0123456789abcdef")
            .env("REPORTS_AT_A_TIME", "1")
            .env("SHUTDOWN_SECONDS", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Worker { child }
    }

    /// A worker that sends mails to this server.
    pub fn mail_worker(&self, server: &MailSimulator) -> Worker {
        let child = Command::new(env!("CARGO_BIN_EXE_email_worker"))
            .env_clear()
            .env("DATABASE_URL", &self.db.url)
            .env("REDIS_URL", self.redis.url())
            .env("SMTP_URL", format!("smtp://{}", server.address()))
            .env("MAIL_FROM", "PREXSELL <reports@example.com>")
            .env("SHUTDOWN_SECONDS", "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Worker { child }
    }

    /// A user of the company, who asks for reports.
    pub const fn user(&self) -> UserId {
        self.user
    }

    /// The company with many orders.
    pub const fn company(&self) -> CompanyId {
        self.sold.company_id
    }

    /// Adds a company that has sold nothing.
    pub async fn another_company(&self) -> CompanyId {
        let mut conn = self.db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, "2027-02-01T00:00:00Z".parse().unwrap()).await;
        world.company("another").await.id
    }

    /// Adds waiting reports of the company, each of one day in the past; none of them is admitted.
    pub async fn wait_for_reports(&self, reports: i32) {
        let sql = "insert into reports (id, company_id, requested_by, date_from, date_to, date_field, created_at)
                   select gen_random_uuid(), $1, $2, date '2027-01-01' - n, date '2027-01-01' - n, 'createdAt', now()
                   from generate_series(1, $3) n";
        sqlx::query(sql)
            .bind(self.sold.company_id.0)
            .bind(self.user.0)
            .bind(reports)
            .execute(&self.db.pool)
            .await
            .unwrap();
    }

    /// Asks for the report of this day.
    pub async fn ask(&self, day: &str) -> ReportId {
        self.ask_of(self.sold.company_id, day).await
    }

    /// Asks for the report of another company.
    pub async fn ask_of(&self, company_id: CompanyId, day: &str) -> ReportId {
        let day: NaiveDate = day.parse().unwrap();
        let new = NewReport {
            company_id,
            requested_by: Some(self.user),
            range: Range::new(day, day).unwrap(),
            date_field: DateField::CreatedAt,
            dialect: Dialect::STANDARD,
        };
        let cause = Cause::new(Some(format!("asked-for-{day}")), None);
        let work = Work::Own(self.db.pool.clone());
        let asked = report::request(&work, &Clock::system(), 1, new, &cause).await;
        asked.unwrap().id
    }

    pub async fn report(&self, id: ReportId) -> Report {
        report::get(&self.db.pool, self.sold.company_id, id).await.unwrap()
    }

    pub async fn until_status(&self, id: ReportId, status: &str) -> Report {
        eventually(status, SOON, async || {
            let report = self.report(id).await;
            (report.status.word() == status).then_some(report)
        })
        .await
    }

    /// Waits until a company's report is completed.
    pub async fn until_done(&self, company_id: CompanyId, id: ReportId) {
        eventually("a completed report", SOON, async || {
            let report = report::get(&self.db.pool, company_id, id).await.unwrap();
            (report.status.word() == "Completed").then_some(())
        })
        .await;
    }

    pub async fn attempt(&self, id: ReportId) -> i16 {
        let sql = "select attempt from reports where id = $1";
        sqlx::query_scalar(sql)
            .bind(id.0)
            .fetch_one(&self.db.pool)
            .await
            .unwrap()
    }

    /// Waits until a worker wants to change a report that another transaction has locked.
    pub async fn until_a_worker_waits(&self) {
        eventually("a worker that waits", SOON, async || {
            let sql = "select count(*) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock' and query like 'update reports%'";
            let waiting: i64 = sqlx::query_scalar(sql).fetch_one(&self.db.pool).await.unwrap();
            (waiting > 0).then_some(())
        })
        .await;
    }

    /// Makes heartbeats look old, so that dead processes are given up without the usual wait.
    pub async fn age_heartbeats(&self) {
        let sql = "update processes set beat_at = beat_at - interval '1 hour'";
        sqlx::query(sql).execute(&self.db.pool).await.unwrap();
    }

    /// All files in the folder, leftovers included.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path);
                }
            }
        }
        files
    }

    /// Waits for the report, and checks that its file is the only one and is complete.
    pub async fn check(&self, id: ReportId, orders: i64) {
        let report = self.until_status(id, "Completed").await;
        let files = self.files();
        let [file] = &*files else { panic!("one file: {files:?}") };
        assert!(file.ends_with(report.object_key.unwrap()));
        let bytes = std::fs::read(file).unwrap();
        let sum: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(report.sha256.as_deref(), Some(sum.as_str()));
        assert_eq!(report.size_bytes, Some(bytes.len() as i64));
        assert_eq!(report.row_count, Some(orders));
        let lines = bytes.windows(2).filter(|pair| *pair == b"\r\n").count();
        assert_eq!(lines as i64, orders + 1);
    }
}

/// A worker process; killed when dropped.
pub struct Worker {
    child: Child,
}

impl Worker {
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to end, and waits until it has.
    pub async fn terminate(mut self) -> ExitStatus {
        let pid = self.child.id().unwrap().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
        assert!(asked.success());
        tokio::time::timeout(SOON, self.child.wait())
            .await
            .expect("the worker ends")
            .unwrap()
    }
}
