//! The marker in Redis that tells one life of its contents from the next.

use common::jobs::delivery::EPOCH_KEY;
use redis::RedisError;
use redis::aio::ConnectionManager;
use uuid::Uuid;

/// The present epoch; a Redis without one (new, restarted empty, flushed) gets one. A marker that is not ours
/// counts as one that nothing was ever sent into.
pub async fn current(redis: &mut ConnectionManager) -> Result<Uuid, RedisError> {
    let found: Option<String> = redis::cmd("GET").arg(EPOCH_KEY).query_async(redis).await?;
    if let Some(found) = found {
        return Ok(Uuid::try_parse(&found).unwrap_or(Uuid::nil()));
    }
    let _: Option<String> = redis::cmd("SET")
        .arg(EPOCH_KEY)
        .arg(Uuid::now_v7().to_string())
        .arg("NX")
        .query_async(redis)
        .await?;
    // Another scheduler may have been quicker: what stands there now is what counts.
    let stands: String = redis::cmd("GET").arg(EPOCH_KEY).query_async(redis).await?;
    Ok(Uuid::try_parse(&stands).unwrap_or(Uuid::nil()))
}
