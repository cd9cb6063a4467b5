//! The publication in memory: read as a whole in one transaction, replaced as a whole.
//!
//! The current state serves while a newer one is read, so no search waits for an import. Until [`Publication::follow`]
//! runs, every use first checks the version in the database, so that a test immediately sees what it has imported. A
//! sale never relies on the state in memory: it compares versions in its transaction, and retries with
//! [`Publication::current`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use chrono::NaiveDate;
use domain::catalogue::Catalogue;
use domain::id::{CityId, PriceId, StopId};
use domain::money::{Currency, Money};
use domain::offer::price_id;
use domain::timetable::{Connection, Parts, Timetable};
use kernel::memo::Memo;
use sqlx::PgPool;
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::cache::Cache;
use crate::error::{AppError, AppResult};

/// How often a process looks for a new version: the maximum age of what it serves, apart from the time that reading
/// takes.
const LOOK: Duration = Duration::from_millis(100);

/// How often an idle process checks the version; a busy one learns it from the refreshes of the cache.
const IDLE_LOOK: Duration = Duration::from_millis(500);

/// How long reading a state may take: without a limit, a server that disappeared would block it permanently.
const LOADING: Duration = Duration::from_secs(60);

/// Pause after a failed check.
const PAUSE: Duration = Duration::from_secs(1);

/// One published state.
#[derive(Debug)]
pub struct Published {
    /// Departures, fares, rates.
    pub timetable: Timetable,
    /// Cities and stops.
    pub catalogue: Catalogue,
    /// Number of the reading in this process. A version can recur with different contents after a failover that lost
    /// the last import.
    pub reading: u64,
    /// Connections of city pairs and days that were searched for.
    rides: Memo<(CityId, CityId, NaiveDate, Currency), Arc<[Ride]>>,
}

/// Capacity of `rides`: about 10 MB.
const RIDES: usize = 50_000;

/// A connection with its prices, which change only with the published state.
#[derive(Debug, Clone)]
pub struct Ride {
    /// The departure with its ends.
    pub connection: Connection,
    /// The stop where it begins.
    pub from: StopId,
    /// The stop where it ends.
    pub to: StopId,
    /// Prices per passenger, the requested currency first.
    pub prices: Arc<[(PriceId, Money)]>,
}

impl Published {
    /// Rides from one city to another on a local day that are for sale in a currency, by departure. The search scans
    /// all visits of both cities, so the result is kept.
    #[must_use]
    pub fn rides(&self, from: CityId, to: CityId, day: NaiveDate, currency: Currency) -> Arc<[Ride]> {
        let key = (from, to, day, currency);
        if let Some(rides) = self.rides.get(&key) {
            return rides;
        }
        let ride = |connection: Connection| {
            let (from, to) = self.timetable.ends(&connection)?;
            let trip = self.timetable.trip(&connection).id;
            let prices = self.timetable.prices(&connection, currency)?.into_iter();
            Some(Ride {
                connection,
                from: from.id,
                to: to.id,
                prices: prices
                    .map(|p| (price_id(trip, from.id, to.id, p.currency), p))
                    .collect(),
            })
        };
        let connections = self.timetable.connections(from, to, day);
        let rides: Arc<[Ride]> = connections.into_iter().filter_map(ride).collect();
        self.rides.insert(key, Arc::clone(&rides), rides.len() + 1);
        rides
    }

    fn new(parts: Parts, reading: u64) -> Self {
        let catalogue = Catalogue::new(parts.stops.iter().filter_map(|stop| stop.stop.clone()).collect());
        Self {
            timetable: Timetable::new(parts),
            catalogue,
            reading,
            rides: Memo::new(RIDES),
        }
    }
}

/// The current published state. A reader has the old or the new one, never a mix.
#[derive(Debug, Default)]
pub struct Publication {
    current: ArcSwapOption<Published>,
    /// Number of readings so far; the holder of the lock reads.
    loading: Mutex<u64>,
    followed: AtomicBool,
    /// Replaced states that requests may still use; kept only while a follower frees them.
    retired: std::sync::Mutex<Vec<Arc<Published>>>,
}

