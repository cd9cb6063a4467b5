//! Rate limits (contract section 1): which limits apply to a caller, and whether a request may pass.
//!
//! All keys of a partner share one quota: another key does not add to it. Keys are found in memory by their hash: the
//! limits of the partner are read in the background, and when older than a second they are read again before use.
//! Callers without a live key are counted by address, so that invented keys create no counters.
//!
//! The names of counters include the limit and its version: changing a limit, or setting it again, starts new counters
//! and abandons the old ones.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use clients::rate_limit::Gate;
use connect::postgres::begin;
use connect::redis::Redis;
use db::rate_limit::Agreed;
use domain::id::PartnerId;
use domain::rate_limit::{Class, Limit, Limits, PartnerTier, Terms, Verdict};
use domain::throttle::place;
use kernel::clock::Clock;
use sqlx::PgPool;
use tokio::sync::Semaphore;

use super::api_key;
use crate::error::{AppError, AppResult, Noun, chain};

/// Age at which the data of a key are read again in the background.
const FRESH: Duration = Duration::from_millis(500);

/// Age at which they are read before use: after that time a change applies everywhere.
const CURRENT: Duration = Duration::from_secs(1);

/// Age up to which they are used when the database does not answer.
const USABLE: Duration = Duration::from_secs(60);

/// How long a request waits for the look-up of its key in the database.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Maximum number of concurrent look-ups, so that many new or invented keys do not overload the database.
const LOOK_UPS: usize = 2;

/// Number of keys above which those that were not read lately are dropped.
const MANY: usize = 10_000;

/// The caller of a request, and its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The partner whose live key it was sent with.
    pub partner_id: Option<PartnerId>,
    counters: Arc<Counters>,
}

/// The counters of a caller, one for each class. Their names are built once, not for each request.
#[derive(Debug, PartialEq, Eq)]
struct Counters {
    limits: Limits,
    names: [String; Class::ALL.len()],
}

impl Counters {
    fn new(caller: &str, limits: Limits) -> Arc<Self> {
        let name = |class| format!("limit:{caller}:{class}:{}", limits.of(class));
        let names = std::array::from_fn(|place| name(Class::ALL[place]));
        Arc::new(Self { limits, names })
    }

    fn of(&self, class: Class) -> (Limit, &str) {
        (self.limits.of(class), &self.names[class as usize])
    }
}

/// Rate limits of a process; clones share everything.
#[derive(Debug, Clone)]
pub struct RateLimits(Arc<Inner>);

struct Inner {
    gate: Gate,
    terms: Terms,
    pool: PgPool,
    environment: String,
    secret: hmac::Key,
    keys: RwLock<HashMap<[u8; 32], Arc<Known>>>,
    turns: Semaphore,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimits")
            .field("terms", &self.terms)
            .finish_non_exhaustive()
    }
}

/// The cached data of a live key.
struct Known {
    partner_id: PartnerId,
    counters: Arc<Counters>,
    /// When the reading began, not when it ended: a change between the two may have been missed.
    read_at: Instant,
    being_read: AtomicBool,
}

impl RateLimits {
    /// Limits of keys of this environment. `secret` is the same on all replicas. The time is that of Redis unless a
    /// clock is given.
    #[must_use]
    pub fn new(
        pool: PgPool,
        redis: Redis,
        environment: &str,
        secret: &[u8],
        terms: Terms,
        clock: Option<Clock>,
    ) -> Self {
        Self(Arc::new(Inner {
            gate: Gate::new(redis, terms.timeout, clock),
            terms,
            pool,
            environment: environment.to_owned(),
            secret: hmac::Key::new(hmac::HMAC_SHA256, secret),
            keys: RwLock::default(),
            turns: Semaphore::new(LOOK_UPS),
        }))
    }

    /// The caller of this request. `None` when the database is required and does not answer: the request is then not
    /// limited.
    pub async fn identify(&self, key: Option<&str>, address: IpAddr) -> Option<Subject> {
        if let Some(key) = key {
            match self.known(api_key::hash(key)).await {
                Ok(Some(known)) => {
                    return Some(Subject {
                        partner_id: Some(known.partner_id),
                        counters: Arc::clone(&known.counters),
                    });
                }
                Ok(None) => {}
                // The extractor that requires the key reports and logs the failure.
                Err(error) => {
                    tracing::debug!(error = chain(&error), "could not look up the limits of a key");
                    return None;
                }
            }
        }
        Some(Subject {
            partner_id: None,
            counters: Counters::new(&self.0.name_of(address), self.0.terms.address),
        })
    }

