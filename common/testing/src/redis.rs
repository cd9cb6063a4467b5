//! Redis servers per test, which the test may empty, stop, kill, and give other roles.

use std::process::Stdio;
use std::time::Duration;

use redis::FromRedisValue;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::eventually::eventually;
use super::port;

mod cluster;
mod sentinel;
pub mod user;

pub use cluster::TestCluster;
pub use sentinel::TestSentinel;

/// How long a server may take to do something on a busy machine.
const LONG: Duration = Duration::from_secs(60);

/// A private `redis-server` on a free port; it ends with the test.
#[derive(Debug)]
pub struct TestRedis {
    child: Child,
    port: u16,
    folder: TempDir,
    arguments: Vec<String>,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl TestRedis {
    /// Starts a server and waits until it answers.
    ///
    /// # Panics
    /// When `redis-server` is not on the path.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with arguments of its own.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub async fn start_with(arguments: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder for Redis");
        let port = port::free().port();
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        let child = spawn(port, &folder, &arguments);
        let server = Self {
            child,
            port,
            folder,
            arguments,
        };
        server.wait().await;
        server
    }

    async fn wait(&self) {
        let client = redis::Client::open(self.url()).expect("a Redis URL");
        loop {
            if let Ok(mut conn) = client.get_multiplexed_async_connection().await
                && redis::cmd("PING").query_async::<String>(&mut conn).await.is_ok()
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Its URL; the same after a restart.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Its port; the same after a restart.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// One command, over a connection of its own.
    ///
    /// # Panics
    /// When it fails.
    pub async fn ask<T: FromRedisValue>(&self, command: &[&str]) -> T {
        ask(self.port, command).await
    }

    /// What it has refused to users since its start, except the name that clients report from Redis 7.2 on.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn refusals(&self) -> Vec<String> {
        refusals(self.port).await
    }

    /// Makes it a replica of another and waits until it has caught up. Connections that it has stay open.
    ///
    /// # Panics
    /// When it does not.
    pub async fn follow(&self, primary: &Self) {
        let port = primary.port.to_string();
        let () = self.ask(&["REPLICAOF", "127.0.0.1", &port]).await;
        eventually("a replica", LONG, async || {
            let state: String = self.ask(&["INFO", "replication"]).await;
            state.contains("master_link_status:up").then_some(())
        })
        .await;
    }

    /// Makes it a primary. Connections that it has stay open.
    ///
    /// # Panics
    /// When it is not a primary.
    pub async fn lead(&self) {
        let () = self.ask(&["REPLICAOF", "NO", "ONE"]).await;
    }

    /// Kills it (SIGKILL); its data are lost.
    ///
    /// # Panics
    /// When the process cannot be killed.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("Redis is killed");
    }

    /// Sends it a signal, such as `STOP`.
    ///
    /// # Panics
    /// When it has ended.
    pub async fn signal(&self, name: &str) {
        let id = self.child.id().expect("Redis runs").to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().await;
        assert!(sent.expect("kill runs").success(), "{name}");
    }

    /// Starts it again, empty, on the same port.
    pub async fn restart(&mut self) {
        self.kill().await;
        self.child = spawn(self.port, &self.folder, &self.arguments);
        self.wait().await;
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
async fn ask<T: FromRedisValue>(port: u16, command: &[&str]) -> T {
    let client = redis::Client::open(format!("redis://127.0.0.1:{port}/")).expect("a Redis URL");
    let config = redis::AsyncConnectionConfig::new()
        .set_connection_timeout(Some(LONG))
        .set_response_timeout(Some(LONG));
    let mut conn = client
        .get_multiplexed_async_connection_with_config(&config)
        .await
        .expect("the server answers");
    let mut asked = redis::Cmd::new();
    for part in command {
        asked.arg(*part);
    }
    asked
        .query_async(&mut conn)
        .await
        .expect("the server does as it is told")
}

async fn refusals(port: u16) -> Vec<String> {
    let refused: Vec<redis::Value> = ask(port, &["ACL", "LOG"]).await;
    let refused = refused.iter().map(|entry| format!("{entry:?}"));
    refused.filter(|entry| !entry.contains("client|setinfo")).collect()
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
fn spawn(port: u16, folder: &TempDir, arguments: &[String]) -> Child {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        // Without the delay a replica is fed at once instead of after five seconds.
        .args([
            "--save",
            "",
            "--appendonly",
            "no",
            "--repl-diskless-sync-delay",
            "0",
            "--dir",
        ])
        .arg(folder.path())
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("redis-server is installed (run ./dev test)")
}
