//! Refreshes the cache: a look reads again, in its own snapshot, what has changed since the last one.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use db::api_key::LiveKey;
use db::cache::{Changes, Look};
use db::journey::DepartureKey;
use db::permission::Permissions;
use domain::id::PartnerId;
use domain::sold::Sold;
use sqlx::{PgConnection, PgPool};
use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::{Cache, Key};
use crate::error::{AppError, AppResult, chain};

/// Maximum age in days of the service day of a departure that can still be found: times of a timetable go up to a week,
/// and dates differ between time zones.
const PAST_DAYS: u64 = 9;

/// How long a look may take that does not read everything.
const TIMEOUT: Duration = Duration::from_secs(3);

/// How long reading everything may take.
const LOADING: Duration = Duration::from_secs(60);

/// Number of changes above which reading everything may be faster.
const MANY: usize = 1_000;

/// The right to refresh the cache: its holder refreshes, other requests wait.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// Position in the change log after the last look; `None` before the first.
    position: Option<LogPosition>,
    /// The history that the database had when everything was read.
    mark: String,
    /// When the last look began, if it failed, and how.
    failed: Option<(u64, AppFailure)>,
}

#[derive(Debug)]
struct LogPosition {
    snapshot: String,
    mark: String,
    /// The first service day that is in memory.
    from: NaiveDate,
}

/// A failure that is reported to every request that waited for the refresh.
#[derive(Debug, Clone)]
enum AppFailure {
    Unavailable,
    Fault(String),
}

impl From<&AppError> for AppFailure {
    fn from(error: &AppError) -> Self {
        match error {
            AppError::DatabaseUnavailable { .. } | AppError::Unavailable(_) => Self::Unavailable,
            other => Self::Fault(chain(other)),
        }
    }
}

impl From<AppFailure> for AppError {
    fn from(failure: AppFailure) -> Self {
        match failure {
            AppFailure::Unavailable => Self::Unavailable("the database does not say what changed"),
            AppFailure::Fault(text) => Self::Internal(text),
        }
    }
}

impl Turn {
    /// The failure of a refresh that began after the request.
    pub(super) fn failure_since(&self, asked: u64) -> Option<AppError> {
        let (began, failure) = self.failed.as_ref()?;
        (*began >= asked).then(|| failure.clone().into())
    }

    pub(super) const fn has_failed(&self) -> bool {
        self.failed.is_some()
    }
}

/// The result of a refresh.
struct News {
    departures: HashMap<DepartureKey, Sold>,
    keys: Vec<LiveKey>,
    permissions: HashMap<PartnerId, Permissions>,
}