    /// Whether a request may pass, and the limit that decides. `None` while Redis does not answer: the request then
    /// passes, and there are no figures.
    pub async fn admit(&self, subject: &Subject, class: Class) -> Option<(Limit, Verdict)> {
        let (limit, name) = subject.counters.of(class);
        Some((limit, self.0.gate.ask(name, limit).await?))
    }

    /// Requests that passed uncounted since the process began, because Redis did not answer.
    #[must_use]
    pub fn unlimited(&self) -> u64 {
        self.0.gate.unlimited()
    }

    /// Whether requests are counted now.
    pub async fn works(&self) -> bool {
        self.0.gate.works().await
    }

    /// The limits of all keys of a partner together, and its tier.
    ///
    /// # Errors
    /// Not found when there is no such partner.
    pub async fn of_partner(&self, partner_id: PartnerId) -> AppResult<(PartnerTier, Limits)> {
        let mut conn = self.0.pool.acquire().await?;
        let agreed = db::rate_limit::of_partner(&mut conn, partner_id).await?;
        let agreed = agreed.ok_or(AppError::NotFound(Noun::Resource))?;
        Ok((agreed.tier, self.of(&agreed)))
    }

    /// The limits that follow from what was agreed with a partner.
    #[must_use]
    pub fn of(&self, agreed: &Agreed) -> Limits {
        agreed.over(self.0.terms.of_tier(agreed.tier))
    }

    /// The data of a key, from memory if they were read within the last second.
    async fn known(&self, hash: [u8; 32]) -> AppResult<Option<Arc<Known>>> {
        let Some(known) = self.0.recall(&hash, CURRENT) else {
            let reading = tokio::time::timeout(TIMEOUT, Box::pin(self.0.look_up(hash))).await;
            let late = AppError::Unavailable("the limits of a key could not be looked up in time");
            return match reading.unwrap_or(Err(late)) {
                Ok(known) => Ok(known),
                // Limits of a minute ago are better than none.
                Err(error) => self.0.recall(&hash, USABLE).map(Some).ok_or(error),
            };
        };
        if known.read_at.elapsed() >= FRESH && !known.being_read.swap(true, Ordering::AcqRel) {
            let (inner, known) = (Arc::clone(&self.0), Arc::clone(&known));
            tokio::spawn(async move {
                if inner.read(hash).await.is_err() {
                    known.being_read.store(false, Ordering::Release);
                }
            });
        }
        Ok(Some(known))
    }
}

impl Inner {
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

    /// The counter name of an address; no network address is stored in Redis.
    fn name_of(&self, address: IpAddr) -> String {
        let place = format!("rate limit {}", place(address));
        let mut name = "address:".to_owned();
        for byte in &hmac::sign(&self.secret, place.as_bytes()).as_ref()[..16] {
            let _ = write!(name, "{byte:02x}");
        }
        name
    }
}

/// Sets what was agreed with a partner: the tier, if one is given, and its own limits, which replace the existing ones.
/// Replicas apply them within a second; the partner then starts with a full quota.
///
/// # Errors
/// Database errors only.
pub async fn set(
    pool: &PgPool,
    partner_id: PartnerId,
    tier: Option<PartnerTier>,
    own: &[(Class, Limit)],
    now: DateTime<Utc>,
) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    db::rate_limit::set(&mut tx, partner_id, tier, own, now).await?;
    tx.commit().await?;
    Ok(())
}

/// The tier and limits that were agreed with a partner.
///
/// # Errors
/// Not found when there is no such partner.
pub async fn agreed(pool: &PgPool, partner_id: PartnerId) -> AppResult<Agreed> {
    let agreed = db::rate_limit::of_partner(&mut *pool.acquire().await?, partner_id).await?;
    agreed.ok_or(AppError::NotFound(Noun::Resource))
}
