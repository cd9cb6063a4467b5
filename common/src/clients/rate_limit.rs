//! The gate of rate limits, in Redis, for all replicas of the API at once: one script a request, on the clock of Redis.
//!
//! Redis is not to be waited for: an answer that takes too long is given up, and after an error or several such answers
//! nobody asks at all until somebody in the background was answered again. Meanwhile everything passes.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use redis::RedisError;

use super::redis::Redis;
use crate::clock::Clock;
use crate::domain::rate_limit::{Limit, Verdict};
use crate::error::chain;

/// [`crate::domain::rate_limit::decide`], on what is stored. Numbers are microseconds below 2^53, which Lua keeps exact.
const SCRIPT: &str = "
local interval, burst, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
local debt = tonumber(redis.call('GET', KEYS[1]) or now) or now
debt = math.min(math.max(debt, now), now + burst)
local room, allowed = burst - (debt - now), 0
if room >= interval then
  room, debt, allowed = room - interval, debt + interval, 1
  redis.call('SET', KEYS[1], string.format('%.0f', debt), 'PX', math.ceil((debt - now) / 1000))
end
local remaining = math.floor(room / interval)
return { allowed, remaining, (remaining + 1) * interval - room }";

/// Late answers in a row after which nobody waits any more.
const LATE_IN_A_ROW: u32 = 5;

/// Time between two looks whether Redis is back.
const PAUSE: Duration = Duration::from_millis(250);

/// How long such a look may take.
const PROBE: Duration = Duration::from_secs(1);

/// Time between two lines in the log about a Redis that is away.
const QUIET: Duration = Duration::from_secs(10);

/// Decides about requests; clones share everything.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    redis: Redis,
    patience: Duration,
    clock: Option<Clock>,
    open: AtomicBool,
    late: AtomicU32,
    unlimited: AtomicU64,
    told_at: Mutex<Option<Instant>>,
}

impl std::fmt::Debug for Gate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gate")
    }
}

impl Gate {
    /// A gate behind a connection that may keep a request waiting for so long. The time is that of Redis, which all
    /// replicas share, unless a clock says otherwise.
    #[must_use]
    pub fn new(redis: Redis, patience: Duration, clock: Option<Clock>) -> Self {
        Self(Arc::new(Inner {
            redis,
            patience,
            clock,
            open: AtomicBool::new(false),
            late: AtomicU32::new(0),
            unlimited: AtomicU64::new(0),
            told_at: Mutex::default(),
        }))
    }

    /// Asks for a request of whoever has this name. `None`: Redis does not answer, the request passes uncounted.
    pub async fn ask(&self, name: &str, limit: Limit) -> Option<Verdict> {
        let inner = &self.0;
        if inner.open.load(Ordering::Acquire) {
            inner.unlimited.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        match tokio::time::timeout(inner.patience, inner.run(name, limit)).await {
            Ok(Ok(verdict)) => {
                inner.late.store(0, Ordering::Relaxed);
                return Some(verdict);
            }
            Ok(Err(error)) => self.give_up(&chain(&error)),
            Err(_) => {
                if inner.late.fetch_add(1, Ordering::Relaxed) + 1 >= LATE_IN_A_ROW {
                    self.give_up("Redis does not answer in time");
                }
            }
        }
        inner.unlimited.fetch_add(1, Ordering::Relaxed);
        None
    }

    /// Requests that passed uncounted since the process began, because Redis did not answer.
    #[must_use]
    pub fn unlimited(&self) -> u64 {
        self.0.unlimited.load(Ordering::Relaxed)
    }

    /// Whether requests are counted now, found out by counting one that is nobody's.
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

    /// Nobody asks any more, until a look in the background succeeds.
    fn give_up(&self, problem: &str) {
        if self.0.open.swap(true, Ordering::AcqRel) {
            return;
        }
        self.0.tell(problem);
        tokio::spawn(wait_for_redis(Arc::downgrade(&self.0)));
    }
}

/// Ends when Redis answers, or with the gate.
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
    async fn run(&self, name: &str, limit: Limit) -> Result<Verdict, RedisError> {
        let mut command = redis::cmd("EVAL");
        command
            .arg(SCRIPT)
            .arg(1)
            .arg(name)
            .arg(limit.interval())
            .arg(limit.burst());
        match &self.clock {
            Some(clock) => command.arg(clock.now().timestamp_micros()),
            None => command.arg(""),
        };
        let (allowed, remaining, wait): (bool, u64, u64) = command.query_async(&mut self.redis.clone()).await?;
        Ok(Verdict {
            allowed,
            remaining,
            wait,
        })
    }

    /// The script itself, on a name of its own: a Redis that answers a PING may still refuse to write. The limit is one
    /// that nobody reaches by probing, for a request that is refused writes nothing.
    async fn probe(&self) -> Result<(), String> {
        let limit = Limit::new(1_000, 1).map_err(|error| error.to_string())?;
        match tokio::time::timeout(PROBE, self.run("limit:probe", limit)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(chain(&error)),
            Err(_) => Err("Redis does not answer in time".to_owned()),
        }
    }

    fn tell(&self, problem: &str) {
        let mut told_at = self.told_at.lock().unwrap_or_else(PoisonError::into_inner);
        if told_at.is_none_or(|at| at.elapsed() >= QUIET) {
            *told_at = Some(Instant::now());
            let unlimited = self.unlimited.load(Ordering::Relaxed);
            tracing::warn!(error = problem, unlimited, "requests are not limited");
        }
    }
}
