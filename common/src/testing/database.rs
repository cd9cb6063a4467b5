//! A PostgreSQL database per test, copied from a migrated template.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

use crate::db;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A database of its own for one test; dropped by the next run of the same test binary's process id, and with the
/// server that `./dev test` starts.
#[derive(Debug, Clone)]
pub struct TestDb {
    /// Connections to it.
    pub pool: PgPool,
    /// Its URL, for processes that a test starts.
    pub url: String,
}

impl TestDb {
    /// Creates and migrates a database on the server of `TEST_DATABASE_URL` (any database of it; the role must be
    /// allowed to create databases).
    ///
    /// # Panics
    /// When there is no such server: a test cannot go on without one.
    #[expect(clippy::expect_used, reason = "a test harness may panic")]
    pub async fn new() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the harness has no settings; ./dev test sets the variable"
        )]
        let server = std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL is set (run ./dev test)");
        let (base, _) = server.rsplit_once('/').expect("TEST_DATABASE_URL names a database");
        let mut admin = PgConnection::connect(&server).await.expect("the test server answers");
        let template = Self::template(&mut admin, base).await;
        let name = format!("t{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        for statement in [
            format!("drop database if exists {name} with (force)"),
            format!("create database {name} template {template}"),
        ] {
            sqlx::raw_sql(AssertSqlSafe(statement))
                .execute(&mut admin)
                .await
                .expect("a test database is created");
        }
        let url = format!("{base}/{name}");
        let pool = db::connect(&url, 10).await.expect("the test database answers");
        Self { pool, url }
    }

    /// The migrated template of these migrations, made by whoever comes first.
    #[expect(clippy::expect_used, reason = "a test harness may panic")]
    async fn template(admin: &mut PgConnection, base: &str) -> String {
        let last = db::MIGRATIONS.iter().fold(0u64, |hash, migration| {
            migration
                .checksum
                .iter()
                .fold(hash, |h, byte| h.wrapping_mul(31).wrapping_add(u64::from(*byte)))
        });
        let name = format!("template_{last:x}");
        sqlx::query("select pg_advisory_lock(727274)")
            .execute(&mut *admin)
            .await
            .expect("the lock is taken");
        let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut *admin)
            .await
            .expect("databases are listed");
        if !exists {
            let fresh = format!("{name}_new");
            for statement in [
                format!("drop database if exists {fresh} with (force)"),
                format!("create database {fresh}"),
            ] {
                sqlx::raw_sql(AssertSqlSafe(statement))
                    .execute(&mut *admin)
                    .await
                    .expect("the template is created");
            }
            let mut conn = PgConnection::connect(&format!("{base}/{fresh}"))
                .await
                .expect("the template answers");
            db::MIGRATIONS.run(&mut conn).await.expect("the migrations run");
            conn.close().await.expect("the template is left alone");
            let rename = format!("alter database {fresh} rename to {name}");
            sqlx::raw_sql(AssertSqlSafe(rename))
                .execute(&mut *admin)
                .await
                .expect("the template is published");
        }
        sqlx::query("select pg_advisory_unlock(727274)")
            .execute(&mut *admin)
            .await
            .expect("the lock is given back");
        name
    }
}
