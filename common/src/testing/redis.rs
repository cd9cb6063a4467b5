//! A Redis server per test, which the test may empty, stop and kill.

use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::port;

/// A private `redis-server` on a free port; it ends with the test.
#[derive(Debug)]
pub struct TestRedis {
    child: Child,
    port: u16,
    folder: TempDir,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl TestRedis {
    /// Starts a server and waits until it answers.
    ///
    /// # Panics
    /// When `redis-server` is not on the path.
    pub async fn start() -> Self {
        let folder = TempDir::new().expect("a folder for Redis");
        let port = port::free().port();
        let child = Self::spawn(port, &folder);
        let server = Self { child, port, folder };
        server.wait().await;
        server
    }

    fn spawn(port: u16, folder: &TempDir) -> Child {
        Command::new("redis-server")
            .args([
                "--bind",
                "127.0.0.1",
                "--port",
                &port.to_string(),
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
            ])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server is installed (run ./dev test)")
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

    /// Kills it (SIGKILL), memory and all.
    ///
    /// # Panics
    /// When the process cannot be killed.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("Redis is killed");
    }

    /// Starts it again, empty, on the same port.
    pub async fn restart(&mut self) {
        self.kill().await;
        self.child = Self::spawn(self.port, &self.folder);
        self.wait().await;
    }
}
