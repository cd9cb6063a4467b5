//! Rate limits in Redis, shared by all replicas of the API: one script, on the clock of Redis.
//!
//! The requests of a busy caller are counted several at a time ([`lease`](domain::rate_limit::lease), which says how
//! inaccurate that may be), so most of them need no call to Redis; under small limits each request is counted
//! separately.
//!
//! Requests do not wait for a slow Redis: a late answer is abandoned, and after an error or several late answers
//! requests skip Redis until a probe in the background succeeds. Meanwhile every request passes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use connect::redis::Redis;
use domain::rate_limit::lease::{Lease, Spend};
use domain::rate_limit::{Limit, RateDecision};
use kernel::chain;
use kernel::clock::Clock;
use kernel::log_limit::LogLimit;
use redis::RedisError;
use script::Request;

mod script;

/// Number of callers above which leases that make no difference are dropped.
const MANY: usize = 10_000;

/// Size of a lease from which on its renewal must not be late: the caller sends hundreds of requests a second.
const MANY_WAIT: u64 = 64;

/// Late responses in a row after which requests skip Redis.
const LATE_IN_A_ROW: u32 = 5;

/// Time between two probes of Redis.
const PAUSE: Duration = Duration::from_millis(250);

/// Time-out of a probe.
const PROBE: Duration = Duration::from_secs(1);

/// The rate limiter; clones share all state.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    redis: Redis,
    timeout: Duration,
    clock: Option<Clock>,
    start: Instant,
    leases: Mutex<HashMap<String, Lease>>,
    asked: AtomicU64,
    open: AtomicBool,
    late: AtomicU32,
    unlimited: AtomicU64,
    /// Problems of an unreachable Redis.
    problems: LogLimit,
    /// Counters that held no number.
    unreadable: LogLimit,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gate")
    }
}

impl Gate {
    /// A limiter that lets a request wait for Redis for at most `timeout`. The time is that of Redis, which all
    /// replicas share, unless a clock is given.
    #[must_use]
    pub fn new(redis: Redis, timeout: Duration, clock: Option<Clock>) -> Self {
        Self(Arc::new(Inner {
            redis,
            timeout,
            clock,
            start: Instant::now(),
            leases: Mutex::default(),
            asked: AtomicU64::new(0),
            open: AtomicBool::new(false),
            late: AtomicU32::new(0),
            unlimited: AtomicU64::new(0),
            problems: LogLimit::default(),
            unreadable: LogLimit::default(),
        }))
    }

    /// Counts a request of the caller with this name. `None`: Redis does not answer, and the request passes uncounted.
    pub async fn ask(&self, name: &str, limit: Limit) -> Option<RateDecision> {
        let inner = &self.0;
        if inner.open.load(Ordering::Acquire) {
            inner.unlimited.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        if limit.lease() == 1 {
            let (granted, free) = self.run(name, limit, 1).await?;
            return Some(RateDecision::of_free(limit, granted > 0, free));
        }
        match inner.spend(name, limit) {
            Spend::Held(verdict) => Some(verdict),
            Spend::Single => {
                let (granted, free) = self.run(name, limit, 1).await?;
                Some(RateDecision::of_free(limit, granted > 0, free))
            }
            Spend::Renew(wanted) if wanted < MANY_WAIT => self.renew(name, limit, wanted).await,
            // Until the lease is renewed, every other request asks Redis for itself. So that is not done among them.
            Spend::Renew(wanted) => {
                let (gate, name) = (self.clone(), name.to_owned());
                let renewing = connect::aside::spawn(async move { gate.renew(&name, limit, wanted).await });
                renewing.await.ok()?
            }
        }
    }

    /// Renews a lease, and admits a request from it.
    async fn renew(&self, name: &str, limit: Limit, wanted: u64) -> Option<RateDecision> {
        let renewal = Renewal {
            inner: &self.0,
            name,
            is_over: false,
        };
        let (granted, free) = self.run(name, limit, wanted).await?;
        renewal.take(limit, granted, free)
    }

    /// Asks Redis for `wanted` requests; returns how many are granted and how much is left. `None`: it does not answer.
    async fn run(&self, name: &str, limit: Limit, wanted: u64) -> Option<(u64, u64)> {
        let inner = &self.0;
        inner.asked.fetch_add(1, Ordering::Relaxed);
        match tokio::time::timeout(inner.timeout, Box::pin(inner.run(name, limit, wanted))).await {
            Ok(Ok(granted)) => {
                inner.late.store(0, Ordering::Relaxed);
                return Some(granted);
            }
            Ok(Err(error)) => self.give_up(&chain(&error)),
            Err(_) => {
                if inner.late.fetch_add(1, Ordering::Relaxed) + 1 >= LATE_IN_A_ROW {
                    self.give_up("Redis did not answer in time");
                }
            }
        }
        inner.unlimited.fetch_add(1, Ordering::Relaxed);
        None
    }

    /// Calls to Redis about requests since the process started.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.0.asked.load(Ordering::Relaxed)
    }

