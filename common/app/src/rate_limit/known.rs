//! The limits of the partners of live keys, in memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use domain::id::PartnerId;
use domain::rate_limit::{Class, Limit, Limits, Terms};
use sqlx::PgPool;
use tokio::sync::Semaphore;

use crate::error::{AppError, AppResult};

/// Age at which the data of a key are read again in the background.
const FRESH: Duration = Duration::from_millis(500);

/// Age at which they are read before use: after that time a change applies everywhere.
const CURRENT: Duration = Duration::from_secs(1);

/// Age up to which they are used when the database does not answer.
const USABLE: Duration = Duration::from_secs(60);

/// How long a request waits for limits that were not read before.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Maximum number of concurrent look-ups, so that many new keys do not overload the database.
const LOOK_UPS: usize = 2;

/// The part of the time-out of Redis for which a request waits for newer limits while older ones may be used: 50 ms of the
/// default.
const PART: u32 = 5;

/// Number of keys above which those that were not read lately are dropped.
const MANY: usize = 10_000;

/// The counters of a caller, one for each class. Their names are built once, not for each request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Counters {
    limits: Limits,
    names: [String; Class::ALL.len()],
}

impl Counters {
    pub(super) fn new(caller: &str, limits: Limits) -> Arc<Self> {
        let name = |class| format!("limit:{caller}:{class}:{}", limits.of(class));
        let names = std::array::from_fn(|place| name(Class::ALL[place]));
        Arc::new(Self { limits, names })
    }

    pub(super) fn of(&self, class: Class) -> (Limit, &str) {
        (self.limits.of(class), &self.names[class as usize])
    }
}

/// The cached data of a live key.
pub(super) struct Known {
    pub(super) partner_id: PartnerId,
    pub(super) counters: Arc<Counters>,
    /// When the reading began, not when it ended: a change between the two may have been missed.
    read_at: Instant,
    being_read: AtomicBool,
}

/// The data of live keys, by their hash.
pub(super) struct KnownKeys {
    pool: PgPool,
    environment: String,
    terms: Terms,
    keys: RwLock<HashMap<[u8; 32], Arc<Known>>>,
    turns: Semaphore,
}

impl KnownKeys {
    pub(super) fn new(pool: PgPool, environment: &str, terms: Terms) -> Self {
        Self {
            pool,
            environment: environment.to_owned(),
            terms,
            keys: RwLock::default(),
            turns: Semaphore::new(LOOK_UPS),
        }
    }

    /// The data of a key, from memory if they were read within the last second.
    pub(super) async fn get(self: &Arc<Self>, hash: [u8; 32]) -> AppResult<Option<Arc<Known>>> {
        let Some(known) = self.recall(&hash, CURRENT) else {
            return self.read_again(hash).await;
        };
        if known.read_at.elapsed() >= FRESH {
            self.read_behind(hash, &known);
        }
        Ok(Some(known))
    }

    /// The data of a key, read before use. Limits of a minute ago are better than those of the address, and better than
    /// a long wait.
    async fn read_again(self: &Arc<Self>, hash: [u8; 32]) -> AppResult<Option<Arc<Known>>> {
        let old = self.recall(&hash, USABLE);
        let time = match &old {
            Some(_) => TIMEOUT.min(self.terms.timeout / PART),
            None => TIMEOUT,
        };
        let reading = tokio::time::timeout(time, Box::pin(self.look_up(hash))).await;
        let late = AppError::Unavailable("the limits of a key could not be looked up in time");
        match (reading.unwrap_or(Err(late)), old) {
            (Err(_), Some(old)) => {
                self.read_behind(hash, &old);
                Ok(Some(old))
            }
            (outcome, _) => outcome,
        }
    }

    /// Reads the data of a key in the background, unless that is being done. Not among the requests: if it were late,
    /// every request with the key would wait.
    fn read_behind(self: &Arc<Self>, hash: [u8; 32], known: &Arc<Known>) {
        if known.being_read.swap(true, Ordering::AcqRel) {
            return;
        }
        let (keys, known) = (Arc::clone(self), Arc::clone(known));
        connect::aside::spawn(async move {
            if keys.read(hash).await.is_err() {
                known.being_read.store(false, Ordering::Release);
            }
        });
    }

    fn recall(&self, hash: &[u8; 32], age: Duration) -> Option<Arc<Known>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.get(hash).filter(|known| known.read_at.elapsed() < age).cloned()
    }

    async fn look_up(&self, hash: [u8; 32]) -> AppResult<Option<Arc<Known>>> {
        // The semaphore is never closed.
        let _turn = self.turns.acquire().await.ok();
        // Another request may have read it while this one waited.
        match self.recall(&hash, CURRENT) {
            Some(known) => Ok(Some(known)),
            None => self.read(hash).await,
        }
    }

    async fn read(&self, hash: [u8; 32]) -> AppResult<Option<Arc<Known>>> {
        let mut conn = self.pool.acquire().await?;
        let read_at = Instant::now();
        let found = db::rate_limit::of_key(&mut conn, &self.environment, &hash).await?;
        let known = found.map(|(partner_id, agreed)| {
            let name = format!("partner:{}:{}", partner_id.0.simple(), agreed.version);
            Arc::new(Known {
                partner_id,
                counters: Counters::new(&name, agreed.over(self.terms.of_tier(agreed.tier))),
                read_at,
                being_read: AtomicBool::new(false),
            })
        });
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        match &known {
            Some(known) => {
                if keys.len() >= MANY {
                    keys.retain(|_, known| known.read_at.elapsed() < USABLE);
                }
                // A read that began earlier may end later.
                if keys.get(&hash).is_none_or(|newer| newer.read_at <= known.read_at) {
                    keys.insert(hash, Arc::clone(known));
                }
            }
            None => {
                keys.remove(&hash);
            }
        }
        Ok(known)
    }
}
