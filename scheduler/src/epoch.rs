//! The marker in Redis that tells one life of its contents from the next.

use common::jobs::delivery::EPOCH_KEY;
use redis::RedisError;
use redis::aio::ConnectionManager;
use uuid::Uuid;

/// The present epoch. A Redis without one (new, restarted empty, flushed) gets one.
pub async fn current(redis: &mut ConnectionManager) -> Result<Uuid, RedisError> {
    let found: Option<String> = redis::cmd("GET").arg(EPOCH_KEY).query_async(redis).await?;
    match found {
        Some(found) => Ok(parse(&found)),
        None => begin(redis).await,
    }
}

/// Begins an epoch, unless another scheduler is quicker: what stands there then is what counts.
pub async fn begin(redis: &mut ConnectionManager) -> Result<Uuid, RedisError> {
    let new = Uuid::now_v7().to_string();
    let (_, stands): (Option<String>, String) = redis::pipe()
        .cmd("SET")
        .arg(EPOCH_KEY)
        .arg(new)
        .arg("NX")
        .cmd("GET")
        .arg(EPOCH_KEY)
        .query_async(redis)
        .await?;
    Ok(parse(&stands))
}

/// A marker that is not ours is an epoch of its own.
pub fn parse(marker: &str) -> Uuid {
    Uuid::try_parse(marker).unwrap_or(Uuid::nil())
}
