//! A PostgreSQL database per test, copied from a migrated template.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Connections of a test's pool.
const CONNECTIONS: u32 = 10;

/// How long a test waits for one of them. Longer than the product does: on a machine that is busy with other tests, a
/// long wait is not a fault.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A separate database for one test; it is dropped with its pool, so that databases do not accumulate on the disk.
#[derive(Debug, Clone)]
pub struct TestDb {
    /// Connections to it.
    pub pool: PgPool,
    /// Its URL, for processes that a test starts.
    pub url: String,
}

/// Drops a database in the background. If the process ends first, the first test of a later process drops it.
#[derive(Debug)]
struct End {
    name: String,
}

impl Drop for End {
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                runtime.block_on(async { Server::connect().await.forget(&name).await });
            }
        });
    }
}

impl TestDb {
    /// Creates and migrates a database on the server of `TEST_DATABASE_URL` (any database of it; the role must be
    /// allowed to create databases).
    ///
    /// # Panics
    /// When there is no such server: a test cannot run without one.
    pub async fn new() -> Self {
        let mut server = Server::connect().await;
        let template = server.migrated().await;
        server.copy(&template).await
    }

    /// As [`new`](Self::new), without any tables.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub async fn empty() -> Self {
        Server::connect().await.copy("template1").await
    }

    /// As [`new`](Self::new), with the data that `seed` inserts. It runs once for each build of the test binary. `name`
    /// distinguishes the seeds of a binary.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub async fn seeded(name: &str, seed: impl AsyncFnOnce(&PgPool)) -> Self {
        let mut server = Server::connect().await;
        let migrated = server.migrated().await;
        let (binary, build) = build();
        let name = format!("template_{binary:x}_{build:x}_{name}");
        server
            .template(&name, &migrated, async |url| {
                let pool = connect(url).await;
                seed(&pool).await;
                pool.close().await;
            })
            .await;
        server.copy(&name).await
    }
}

/// The PostgreSQL server of tests.
struct Server {
    admin: PgConnection,
    base: String,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl Server {
    async fn connect() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the harness has no settings; ./dev test sets the variable"
        )]
        let url = std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL is set (run ./dev test)");
        let (base, _) = url.rsplit_once('/').expect("TEST_DATABASE_URL names a database");
        let admin = PgConnection::connect(&url).await.expect("the test server answers");
        let base = base.to_owned();
        Self { admin, base }
    }

    async fn run(&mut self, statement: String) {
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&mut self.admin)
            .await
            .expect("the server does as it is told");
    }

    async fn copy(&mut self, template: &str) -> TestDb {
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        if number == 0 {
            self.forget_ended().await;
        }
        let name = format!("t{}_{number}", std::process::id());
        self.forget(&name).await;
        // Half the work of copying through the log, which is needed only for templates that are written to meanwhile.
        self.run(format!("create database {name} template {template} strategy file_copy"))
            .await;
        let url = format!("{}/{name}", self.base);
        let end = End { name };
        // The hook does nothing but hold `end` for as long as there is a pool.
        let pool = connect::postgres::pool(CONNECTIONS)
            .acquire_timeout(TIMEOUT)
            .after_connect(move |_, _| {
                let _held = &end;
                Box::pin(async { Ok(()) })
            });
        let pool = pool.connect(&url).await.expect("the test database answers");
        TestDb { pool, url }
    }

    async fn forget(&mut self, name: &str) {
        self.run(format!("drop database if exists {name} with (force)")).await;
    }

    /// Drops the databases of test processes that have ended.
    async fn forget_ended(&mut self) {
        let names: Vec<String> = sqlx::query_scalar(r"select datname from pg_database where datname ~ '^t\d+_\d+$'")
            .fetch_all(&mut self.admin)
            .await
            .expect("databases are listed");
        for name in names {
            let process = name.split('_').next().and_then(|start| start.strip_prefix('t'));
            if process.is_some_and(|id| !Path::new("/proc").join(id).exists()) {
                self.forget(&name).await;
            }
        }
    }

    /// The migrated template of these migrations.
    async fn migrated(&mut self) -> String {
        let last = db::MIGRATIONS.iter().fold(0u64, |hash, migration| {
            migration
                .checksum
                .iter()
                .fold(hash, |h, byte| h.wrapping_mul(31).wrapping_add(u64::from(*byte)))
        });
        let name = format!("template_{last:x}");
        self.template(&name, "template1", async |url| {
            let mut conn = PgConnection::connect(url).await.expect("the template answers");
            db::MIGRATIONS.run(&mut conn).await.expect("the migrations run");
            conn.close().await.expect("the template is left alone");
        })
        .await;
        name
    }

    /// A template of this name, created from another one by the first process that needs it.
    async fn template(&mut self, name: &str, from: &str, fill: impl AsyncFnOnce(&str)) {
        self.run("select pg_advisory_lock(727274)".to_owned()).await;
        let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(name)
            .fetch_one(&mut self.admin)
            .await
            .expect("databases are listed");
        if !exists {
            let fresh = format!("{name}_new");
            self.forget(&fresh).await;
            self.run(format!("create database {fresh} template {from}")).await;
            fill(&format!("{}/{fresh}", self.base)).await;
            self.run(format!("alter database {fresh} rename to {name}")).await;
        }
        self.run("select pg_advisory_unlock(727274)".to_owned()).await;
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
async fn connect(url: &str) -> PgPool {
    connect::postgres::connect(url, CONNECTIONS)
        .await
        .expect("the test database answers")
}

/// The running test binary and this build of it, as numbers.
#[expect(clippy::expect_used, reason = "a test harness may panic")]
fn build() -> (u64, u64) {
    let binary = std::env::current_exe().expect("a test is a binary");
    let built = std::fs::metadata(&binary).and_then(|file| file.modified());
    let number = |value: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        value(&mut hasher);
        hasher.finish()
    };
    (
        number(&|hasher| binary.hash(hasher)),
        number(&|hasher| built.as_ref().expect("it lies on a disk").hash(hasher)),
    )
}
