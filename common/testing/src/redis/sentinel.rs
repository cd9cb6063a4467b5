//! A Sentinel per test.

use std::collections::HashMap;
use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{LONG, TestRedis, ask, refusals};
use crate::eventually::eventually;
use crate::port;

/// A Sentinel that watches a primary by the name `main` and considers it dead after half a second.
#[derive(Debug)]
pub struct TestSentinel {
    _child: Child,
    port: u16,
    _folder: TempDir,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl TestSentinel {
    /// Starts one and waits until it knows the replica of the primary.
    ///
    /// # Panics
    /// When it does not find the replica.
    pub async fn start(primary: &TestRedis) -> Self {
        Self::start_with(primary, "").await
    }

    /// The same with a further line in its settings.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub async fn start_with(primary: &TestRedis, line: &str) -> Self {
        let folder = TempDir::new().expect("a folder for the Sentinel");
        let port = port::free().port();
        let settings = folder.path().join("sentinel.conf");
        let text = format!(
            "bind 127.0.0.1\nport {port}\ndir {}\nsentinel monitor main 127.0.0.1 {} 1\n\
             sentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n{line}\n",
            folder.path().display(),
            primary.port()
        );
        std::fs::write(&settings, text).expect("its settings are written");
        let child = Command::new("redis-server")
            .arg(&settings)
            .arg("--sentinel")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server is installed (run ./dev test)");
        let client = redis::Client::open(format!("redis://127.0.0.1:{port}/")).expect("a Redis URL");
        eventually("a Sentinel that knows the replica", LONG, async || {
            let mut conn = client.get_multiplexed_async_connection().await.ok()?;
            let mut asked = redis::cmd("SENTINEL");
            let replicas: Vec<HashMap<String, String>> =
                asked.arg("REPLICAS").arg("main").query_async(&mut conn).await.ok()?;
            let is_linked = |replica: &HashMap<String, String>| replica["master-link-status"] == "ok";
            (replicas.len() == 1 && replicas.iter().all(is_linked)).then_some(())
        })
        .await;
        Self {
            _child: child,
            port,
            _folder: folder,
        }
    }

    /// Its URL, as `REDIS_URL` has it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis-sentinel://127.0.0.1:{}/main", self.port)
    }

    /// What it has refused to users, as [`TestRedis::refusals`].
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn refusals(&self) -> Vec<String> {
        refusals(self.port).await
    }

    /// Requests a failover although nothing is wrong.
    ///
    /// # Panics
    /// When it refuses.
    pub async fn fail_over(&self) {
        let () = ask(self.port, &["SENTINEL", "FAILOVER", "main"]).await;
    }

    /// Waits until it has made this server the primary.
    ///
    /// # Panics
    /// When it does not.
    pub async fn until_primary(&self, server: &TestRedis) {
        let wanted = server.port.to_string();
        eventually("a new primary", LONG, async || {
            let address: Vec<String> = ask(self.port, &["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main"]).await;
            (address[1] == wanted).then_some(())
        })
        .await;
    }
}
