//! Redis, used for delivery only. Its data may be lost at any moment, and the server at its address may change.
//!
//! A connection can outlive the role of its server: after a failover it may lead to a replica, or to a former primary,
//! for as long as it stays open. So a connection is dropped as soon as an answer (or its absence) indicates a problem
//! of the server, and replaced every few seconds while it is used; each time the address is resolved again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::{BoxFuture, Shared};
use redis::RedisError;
use secrecy::{ExposeSecret, SecretString};

use super::{SettingError, aside};

mod fault;
mod question;
mod servers;

use servers::Link;
pub use servers::Servers;

/// A connection that is older is replaced in the background, so that another server at the address is found this soon.
const FRESH: Duration = Duration::from_secs(5);

/// A connection that was idle for this long is replaced before it is used: its last response may be outdated.
const RESTED: Duration = Duration::from_secs(15);

/// How long a server may leave all commands unanswered before the next one gets another connection, even if no single
/// command has waited that long.
const SILENCE: Duration = Duration::from_secs(1);

/// How long it may take to connect, including the look-up of the primary.
const CONNECTING: Duration = Duration::from_secs(5);

/// Lifetime of the key that a write check sets.
const MARK_MILLIS: u32 = 10_000;

/// A connection to Redis as named by `REDIS_URL`, made when it is first used. Clones share it; blocking commands need a
/// connection of their own, since they delay everything else that shares it.
#[derive(Clone)]
pub struct Redis(Arc<Inner>);

struct Inner {
    servers: Servers,
    /// Whether connections are made, and therefore read, beside the requests ([`aside`]).
    is_aside: bool,
    slot: Mutex<Slot>,
}

type Making = Shared<BoxFuture<'static, Result<Link, RedisError>>>;

/// The current connection.
#[derive(Default)]
struct Slot {
    /// Increases with every connection, so that an error of an old one does not drop the new one.
    generation: u64,
    making: Option<Making>,
    made_at: Option<Instant>,
    /// Since when commands have had no response.
    silent_since: Option<Instant>,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Redis").field(&self.0.servers).finish()
    }
}

/// A connection to what `REDIS_URL` names; nothing is sent yet.
///
/// # Errors
/// When the URL is malformed; an unreachable server is noticed with the first command.
pub fn connect(url: &SecretString) -> Result<Redis, SettingError> {
    connection(url, false)
}

/// As [`connect`], for commands that many requests depend on: responses are read beside the requests ([`aside`]).
///
/// # Errors
/// As [`connect`].
pub fn connect_aside(url: &SecretString) -> Result<Redis, SettingError> {
    connection(url, true)
}

fn connection(url: &SecretString, is_aside: bool) -> Result<Redis, SettingError> {
    let servers = Servers::parse(url.expose_secret()).map_err(|problem| SettingError {
        setting: "REDIS_URL",
        problem,
    })?;
    Ok(Redis(Arc::new(Inner {
        servers,
        is_aside,
        slot: Mutex::default(),
    })))
}

impl Redis {
    /// Checks that the nodes of these keys accept writes, by setting a small value that expires.
    ///
    /// # Errors
    /// When a node does not.
    pub async fn prove(&self, keys: &[impl std::fmt::Display]) -> Result<(), RedisError> {
        let mut marks = redis::pipe();
        for key in keys {
            // The braces (a hash tag) put the value on the node of the key.
            marks
                .cmd("SET")
                .arg(format!("ready:{{{key}}}"))
                .arg(1)
                .arg("PX")
                .arg(MARK_MILLIS)
                .ignore();
        }
        marks.query_async(&mut self.clone()).await
    }

    async fn link(&self) -> Result<(u64, Link), RedisError> {
        let (generation, making) = self.0.making();
        match making.await {
            Ok(link) => Ok((generation, link)),
            Err(error) => {
                self.0.forget(generation);
                Err(error)
            }
        }
    }
}

impl Inner {
    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The current connection, or a new one.
    fn making(self: &Arc<Self>) -> (u64, Making) {
        let mut slot = self.slot();
        let age = slot.made_at.map(|at| at.elapsed()).unwrap_or_default();
        let is_server = slot.leads_to().is_some_and(|link| !link.is_cluster());
        if is_server && age >= RESTED {
            slot.making = None;
        }
        match slot.making.clone() {
            Some(making) => {
                let generation = slot.generation;
                if is_server && age >= FRESH {
                    self.renew(slot);
                }
                (generation, making)
            }
            None => {
                let making = make(self.servers.clone(), self.is_aside);
                slot.put(making.clone());
                // So that it continues if the caller stops waiting.
                tokio::spawn(making.clone());
                (slot.generation, making)
            }
        }
    }

    /// Makes another connection in the background; the current one stays until then.
    fn renew(self: &Arc<Self>, mut slot: MutexGuard<'_, Slot>) {
        // No other attempt begins meanwhile; if it fails, the next one comes after the same interval.
        slot.made_at = Some(Instant::now());
        let generation = slot.generation;
        drop(slot);
        let inner = Arc::clone(self);
        tokio::spawn(async move {
            let making = make(inner.servers.clone(), inner.is_aside);
            if making.clone().await.is_ok() {
                let mut slot = inner.slot();
                if slot.generation == generation {
                    slot.put(making);
                }
            }
        });
    }

    /// Drops this connection because of a problem of its server. A cluster connection stays, since it knows nodes that
    /// the URL does not name, and is replaced in the background.
    fn give_up(self: &Arc<Self>, generation: u64, link: &Link) {
        if !link.is_cluster() {
            self.forget(generation);
            return;
        }
        let slot = self.slot();
        let is_young = slot.made_at.is_some_and(|at| at.elapsed() < SILENCE);
        if slot.generation == generation && !is_young {
            self.renew(slot);
        }
    }

    fn forget(&self, generation: u64) {
        let mut slot = self.slot();
        if slot.generation == generation {
            slot.making = None;
            slot.silent_since = None;
        }
    }
}

impl Slot {
    fn put(&mut self, making: Making) {
        self.generation += 1;
        self.making = Some(making);
        self.made_at = Some(Instant::now());
        self.silent_since = None;
    }

    fn leads_to(&self) -> Option<&Link> {
        self.making.as_ref()?.peek()?.as_ref().ok()
    }
}

fn make(servers: Servers, is_aside: bool) -> Making {
    let connecting = async move {
        match tokio::time::timeout(CONNECTING, servers.connect()).await {
            Ok(made) => made,
            Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
        }
    };
    if !is_aside {
        return connecting.boxed().shared();
    }
    // The thread that polls `connecting` first reads the connection, so only the one beside polls it.
    async move {
        match aside::spawn(connecting).await {
            Ok(made) => made,
            Err(error) => Err(std::io::Error::other(error).into()),
        }
    }
    .boxed()
    .shared()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use testing::proxy::TestProxy;
    use testing::redis::TestRedis;

    use super::{RESTED, connect};

    #[tokio::test]
    async fn a_connection_unused_for_long_is_replaced() {
        let (old, new) = tokio::join!(TestRedis::start(), TestRedis::start());
        let proxy = TestProxy::start(old.port()).await;
        let redis = connect(&format!("redis://{}/", proxy.address()).into()).unwrap();
        redis.prove(&["it"]).await.unwrap();
        proxy.point_at(new.port());
        redis.0.slot().made_at = Some(Instant::now() - RESTED);
        redis.prove(&["it"]).await.unwrap();
        assert_eq!(new.ask::<i64>(&["DBSIZE"]).await, 1);
    }
}
