//! Rate limits (contract section 1): which limits apply to a caller, and whether a request may pass.
//!
//! All keys of a partner share one quota: another key does not add to it. The limits of the partner of a live key are
//! read in the background, and when older than a second they are read again before use. Callers without a live key are
//! counted by address, so that invented keys create no counters. Which keys are live is known from memory
//! ([`Cache`]), so invented keys cost no query either.
//!
//! The names of counters include the limit and its version: changing a limit, or setting it again, starts new counters
//! and abandons the old ones.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};
use clients::rate_limit::Gate;
use connect::postgres::begin;
use connect::redis::Redis;
use db::rate_limit::Agreed;
use domain::id::PartnerId;
use domain::rate_limit::{Class, Limit, Limits, PartnerTier, RateDecision, Terms};
use domain::throttle::place;
use kernel::clock::Clock;
use serde_json::Value;
use sqlx::PgPool;

mod known;

use super::api_key;
use super::cache::Cache;
use crate::error::{AppError, AppResult, Noun, chain};
use crate::ops::Operator;
use known::{Counters, Known, KnownKeys};

/// How long a request waits for the live keys to be brought up to date.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The caller of a request, and its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The partner whose live key it was sent with.
    pub partner_id: Option<PartnerId>,
    counters: Arc<Counters>,
}

/// Rate limits of a process; clones share everything.
#[derive(Debug, Clone)]
pub struct RateLimits(Arc<Inner>);

struct Inner {
    gate: Gate,
    terms: Terms,
    pool: PgPool,
    /// The live keys.
    cache: Arc<Cache>,
    /// Their limits.
    known: Arc<KnownKeys>,
    secret: hmac::Key,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RateLimits")
            .field("terms", &self.terms)
            .finish_non_exhaustive()
    }
}

impl RateLimits {
    /// Limits of keys of this environment, those that `cache` has. `secret` is the same on all replicas. The time is
    /// that of Redis unless a clock is given.
    #[must_use]
    pub fn new(
        pool: PgPool,
        cache: Arc<Cache>,
        redis: Redis,
        environment: &str,
        secret: &[u8],
        terms: Terms,
        clock: Option<Clock>,
    ) -> Self {
        Self(Arc::new(Inner {
            gate: Gate::new(redis, terms.timeout, clock),
            terms,
            known: Arc::new(KnownKeys::new(pool.clone(), environment, terms)),
            pool,
            cache,
            secret: hmac::Key::new(hmac::HMAC_SHA256, secret),
        }))
    }

    /// The caller of this request. A request without a live key, or with one whose limits cannot be looked up in time,
    /// is counted by its address: every request has a caller.
    pub async fn identify(&self, key: Option<&str>, address: IpAddr) -> Subject {
        if let Some(key) = key
            && let Some(known) = self.of_live(api_key::hash(key)).await
        {
            return Subject {
                partner_id: Some(known.partner_id),
                counters: Arc::clone(&known.counters),
            };
        }
        Subject {
            partner_id: None,
            counters: Counters::new(&self.0.name_of(address), self.0.terms.address),
        }
    }

    /// Whether a request may pass, and the limit that decides. `None` while Redis does not answer: the request then
    /// passes, and there are no figures.
    pub async fn admit(&self, subject: &Subject, class: Class) -> Option<(Limit, RateDecision)> {
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

    /// The data of a key, if it is live. Only a live one is looked up in the database.
    async fn of_live(&self, hash: [u8; 32]) -> Option<Arc<Known>> {
        let cache = &self.0.cache;
        // If it fails, the keys in memory are used. The extractor that requires the key reports the failure.
        let refreshed = tokio::time::timeout(TIMEOUT, cache.recent(&self.0.pool)).await;
        if let Ok(Err(error)) = refreshed {
            tracing::debug!(error = chain(&error), "could not refresh the live keys");
        }
        cache.key(&hash)?;
        match self.0.known.get(hash).await {
            Ok(known) => known,
            Err(error) => {
                tracing::debug!(error = chain(&error), "could not look up the limits of a key");
                None
            }
        }
    }
}

impl Inner {
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
    now: DateTime<Utc>,
    by: &Operator,
    partner_id: PartnerId,
    tier: Option<PartnerTier>,
    own: &[(Class, Limit)],
) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    db::rate_limit::set(&mut tx, partner_id, tier, own, now).await?;
    let limits: Value = own.iter().map(|(class, limit)| format!("{class}={limit}")).collect();
    let details = [("tier", tier.map(|tier| tier.to_string()).into()), ("limits", limits)];
    by.record(&mut tx, now, "limits.changed", &partner_id.to_string(), details)
        .await?;
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
