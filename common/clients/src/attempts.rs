//! Counters of attempts in Redis, shared by all replicas of the API. A counter lives for a window that begins with its
//! first attempt. Every call is one script, so that checking and counting are atomic.

use std::time::Duration;

use connect::redis::Redis;
use redis::RedisError;

/// Counts one attempt with every counter, or with none: then the result is in how many milliseconds all of them have
/// room again. The first `own` keys are counters; if there are more keys, the last is a marker, and those between count
/// only while the marker is not set. The second number says whether those were counted.
const TAKE: &str = "
local window, own, wait, last = tonumber(ARGV[1]), tonumber(ARGV[2]), 0, #KEYS
if last > own then
  last = last - 1
  if redis.call('EXISTS', KEYS[#KEYS]) == 1 then
    last = own
  end
end
for i = 1, last do
  if tonumber(redis.call('GET', KEYS[i]) or '0') >= tonumber(ARGV[i + 2]) then
    local left = redis.call('PTTL', KEYS[i])
    if left < 0 then
      redis.call('PEXPIRE', KEYS[i], window)
      left = window
    end
    wait = math.max(wait, left, 1)
  end
end
if wait == 0 then
  for i = 1, last do
    if redis.call('INCR', KEYS[i]) == 1 then
      redis.call('PEXPIRE', KEYS[i], window)
    end
  end
end
return { wait, last > own and 1 or 0 }";

/// Settles an attempt that was not a failure: decrements the first counters if they are not zero, deletes the next
/// ones, and sets the remaining keys as markers.
const SETTLE: &str = "
local back, deleted = tonumber(ARGV[1]), tonumber(ARGV[2])
for i, key in ipairs(KEYS) do
  if i > back + deleted then
    redis.call('SET', key, '1', 'EX', ARGV[3])
  elseif i > back then
    redis.call('DEL', key)
  elseif tonumber(redis.call('GET', key) or '0') > 0 then
    redis.call('DECR', key)
  end
end
return 0";

/// Why nothing was counted.
#[derive(Debug, thiserror::Error)]
pub enum AttemptsError {
    /// Redis failed.
    #[error("a Redis operation failed")]
    Redis(#[from] RedisError),
    /// Redis took too long.
    #[error("Redis did not answer in time")]
    Late,
}

/// A counter and its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    /// Its name in Redis.
    pub name: String,
    /// Attempts allowed in a window.
    pub limit: u32,
}

/// Counters that count only while a marker is not set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The counters.
    pub counters: Vec<Counter>,
    /// The name of the marker.
    pub unless: String,
}

/// The outcome of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was counted; whether by the shared counters too.
    Counted {
        /// The marker was not set.
        shared: bool,
    },
    /// It was not counted; the time until the next one can be.
    Full(Duration),
}

/// The counters.
pub struct Attempts {
    redis: Redis,
    timeout: Duration,
}

impl std::fmt::Debug for Attempts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attempts")
    }
}

impl Attempts {
    /// Counters in Redis; `timeout` is the longest time to wait for an answer.
    #[must_use]
    pub const fn new(redis: Redis, timeout: Duration) -> Self {
        Self { redis, timeout }
    }

    /// Counts an attempt with all of these counters, unless one of them is full: then none counts it.
    ///
    /// # Errors
    /// When Redis does not answer; the attempt may have been counted nevertheless.
    pub async fn take(
        &self,
        own: &[Counter],
        shared: Option<&Shared>,
        window: Duration,
    ) -> Result<Taken, AttemptsError> {
        let counters = || own.iter().chain(shared.iter().flat_map(|shared| &shared.counters));
        let markers = shared.iter().map(|shared| &shared.unless);
        let names: Vec<&String> = counters().map(|counter| &counter.name).chain(markers).collect();
        let mut script = redis::cmd("EVAL");
        script.arg(TAKE).arg(names.len()).arg(names);
        script.arg(u64::try_from(window.as_millis()).unwrap_or(u64::MAX));
        script.arg(own.len());
        for counter in counters() {
            script.arg(counter.limit);
        }
        let (wait, shared): (u64, bool) = self.ask(&script).await?;
        Ok(match wait {
            0 => Taken::Counted { shared },
            wait => Taken::Full(Duration::from_millis(wait)),
        })
    }

    /// Whether attempts can be counted now.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self) -> Result<(), AttemptsError> {
        let proof = tokio::time::timeout(self.timeout, self.redis.prove(&["sign-in"])).await;
        Ok(proof.map_err(|_| AttemptsError::Late)??)
    }

    /// Settles an attempt that was not a failure: takes it back from counters, deletes others, and sets markers that
    /// expire.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn settle(
        &self,
        given_back: &[String],
        deleted: &[String],
        marked: &[String],
        age: Duration,
    ) -> Result<(), AttemptsError> {
        let mut script = redis::cmd("EVAL");
        script.arg(SETTLE).arg(given_back.len() + deleted.len() + marked.len());
        script.arg(given_back).arg(deleted).arg(marked);
        script.arg(given_back.len()).arg(deleted.len()).arg(age.as_secs());
        self.ask(&script).await
    }

    async fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> Result<T, AttemptsError> {
        let mut redis = self.redis.clone();
        let answer = tokio::time::timeout(self.timeout, command.query_async(&mut redis)).await;
        Ok(answer.map_err(|_| AttemptsError::Late)??)
    }
}