impl Publication {
    /// The state that is current in the database; loads it first if it has changed.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn current(&self, pool: &PgPool) -> AppResult<Arc<Published>> {
        let newest = newest(pool).await?;
        if let Some(current) = self.at_hand().filter(|state| state.timetable.version() == newest) {
            return Ok(current);
        }
        let mut readings = self.loading.lock().await;
        // Another task may have read this version or a later one meanwhile. A restored database has an earlier one.
        let newest = self::newest(pool).await?;
        match self.at_hand().filter(|state| state.timetable.version() == newest) {
            Some(current) => Ok(current),
            None => self.read(pool, &mut readings).await,
        }
    }

    /// The current state, which may be older than the newest by a tenth of a second (half a second in an idle process)
    /// and the time that reading takes. While nothing follows the publication, it is the newest one.
    ///
    /// # Errors
    /// Database errors only, and only before the first state was read.
    pub async fn serving(&self, pool: &PgPool) -> AppResult<Arc<Published>> {
        if self.is_followed()
            && let Some(current) = self.current.load_full()
        {
            return Ok(current);
        }
        Box::pin(self.current(pool)).await
    }

    async fn read(&self, pool: &PgPool, readings: &mut u64) -> AppResult<Arc<Published>> {
        *readings += 1;
        let published = load(pool, *readings).await?;
        let before = self.current.swap(Some(Arc::clone(&published)));
        if self.is_followed() {
            self.retired().extend(before);
        }
        Ok(published)
    }

    /// The state in memory, current or not; `None` before the first is loaded.
    #[must_use]
    pub fn at_hand(&self) -> Option<Arc<Published>> {
        self.current.load_full()
    }

    /// Polls for new versions without end, and loads them while the current state is served; the state of a database
    /// with another history is loaded as well. Failures are logged, and the current state is kept. While this runs,
    /// [`Publication::serving`] does not query the database.
    pub async fn follow(&self, pool: &PgPool, cache: &Cache) {
        let mut followed = Followed::default();
        let mut failed = false;
        loop {
            match self.look(pool, cache, &mut followed).await {
                Ok(()) => {
                    self.followed.store(true, Ordering::Release);
                    failed = false;
                }
                Err(error) => {
                    if !failed {
                        let error = db::error::chain(&error);
                        tracing::warn!(
                            error,
                            "could not check the published version; serving the one in memory"
                        );
                    }
                    failed = true;
                }
            }
            self.release().await;
            tokio::time::sleep(if failed { PAUSE } else { LOOK }).await;
        }
    }

    async fn look(&self, pool: &PgPool, cache: &Cache, followed: &mut Followed) -> AppResult<()> {
        let histories = cache.histories();
        if followed.histories.is_some_and(|before| before != histories) {
            self.read(pool, &mut *self.loading.lock().await).await?;
        }
        followed.histories = Some(histories);
        let in_hand = self.at_hand().map(|state| state.timetable.version());
        let is_known = match cache.recent_publication_version(LOOK * 2) {
            Some(newest) => in_hand == Some(newest),
            None => followed.asked.is_some_and(|asked| asked.elapsed() < IDLE_LOOK),
        };
        if !is_known {
            followed.asked = Some(Instant::now());
            self.current(pool).await?;
        }
        Ok(())
    }

    /// Frees the states that no request uses any more, on a thread for blocking work: freeing one takes as long as
    /// thousands of requests.
    async fn release(&self) {
        let unused: Vec<_> = self
            .retired()
            .extract_if(.., |state| Arc::strong_count(state) == 1)
            .collect();
        if !unused.is_empty() {
            let _freed = tokio::task::spawn_blocking(move || drop(unused)).await;
        }
    }

    /// Whether [`Publication::follow`] has had its first look.
    #[must_use]
    pub fn is_followed(&self) -> bool {
        self.followed.load(Ordering::Acquire)
    }

    fn retired(&self) -> MutexGuard<'_, Vec<Arc<Published>>> {
        self.retired.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The state of [`Publication::follow`].
#[derive(Debug, Default)]
struct Followed {
    /// Number of histories of the database when the current state was read.
    histories: Option<u64>,
    /// When it last asked for the version.
    asked: Option<Instant>,
}

/// The version that is published now.
async fn newest(pool: &PgPool) -> AppResult<i64> {
    db::publication::version(&mut *pool.acquire().await?).await
}

/// Reads and indexes the published state. Decoding a million stop times takes tenths of a second, so it runs on a
/// thread for blocking work and delays no request.
async fn load(pool: &PgPool, reading: u64) -> AppResult<Arc<Published>> {
    let started = Instant::now();
    let mut snapshot = db::snapshot(pool).await?;
    let runtime = Handle::current();
    let loading = tokio::task::spawn_blocking(move || {
        let parts = runtime.block_on(timeout(LOADING, async {
            let parts = db::published::load(&mut snapshot).await?;
            snapshot.commit().await?;
            Ok::<_, AppError>(parts)
        }));
        let parts = parts.map_err(|_| AppError::Unavailable("reading the published state took too long"))??;
        Ok(Arc::new(Published::new(parts, reading)))
    });
    let published: AppResult<Arc<Published>> = loading
        .await
        .map_err(|e| AppError::Internal(format!("reading the published state: {e}")))?;
    let published = published?;
    let (version, duration_ms) = (published.timetable.version(), started.elapsed().as_millis());
    tracing::info!(version, duration_ms, "published state loaded");
    Ok(published)
}
