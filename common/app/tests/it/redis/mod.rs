//! The connection to Redis while servers come, go and change their roles. All servers are real.

use std::time::Duration;

use connect::redis::Redis;
use redis::RedisError;
use testing::eventually::eventually;

mod cluster;
mod failover;
mod nudge;
mod sentinel;
mod trouble;

/// What the platform promises after any loss.
const TEN_SECONDS: Duration = Duration::from_secs(10);

fn connect(url: &str) -> Redis {
    connect::redis::connect(&url.to_owned().into()).unwrap()
}

async fn set(redis: &Redis, key: &str, value: &str) -> Result<(), RedisError> {
    redis::cmd("SET")
        .arg(key)
        .arg(value)
        .query_async(&mut redis.clone())
        .await
}

/// Waits until writes arrive again, asking as often as the relay does after a failure.
async fn until_written(redis: &Redis, value: &str) {
    eventually("a write", TEN_SECONDS, async || set(redis, "it", value).await.ok()).await;
}