impl Cache {
    /// Refreshes the cache. When it returns, everything that was committed before the call is in memory.
    pub(super) async fn look(self: Arc<Self>, pool: PgPool, mut turn: OwnedMutexGuard<Turn>) -> AppResult<()> {
        let (sales, others) = (
            self.sales.made.load(Ordering::SeqCst),
            self.others.made.load(Ordering::SeqCst),
        );
        let began = self.ticks();
        match Arc::clone(&self).catch_up(&pool, &mut turn).await {
            Ok(()) => {
                turn.failed = None;
                self.sales.seen.store(sales, Ordering::SeqCst);
                self.others.seen.store(others, Ordering::SeqCst);
                self.looked_at.store(began, Ordering::SeqCst);
                self.looks.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => {
                self.leave_side();
                let failure = AppFailure::from(&error);
                if matches!(failure, AppFailure::Fault(_)) {
                    // The position may be the cause.
                    turn.position = None;
                }
                turn.failed = Some((began, failure));
                Err(error)
            }
        }
    }

    async fn catch_up(self: Arc<Self>, pool: &PgPool, turn: &mut Turn) -> AppResult<()> {
        let side = self.side(pool)?;
        let silent = |_| AppError::Unavailable("the database did not report changes in time");
        if let Some(position) = &mut turn.position {
            let looking = timeout(TIMEOUT, self.look_since(&side, position)).await;
            let look = looking.map_err(silent)??;
            let are_many = look.changes.departures.len() > MANY;
            match timeout(TIMEOUT, self.resume(&side, position, look)).await {
                Ok(resumed) => {
                    if resumed? {
                        return Ok(());
                    }
                }
                Err(_) if are_many => {}
                Err(elapsed) => return Err(silent(elapsed)),
            }
        }
        turn.position = None;
        // Rows are decoded on a thread for blocking work, so that other tasks continue meanwhile.
        let handle = Handle::current();
        let cache = Arc::clone(&self);
        let loading = spawn_blocking(move || handle.block_on(timeout(LOADING, cache.load(&side))));
        let loaded = loading
            .await
            .map_err(|e| AppError::Internal(format!("loading the cache: {e}")))?;
        let position = loaded.map_err(|_| AppError::Unavailable("loading the cache took too long"))??;
        if turn.mark != position.mark {
            turn.mark.clone_from(&position.mark);
            self.histories.fetch_add(1, Ordering::SeqCst);
        }
        turn.position = Some(position);
        Ok(())
    }

    async fn look_since(&self, side: &PgPool, position: &LogPosition) -> AppResult<Look> {
        db::cache::look(&mut *side.acquire().await?, Some(&position.snapshot)).await
    }

    /// Reads what a look found changed; false when everything has to be read.
    async fn resume(&self, side: &PgPool, position: &mut LogPosition, mut look: Look) -> AppResult<bool> {
        let resumes = |look: &Look| look.is_whole && look.mark == position.mark;
        if resumes(&look) && !look.changes.is_empty() {
            // Looks again in the snapshot in which the rest is read, so that all of it is consistent.
            let mut snapshot = db::snapshot(side).await?;
            look = db::cache::look(&mut snapshot, Some(&position.snapshot)).await?;
            if resumes(&look) {
                let mut changes = std::mem::take(&mut look.changes);
                changes.departures.retain(|(_, day)| *day >= position.from);
                let news = self.read(&mut snapshot, &changes).await?;
                snapshot.commit().await?;
                self.apply(&changes, news, look.publication);
                self.note_lag(&look);
            }
        }
        if !resumes(&look) {
            return Ok(false);
        }
        self.publication.store(look.publication, Ordering::SeqCst);
        position.snapshot = look.snapshot;
        let from = self.first_day();
        if from > position.from {
            self.departures.forget_before(from);
            self.changes.fetch_add(1, Ordering::SeqCst);
            position.from = from;
        }
        // If the clock was ahead for a while, days were dropped that have not passed.
        Ok(from == position.from)
    }

    async fn read(&self, conn: &mut PgConnection, changes: &Changes) -> AppResult<News> {
        let mut news = News {
            departures: HashMap::new(),
            keys: Vec::new(),
            permissions: HashMap::new(),
        };
        if !changes.departures.is_empty() {
            news.departures = db::cache::departures(conn, &changes.departures).await?;
        }
        if !changes.keys.is_empty() {
            news.keys = db::cache::keys(conn, &self.environment, Some(&changes.keys)).await?;
        }
        if !changes.permissions.is_empty() {
            news.permissions = db::cache::permissions(conn, Some(&changes.permissions)).await?;
        }
        Ok(news)
    }

    fn apply(&self, changes: &Changes, news: News, publication: i64) {
        self.departures.apply(&changes.departures, news.departures, publication);
        if !changes.keys.is_empty() {
            let mut keys = HashMap::clone(&self.keys.load());
            keys.retain(|_, key| !changes.keys.contains(&key.id.0));
            keys.extend(by_hash(&news.keys));
            self.keys.store(Arc::new(keys));
        }
        if !changes.permissions.is_empty() {
            let mut permissions = HashMap::clone(&self.permissions.load());
            permissions.retain(|partner, _| !changes.permissions.contains(&partner.0));
            permissions.extend(shared(news.permissions));
            self.permissions.store(Arc::new(permissions));
        }
        // Last: nothing computed from a partial state may be kept.
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// Reads everything, in one snapshot.
    async fn load(&self, side: &PgPool) -> AppResult<LogPosition> {
        let started = Instant::now();
        let from = self.first_day();
        let mut snapshot = db::snapshot(side).await?;
        let look = db::cache::look(&mut snapshot, None).await?;
        let departures = db::cache::departures_from(&mut snapshot, from).await?;
        let keys = db::cache::keys(&mut snapshot, &self.environment, None).await?;
        let permissions = db::cache::permissions(&mut snapshot, None).await?;
        snapshot.commit().await?;
        self.departures.replace(departures);
        self.keys.store(Arc::new(by_hash(&keys).collect()));
        self.permissions.store(Arc::new(shared(permissions).collect()));
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.publication.store(look.publication, Ordering::SeqCst);
        self.loads.fetch_add(1, Ordering::Relaxed);
        tracing::info!(
            departures = self.departures.len(),
            keys = keys.len(),
            duration_ms = started.elapsed().as_millis(),
            "sold seats, keys and permissions loaded into memory"
        );
        Ok(LogPosition {
            snapshot: look.snapshot,
            mark: look.mark,
            from,
        })
    }

    fn note_lag(&self, look: &Look) {
        if let Some(last) = look.lag {
            let mut lag = self.lag.lock().unwrap_or_else(PoisonError::into_inner);
            lag.last = last;
            lag.worst = lag.worst.max(last);
        }
    }

    fn first_day(&self) -> NaiveDate {
        let today = self.clock.now().date_naive();
        today.checked_sub_days(Days::new(PAST_DAYS)).unwrap_or(today)
    }
}

fn by_hash(keys: &[LiveKey]) -> impl Iterator<Item = ([u8; 32], Arc<Key>)> {
    keys.iter()
        .filter_map(|key| Some((key.secret_hash.as_slice().try_into().ok()?, Arc::new(Key::new(key)))))
}

fn shared<V>(values: HashMap<PartnerId, V>) -> impl Iterator<Item = (PartnerId, Arc<V>)> {
    values
        .into_iter()
        .map(|(partner_id, value)| (partner_id, Arc::new(value)))
}