    /// Requests that passed uncounted since the process started, because Redis did not answer.
    #[must_use]
    pub fn unlimited(&self) -> u64 {
        self.0.unlimited.load(Ordering::Relaxed)
    }

    /// Whether requests are counted now; finds out by counting one of a caller that does not exist.
    pub async fn works(&self) -> bool {
        if self.0.open.load(Ordering::Acquire) {
            return false;
        }
        match self.0.probe().await {
            Ok(()) => true,
            Err(problem) => {
                self.give_up(&problem);
                false
            }
        }
    }

    /// Makes requests skip Redis until a probe in the background succeeds.
    fn give_up(&self, problem: &str) {
        if self.0.open.swap(true, Ordering::AcqRel) {
            return;
        }
        self.0.tell(problem);
        tokio::spawn(wait_for_redis(Arc::downgrade(&self.0)));
    }
}

/// A lease that is being renewed. If the request is dropped meanwhile, the next one renews it.
struct Renewal<'a> {
    inner: &'a Inner,
    name: &'a str,
    is_over: bool,
}

impl Renewal<'_> {
    /// Stores what was granted; `None` when the lease is gone.
    fn take(mut self, limit: Limit, granted: u64, free: u64) -> Option<RateDecision> {
        self.is_over = true;
        let now = self.inner.now();
        let mut leases = self.inner.leases();
        Some(leases.get_mut(self.name)?.take(limit, granted, free, now))
    }
}

impl Drop for Renewal<'_> {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        if let Some(lease) = self.inner.leases().get_mut(self.name) {
            lease.give_up();
        }
    }
}

/// Ends when Redis answers, or when the limiter is dropped.
async fn wait_for_redis(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(inner) = inner.upgrade() else { return };
        match inner.probe().await {
            Ok(()) => {
                inner.late.store(0, Ordering::Relaxed);
                inner.open.store(false, Ordering::Release);
                tracing::info!("requests are limited again");
                return;
            }
            Err(problem) => inner.tell(&problem),
        }
    }
}

impl Inner {
    async fn run(&self, name: &str, limit: Limit, wanted: u64) -> Result<(u64, u64), RedisError> {
        let request = Request {
            name,
            limit,
            wanted,
            now: self.clock.as_ref().map(|clock| clock.now().timestamp_micros()),
        };
        let (granted, free, is_unreadable) = script::run(&self.redis, request).await?;
        // Also when there is none, so that those that could not be logged yet are logged soon.
        if let Some(counters) = self.unreadable.note(is_unreadable.into(), Instant::now()) {
            tracing::warn!(counters, "counters of requests held no number; counting from zero");
        }
        Ok((granted, free))
    }

    /// The time for leases in microseconds: of the given clock, else since the limiter was created.
    fn now(&self) -> u64 {
        let micros = match &self.clock {
            Some(clock) => u64::try_from(clock.now().timestamp_micros()).ok(),
            None => u64::try_from(self.start.elapsed().as_micros()).ok(),
        };
        micros.unwrap_or_default()
    }

    fn leases(&self) -> MutexGuard<'_, HashMap<String, Lease>> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spend(&self, name: &str, limit: Limit) -> Spend {
        let now = self.now();
        let mut leases = self.leases();
        if let Some(lease) = leases.get_mut(name) {
            return lease.spend(limit, now);
        }
        if leases.len() >= MANY {
            leases.retain(|_, lease| !lease.is_forgotten(now));
        }
        leases
            .entry(name.to_owned())
            .or_insert(Lease::new(now))
            .spend(limit, now)
    }

    /// Runs the script itself on a key of its own: a Redis that answers a PING may still refuse to write. The limit is
    /// too high to be reached by probing, since a refused request writes nothing.
    async fn probe(&self) -> Result<(), String> {
        let limit = Limit::new(1_000, 1).map_err(|error| error.to_string())?;
        match tokio::time::timeout(PROBE, self.run("limit:probe", limit, 1)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(chain(&error)),
            Err(_) => Err("Redis did not answer in time".to_owned()),
        }
    }

    fn tell(&self, problem: &str) {
        if self.problems.note(1, Instant::now()).is_some() {
            let unlimited = self.unlimited.load(Ordering::Relaxed);
            tracing::warn!(error = problem, unlimited, "requests are not limited");
        }
    }
}
