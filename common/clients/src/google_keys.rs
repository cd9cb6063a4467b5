//! The keys with which Google (or another OpenID provider) signs id tokens: a JWK set (RFC 7517), fetched over HTTP and
//! kept for as long as its `Cache-Control` says.
//!
//! Providers rotate their keys without notice, so an unknown key id causes another fetch, but not more often than every
//! [`PAUSE`], or each token with an invented key id would cause one. Callers that need a fetch at the same time share
//! one. While the provider cannot be reached, its last keys stay valid for [`GRACE`] longer.

mod fetch;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use chrono::{DateTime, TimeDelta, Utc};
use connect::SettingError;
use domain::provider::Fault;
use jsonwebtoken::DecodingKey;
use kernel::chain;
use kernel::clock::Clock;
use tokio::sync::Mutex;
use tracing::Instrument;

use super::Timeouts;
use super::metrics::{Provider, timed};

/// Shortest time between two fetches; longer than a fetch takes, shorter than any lifetime.
pub const PAUSE: TimeDelta = TimeDelta::seconds(10);

/// Longest time between two fetches that the provider may ask for (`Retry-After`): people wait to sign in.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(5);

/// How long keys stay valid after their lifetime while the provider cannot be reached.
pub const GRACE: TimeDelta = TimeDelta::hours(1);

/// Why there is no key with that id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The provider does not publish it.
    #[error("the key is unknown")]
    Unknown,
    /// The provider could not be reached.
    #[error("the keys could not be fetched")]
    Unavailable,
}

/// The published keys of one provider.
#[derive(Debug)]
pub struct GoogleKeys(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    client: reqwest::Client,
    url: reqwest::Url,
    clock: Clock,
    known: ArcSwap<Known>,
    /// Held during a fetch.
    turn: Mutex<()>,
}

/// The result of the latest fetches.
#[derive(Clone, Default)]
struct Known {
    keys: HashMap<String, Arc<DecodingKey>>,
    expires_at: DateTime<Utc>,
    tried_at: Option<DateTime<Utc>>,
    /// The pause that the provider asked for with its last failure.
    asked: TimeDelta,
    failed: bool,
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} keys until {}", self.keys.len(), self.expires_at)
    }
}

/// How long a fetch may take: a user waits for it on a login page.
pub const TIMEOUTS: Timeouts = Timeouts {
    step: Duration::from_secs(2),
    total: Duration::from_secs(5),
};

impl GoogleKeys {
    /// The keys at `GOOGLE_KEYS_URL`, fetched with the first use.
    ///
    /// # Errors
    /// When the URL is malformed.
    pub fn new(url: &str, clock: Clock, timeouts: Timeouts) -> Result<Self, SettingError> {
        let wrong = |problem: String| SettingError {
            setting: "GOOGLE_KEYS_URL",
            problem,
        };
        let url = reqwest::Url::parse(url).map_err(|e| wrong(format!("is not a URL: {e}")))?;
        let client = reqwest::Client::builder()
            .connect_timeout(timeouts.step)
            .timeout(timeouts.total)
            // There is one request in hours: a kept connection would be closed by then.
            .pool_max_idle_per_host(0)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|e| wrong(format!("cannot be used by an HTTP client: {e}")))?;
        Ok(Self(Arc::new(Inner {
            client,
            url,
            clock,
            known: ArcSwap::default(),
            turn: Mutex::default(),
        })))
    }

    /// The key with that id.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn key(&self, id: &str) -> Result<Arc<DecodingKey>, KeyError> {
        if let Some(key) = self.0.known.load().fresh(id, self.0.clock.now()) {
            return Ok(key);
        }
        let (inner, id) = (Arc::clone(&self.0), id.to_owned());
        // In a task of its own: a caller that is canceled would otherwise cancel the fetch for all who wait for it.
        let fetching = tokio::spawn(async move { inner.renewed(&id).await }.in_current_span());
        fetching.await.unwrap_or(Err(KeyError::Unavailable))
    }
}

impl Inner {
    async fn renewed(&self, id: &str) -> Result<Arc<DecodingKey>, KeyError> {
        let _turn = self.turn.lock().await;
        // Another caller may have fetched while this one waited.
        let mut known = self.known.load_full();
        let now = self.clock.now();
        if known.is_worth_a_fetch(id, now) {
            known = Arc::new(
                match timed(Provider::Google, fetch::fetch(&self.client, self.url.clone())).await {
                    Ok(fetched) => Known {
                        keys: fetched.keys,
                        expires_at: now + fetched.lifetime,
                        tried_at: Some(now),
                        asked: TimeDelta::zero(),
                        failed: false,
                    },
                    Err(error) => {
                        if error.fault() == Fault::Setup {
                            tracing::error!(
                                error = chain(&error),
                                "GOOGLE_KEYS_URL does not point to the keys of ID tokens"
                            );
                        } else {
                            tracing::warn!(error = chain(&error), "could not fetch the keys of ID tokens");
                        }
                        Known {
                            tried_at: Some(now),
                            asked: error.asked(now),
                            failed: true,
                            ..Known::clone(&known)
                        }
                    }
                },
            );
            self.known.store(Arc::clone(&known));
        }
        known.answer(id, now)
    }
}

impl Known {
    fn fresh(&self, id: &str, now: DateTime<Utc>) -> Option<Arc<DecodingKey>> {
        self.keys.get(id).filter(|_| now < self.expires_at).cloned()
    }

    fn is_worth_a_fetch(&self, id: &str, now: DateTime<Utc>) -> bool {
        let pause = self.asked.clamp(PAUSE, LONGEST_PAUSE);
        let rested = self.tried_at.is_none_or(|at| (now - at).abs() >= pause);
        rested && self.fresh(id, now).is_none()
    }

    fn answer(&self, id: &str, now: DateTime<Utc>) -> Result<Arc<DecodingKey>, KeyError> {
        match self.keys.get(id) {
            Some(key) if now < self.expires_at + GRACE => Ok(Arc::clone(key)),
            None if !self.failed && now < self.expires_at => Err(KeyError::Unknown),
            _ => Err(KeyError::Unavailable),
        }
    }
}
