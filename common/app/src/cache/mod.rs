//! The in-memory cache of an API process, which saves requests a query: sold seats, API keys, permissions of partners,
//! and the version of the publication. docs/CACHING.md describes how it is kept current and how old it may be.
//!
//! Readers first call [`Cache::fresh`] (or [`Cache::recent`]). No sale is decided here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use chrono::TimeDelta;
use db::journey::DepartureKey;
use db::permission::Permissions;
use domain::id::PartnerId;
use kernel::clock::Clock;
use sqlx::PgPool;

use crate::error::AppResult;

mod departure;
mod departures;
mod keep;
mod key;
mod lag;
mod look;

pub use departure::Departure;
pub use departures::Departures;
pub use keep::{OldChanges, keep};
pub use key::{Key, KeyUse};
pub use lag::Lag;

use super::tally::Tally;
use lag::Noted;
use look::Turn;

/// Maximum age of the cache when it is used, in production.
pub const MAX_AGE: Duration = Duration::from_millis(100);

/// While the database does not answer, the cache is used up to this multiple of its maximum age, which is one second in
/// production. Then requests fail.
const GRACE: u32 = 10;

/// The cache. One per process.
#[derive(Debug)]
pub struct Cache {
    clock: Clock,
    environment: String,
    max_age: Duration,
    departures: Departures,
    keys: ArcSwap<HashMap<[u8; 32], Arc<Key>>>,
    permissions: ArcSwap<HashMap<PartnerId, Arc<Permissions>>>,
    publication: AtomicI64,
    changes: AtomicU64,
    uses: Tally<KeyUse>,
    /// Instants are stored as nanoseconds since then, so that they fit into an atomic.
    start: Instant,
    /// When the last successful look began; 0 if there was none.
    looked_at: AtomicU64,
    /// Changes of this process, and those of them that the last look has seen.
    sales: Noted,
    others: Noted,
    turn: Arc<tokio::sync::Mutex<Turn>>,
    /// A connection of its own, so that refreshes do not wait for connections of sales. After a failure it is replaced,
    /// since the server may have disappeared without closing it.
    side: Mutex<Option<PgPool>>,
    lag: Mutex<Lag>,
    looks: AtomicU64,
    loads: AtomicU64,
    histories: AtomicU64,
}

impl Cache {
    /// An empty cache of a process of this environment; the first look fills it. `max_age` is [`MAX_AGE`] in production
    /// and zero in tests, where each request looks.
    #[must_use]
    pub fn new(clock: Clock, environment: &str, max_age: Duration) -> Self {
        Self {
            clock,
            environment: environment.to_owned(),
            max_age,
            departures: Departures::default(),
            keys: ArcSwap::default(),
            permissions: ArcSwap::default(),
            publication: AtomicI64::default(),
            changes: AtomicU64::default(),
            uses: Tally::default(),
            start: Instant::now(),
            looked_at: AtomicU64::default(),
            sales: Noted::default(),
            others: Noted::default(),
            turn: Arc::default(),
            side: Mutex::default(),
            lag: Mutex::new(Lag {
                age: Duration::ZERO,
                last: TimeDelta::zero(),
                worst: TimeDelta::zero(),
                looks: 0,
                loads: 0,
                noted: 0,
            }),
            looks: AtomicU64::default(),
            loads: AtomicU64::default(),
            histories: AtomicU64::default(),
        }
    }

    /// Makes sure that the cache is not too old and has every change that this process recorded. It rarely needs a
    /// query.
    ///
    /// # Errors
    /// Database errors, when a refresh was due and the cache is too old to be used without it.
    pub async fn fresh(self: &Arc<Self>, pool: &PgPool) -> AppResult<()> {
        self.current(pool, true).await
    }

    /// As [`fresh`](Self::fresh), for readers that do not need sold seats: it does not wait for sales of this process,
    /// so that selling requests do not cause refreshes for each other.
    ///
    /// # Errors
    /// As [`fresh`](Self::fresh).
    pub async fn recent(self: &Arc<Self>, pool: &PgPool) -> AppResult<()> {
        self.current(pool, false).await
    }

    async fn current(self: &Arc<Self>, pool: &PgPool, with_sales: bool) -> AppResult<()> {
        let asked = self.ticks();
        if self.is_current(asked, self.max_age, with_sales) {
            self.look_ahead(pool, asked);
            return Ok(());
        }
        // Boxed, because it is rare: a future is as large as the largest one that it may await, and every layer moves
        // the future of its request.
        let looking = Box::pin(self.wait_for_look(pool, asked, with_sales));
        if !self.is_usable(asked, with_sales) {
            return looking.await;
        }
        // A database that stops responding does not delay requests that can use the cache as it is.
        match tokio::time::timeout(self.max_age, looking).await {
            Ok(looked) => looked,
            Err(_) => Ok(()),
        }
    }

