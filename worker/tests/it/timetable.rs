//! Timetables on the whole platform: uploaded, relayed by a scheduler, and published by a real `timetable_worker` that
//! is killed in the middle.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use app::timetable::upload::{self, Destination, Upload};
use app::work::Work;
use bytes::Bytes;
use config::{Needs, Settings};
use domain::access::Workplace;
use domain::id::{CompanyId, TimetableUploadId, UserId};
use domain::role::Role;
use domain::timetable::upload::UploadPhase;
use kernel::clock::Clock;
use ledger::Cause;
use process::Process;
use sqlx::Connection as _;
use storage::Storage;
use tempfile::TempDir;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::feed::TestFeed;
use testing::redis::TestRedis;
use testing::world::{World, operator};
use tokio::process::{Child, Command};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Time-out for waits without a limit of their own.
const SOON: Duration = Duration::from_secs(60);

const SECRET: &str = "0123456789abcdef0123456789abcdef";

const CITIES: &str = "geonameid,slug,name,country,timezone,lat,lon,population\n\
    703448,kyiv,Kyiv,UA,Europe/Kyiv,50.45466,30.5238,2952301\n\
    702550,lviv,Lviv,UA,Europe/Kyiv,49.83826,24.02324,717273\n";

struct Stage {
    db: TestDb,
    redis: TestRedis,
    folder: TempDir,
    company: CompanyId,
    user: UserId,
}

impl Stage {
    async fn open() -> Self {
        let (db, redis) = (TestDb::new().await, TestRedis::start().await);
        app::city::import(&db.pool, None, CITIES.as_bytes(), None)
            .await
            .unwrap();
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, Clock::system().now()).await;
        let company = world.company("tiny").await.id;
        let place = (Workplace::Company(company), Role::Manager);
        let user = world.person("olena@example.com", &[place]).await;
        drop(conn);
        let folder = TempDir::new().unwrap();
        Self {
            db,
            redis,
            folder,
            company,
            user,
        }
    }

    fn settings(&self, needs: Needs) -> Settings {
        let figment = Settings::defaults()
            .merge(("database_url", &self.db.url))
            .merge(("redis_url", self.redis.url()))
            .merge(("link_secret", SECRET))
            .merge(("storage_url", self.store()));
        Settings::from_figment(&figment, needs).unwrap()
    }

    fn store(&self) -> String {
        format!("file://{}", self.folder.path().display())
    }

    /// A scheduler in this process; it ends when the guard is dropped.
    async fn scheduler(&self) -> DropGuard {
        let shutdown = CancellationToken::new();
        let started = Process::start(self.settings(Needs::Queue), Clock::system(), shutdown.clone());
        tokio::spawn(scheduler::run::run(started.await.unwrap()));
        shutdown.drop_guard()
    }

    /// A worker process; killed when dropped.
    fn worker(&self) -> Child {
        Command::new(env!("CARGO_BIN_EXE_timetable_worker"))
            .env_clear()
            .env("DATABASE_URL", &self.db.url)
            .env("REDIS_URL", self.redis.url())
            .env("STORAGE_URL", self.store())
            .env("LINK_SECRET", SECRET)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    async fn upload(&self) -> TimetableUploadId {
        let storage = Arc::new(Storage::new(&self.settings(Needs::Report)).unwrap());
        let to = Destination {
            pool: self.db.pool.clone(),
            storage,
            clock: Clock::system(),
        };
        let body = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(TestFeed::tiny().zipped()))]);
        let work = Work::Own(self.db.pool.clone());
        let received = upload::receive(&work, &to, (self.company, self.user), body, &Cause::default()).await;
        received.unwrap().stored.id
    }

    async fn publish(&self, id: TimetableUploadId) {
        let work = Work::Own(self.db.pool.clone());
        let (clock, cause) = (Clock::system(), Cause::default());
        upload::publish(&work, &clock, &operator(), self.company, id, &cause)
            .await
            .unwrap();
    }

    async fn until(&self, id: TimetableUploadId, what: &str, is_so: impl Fn(&Upload) -> bool) -> Upload {
        eventually(what, SOON, async || {
            let upload = upload::get(&self.db.pool, self.company, id).await.unwrap();
            is_so(&upload).then_some(upload)
        })
        .await
    }

    async fn until_status(&self, id: TimetableUploadId, status: &str) -> Upload {
        self.until(id, status, |upload| upload.stored.status.word() == status)
            .await
    }

    async fn number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.db.pool).await.unwrap()
    }
}

#[tokio::test]
async fn a_worker_that_is_killed_while_it_publishes_leaves_one_publication_to_its_successor() {
    let stage = Stage::open().await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker();
    let id = stage.upload().await;
    stage.until_status(id, "Ready").await;
    let version = stage.number("select version from publication").await;

    // Another transaction stores a first departure; the import waits for it after it has written everything.
    let mut sale = sqlx::PgConnection::connect(&stage.db.url).await.unwrap();
    let mut held = sale.begin().await.unwrap();
    db::publication::hold(&mut held).await.unwrap();
    stage.publish(id).await;
    let at_tickets = |upload: &Upload| upload.stored.phase == UploadPhase::Tickets;
    stage.until(id, "its progress is told", at_tickets).await;
    worker.kill().await.unwrap();
    held.rollback().await.unwrap();
    let trips = "select count(*) from trips t join feeds f on f.id = t.feed_id where f.key = 'tiny/timetable'";
    assert_eq!(stage.number(trips).await, 0, "nothing was half-written");
    assert_eq!(stage.number("select version from publication").await, version);

    // Spares the test the wait until the dead process is given up.
    let sql = "update processes set beat_at = beat_at - interval '1 hour'";
    sqlx::query(sql).execute(&stage.db.pool).await.unwrap();
    let _successor = stage.worker();
    stage.until_status(id, "Published").await;
    assert_eq!(stage.number(trips).await, 2);
    assert_eq!(stage.number("select version from publication").await, version + 1);
    assert_eq!(
        stage.number("select attempt::bigint from timetable_uploads").await,
        3,
        "a preview, and two at this"
    );
}

#[tokio::test]
async fn an_upload_whose_job_is_gone_fails() {
    let stage = Stage::open().await;
    let id = stage.upload().await;
    sqlx::query("delete from jobs").execute(&stage.db.pool).await.unwrap();
    let _scheduler = stage.scheduler().await;
    let failed = stage.until_status(id, "Failed").await;
    assert!(failed.stored.error_message.is_some());
}
