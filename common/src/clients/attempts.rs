//! Counters of attempts in Redis, shared by all replicas of the API. A counter lives for a window that its first
//! attempt opens. Every question is one script, so that nobody comes between looking and counting.

use std::time::Duration;

use redis::RedisError;

use super::redis::Redis;

/// Counts one attempt with every counter, or with none: then the answer is how many milliseconds it takes until all of
/// them have room again.
const TAKE: &str = "
local window, wait = tonumber(ARGV[1]), 0
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[i + 1]) then
    local left = redis.call('PTTL', key)
    if left < 0 then
      redis.call('PEXPIRE', key, window)
      left = window
    end
    wait = math.max(wait, left, 1)
  end
end
if wait == 0 then
  for _, key in ipairs(KEYS) do
    if redis.call('INCR', key) == 1 then
      redis.call('PEXPIRE', key, window)
    end
  end
end
return wait";

/// Gives one attempt back to every counter that has one.
const GIVE_BACK: &str = "
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') > 0 then
    redis.call('DECR', key)
  end
end
return 0";

/// Why nothing was counted.
#[derive(Debug, thiserror::Error)]
pub enum AttemptsError {
    /// Redis failed.
    #[error("Redis")]
    Redis(#[from] RedisError),
    /// Redis takes too long.
    #[error("Redis does not answer in time")]
    Late,
}

/// The counters.
pub struct Attempts {
    redis: Redis,
    patience: Duration,
}

impl std::fmt::Debug for Attempts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Attempts")
    }
}

impl Attempts {
    /// Counters behind a connection that may keep somebody waiting for so long.
    #[must_use]
    pub const fn new(redis: Redis, patience: Duration) -> Self {
        Self { redis, patience }
    }

    /// Counts an attempt with all of these counters (name and limit), unless one of them is full: then none counts it,
    /// and the answer is how long that will last.
    ///
    /// # Errors
    /// When Redis does not answer; it may have counted all the same.
    pub async fn take(&self, counters: &[(String, u32)], window: Duration) -> Result<Option<Duration>, AttemptsError> {
        let mut script = redis::cmd("EVAL");
        script.arg(TAKE).arg(counters.len());
        for (name, _) in counters {
            script.arg(name);
        }
        script.arg(u64::try_from(window.as_millis()).unwrap_or(u64::MAX));
        for (_, limit) in counters {
            script.arg(limit);
        }
        let wait: u64 = self.ask(&script).await?;
        Ok((wait > 0).then(|| Duration::from_millis(wait)))
    }

    /// Whether attempts can be counted now.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn check(&self) -> Result<(), AttemptsError> {
        let proof = tokio::time::timeout(self.patience, self.redis.prove(&["sign-in"])).await;
        Ok(proof.map_err(|_| AttemptsError::Late)??)
    }

    /// Takes an attempt back that was counted with all of these counters.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn give_back(&self, names: &[String]) -> Result<(), AttemptsError> {
        let mut script = redis::cmd("EVAL");
        script.arg(GIVE_BACK).arg(names.len()).arg(names);
        self.ask(&script).await
    }

    /// Forgets a counter.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn forget(&self, name: &str) -> Result<(), AttemptsError> {
        self.ask(redis::cmd("DEL").arg(name)).await
    }

    async fn ask<T: redis::FromRedisValue>(&self, command: &redis::Cmd) -> Result<T, AttemptsError> {
        let mut redis = self.redis.clone();
        let answer = tokio::time::timeout(self.patience, command.query_async(&mut redis)).await;
        Ok(answer.map_err(|_| AttemptsError::Late)??)
    }
}