    async fn wait_for_look(self: &Arc<Self>, pool: &PgPool, asked: u64, with_sales: bool) -> AppResult<()> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        if self.is_current(asked, self.max_age, with_sales) {
            return Ok(());
        }
        if let Some(failure) = turn.failure_since(asked) {
            return self.or_else_old(asked, with_sales, failure);
        }
        // In a task of its own, so that a canceled request does not stop a refresh that others wait for.
        let outcome = connect::aside::spawn(Arc::clone(self).look(pool.clone(), turn)).await;
        match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => self.or_else_old(asked, with_sales, error),
            Err(error) => Err(db::error::AppError::Internal(format!("refreshing the cache: {error}"))),
        }
    }

    /// After half of the maximum age, a refresh runs in the background, so that under load no request waits for one.
    fn look_ahead(self: &Arc<Self>, pool: &PgPool, asked: u64) {
        if self.max_age.is_zero() || self.is_current(asked, self.max_age / 2, false) {
            return;
        }
        if let Ok(turn) = Arc::clone(&self.turn).try_lock_owned()
            && !turn.has_failed()
        {
            connect::aside::spawn(Arc::clone(self).look(pool.clone(), turn));
        }
    }

    fn or_else_old(&self, asked: u64, with_sales: bool, error: db::error::AppError) -> AppResult<()> {
        match self.is_usable(asked, with_sales) {
            true => Ok(()),
            false => Err(error),
        }
    }

    /// Whether the cache may be used at an instant if the database does not answer.
    fn is_usable(&self, asked: u64, with_sales: bool) -> bool {
        !self.max_age.is_zero() && self.is_current(asked, self.max_age * GRACE, with_sales)
    }

    /// Whether the last look began at most `max_age` before an instant and has seen what this process changed.
    fn is_current(&self, asked: u64, max_age: Duration, with_sales: bool) -> bool {
        let looked_at = self.looked_at.load(Ordering::SeqCst);
        looked_at > 0
            && looked_at.saturating_add(nanos(max_age)) >= asked
            && self.others.are_seen()
            && (!with_sales || self.sales.are_seen())
    }

    fn ticks(&self) -> u64 {
        nanos(self.start.elapsed()).saturating_add(1)
    }

    /// Records that this process has committed a change: the next reader waits until it is in memory. Not calling it
    /// costs up to `max_age` of delay and nothing else.
    pub fn note_change(&self) {
        self.others.made.fetch_add(1, Ordering::SeqCst);
    }

    /// As [`note_change`](Self::note_change), of tickets only: readers that do not need sold seats do not wait.
    pub fn note_sale(&self) {
        self.sales.made.fetch_add(1, Ordering::SeqCst);
    }

    /// The taken seats of departures.
    #[must_use]
    pub const fn departures(&self) -> &Departures {
        &self.departures
    }

    /// The taken seats of a departure; `None` when there are none and it is on sale.
    #[must_use]
    pub fn sold(&self, key: DepartureKey) -> Option<Arc<Departure>> {
        self.departures.sold(key)
    }

    /// The permissions of a partner.
    #[must_use]
    pub fn permissions(&self, partner_id: PartnerId) -> Arc<Permissions> {
        self.permissions.load().get(&partner_id).cloned().unwrap_or_default()
    }

    /// How often the cache has changed. A result derived from it is valid as long as this number stays the same; read
    /// the number first.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// The live key of this environment with this hash.
    #[must_use]
    pub fn key(&self, hash: &[u8; 32]) -> Option<Arc<Key>> {
        self.keys.load().get(hash).cloned()
    }

    /// The published version, if the last successful look is not older than `age`.
    #[must_use]
    pub fn recent_publication_version(&self, age: Duration) -> Option<i64> {
        let looked_at = self.looked_at.load(Ordering::SeqCst);
        let is_recent = looked_at > 0 && looked_at.saturating_add(nanos(age)) >= self.ticks();
        is_recent.then(|| self.publication.load(Ordering::SeqCst))
    }

    /// How many live keys there are.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.keys.load().len()
    }

    /// Uses of keys that are not yet written.
    #[must_use]
    pub const fn uses(&self) -> &Tally<KeyUse> {
        &self.uses
    }

    /// How far the cache is behind the database.
    #[must_use]
    pub fn lag(&self) -> Lag {
        let looked_at = self.looked_at.load(Ordering::SeqCst);
        Lag {
            age: Duration::from_nanos(self.ticks().saturating_sub(looked_at)),
            looks: self.looks.load(Ordering::Relaxed),
            loads: self.loads.load(Ordering::Relaxed),
            noted: self.sales.made.load(Ordering::Relaxed) + self.others.made.load(Ordering::Relaxed),
            ..*self.lag.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    /// How many histories the database has had so far: one, and one more with each failover, restore and crash.
    #[must_use]
    pub fn histories(&self) -> u64 {
        self.histories.load(Ordering::SeqCst)
    }

    /// The connection for looks. It fails when the pool of the process is closed.
    fn side(&self, pool: &PgPool) -> Result<PgPool, sqlx::Error> {
        if pool.is_closed() {
            return Err(sqlx::Error::PoolClosed);
        }
        let mut side = self.side.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(side.get_or_insert_with(|| connect::postgres::beside(pool)).clone())
    }

    fn leave_side(&self) {
        let _left = self.side.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
