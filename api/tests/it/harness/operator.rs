//! What tests of the command line have in common.

use std::process::Stdio;

use testing::database::TestDb;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// The result of a run of the command.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// An operator with a database of their own.
pub struct Operator {
    pub db: TestDb,
}

impl Operator {
    pub async fn new() -> Self {
        Self {
            db: TestDb::new().await,
        }
    }

    /// An operator of a database that others use too.
    pub fn of(db: &TestDb) -> Self {
        Self { db: db.clone() }
    }

    pub async fn run_with(&self, args: &[&str], settings: &[(&str, &str)], input: &str) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_admin"))
            .args(args)
            .env_clear()
            .env("DATABASE_URL", &self.db.url)
            .envs(settings.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read its input may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes()).await;
        let output = child.wait_with_output().await.unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub async fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, &[], "").await
    }

    /// Runs a command that must succeed, and returns its first line.
    pub async fn ok(&self, args: &[&str]) -> String {
        let run = self.run(args).await;
        assert_eq!(run.code, 0, "{args:?}: {}", run.err);
        run.out.lines().next().unwrap_or_default().to_owned()
    }

    /// Runs a command that must fail, and returns its exit code and error.
    pub async fn fails(&self, args: &[&str]) -> (i32, String) {
        let run = self.run(args).await;
        assert_ne!(run.code, 0, "{args:?}: {}", run.out);
        (run.code, run.err.trim_end().to_owned())
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.db.pool).await.unwrap()
    }
}
