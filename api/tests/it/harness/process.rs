//! An API as a separate process, as in production.

use std::ffi::OsStr;
use std::time::Duration;

use testing::eventually::eventually;
use testing::port;
use testing::settings::VAULT_KEY;
use tokio::process::{Child, Command};

use super::client::fresh_client;

/// Only for hangs.
pub const LIMIT: Duration = Duration::from_secs(60);

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The program with its required settings, and a Redis that does not exist. It writes no log.
pub fn command(database_url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_api"));
    command
        .env_clear()
        .env("DATABASE_URL", database_url)
        .env("REDIS_URL", "redis://127.0.0.1:1/")
        .env("OFFER_SECRET", SECRET)
        .env("SESSION_SECRET", SECRET)
        .env("STORAGE_URL", "file:///nonexistent")
        .env("LINK_SECRET", SECRET)
        .env("VAULT_KEY", VAULT_KEY)
        .env("LOG", "off")
        .kill_on_drop(true);
    command
}

/// A running process; killed when dropped.
pub struct Process {
    pub child: Child,
    pub base: String,
}

impl Process {
    /// Starts an API with these variables, and waits until it is ready.
    pub async fn start<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        database_url: &str,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let listen = port::free().to_string();
        let mut command = command(database_url);
        let child = command.env("LISTEN", &listen).envs(variables).spawn().unwrap();
        let process = Self {
            child,
            base: format!("http://{listen}"),
        };
        eventually("the API is ready", LIMIT, async || {
            (process.ready().await == Some(200)).then_some(())
        })
        .await;
        process
    }

    /// Status of `/readyz`; `None` without a response.
    pub async fn ready(&self) -> Option<u16> {
        let answer = fresh_client().get(format!("{}/readyz", self.base)).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    pub async fn signal(&self, name: &str) {
        signal(&self.child, name).await;
    }
}

/// Sends a signal to a process.
pub async fn signal(child: &Child, name: &str) {
    let id = child.id().unwrap().to_string();
    let sent = Command::new("kill").args([name, &id]).status().await;
    assert!(sent.unwrap().success());
}
