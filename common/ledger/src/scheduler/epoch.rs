//! The marker in Redis that tells one life of its contents from the next.

use connect::redis::Redis;
use redis::{Cmd, RedisError};
use uuid::Uuid;

use crate::delivery::EPOCH_KEY;

/// The present epoch. A Redis without one (new, restarted empty, flushed) gets one.
pub async fn current(redis: &mut Redis) -> Result<Uuid, RedisError> {
    let new = Uuid::now_v7();
    Ok(read(new, ask(new).query_async(redis).await?))
}

/// Asks for the present epoch; if there is none, `new` begins, unless another scheduler is quicker. [`read`] reads the
/// answer.
///
/// The command is a write, so that a server that accepts no writes (a demoted primary, a full Redis) fails before a job
/// is marked as sent.
pub fn ask(new: Uuid) -> Cmd {
    let mut command = redis::cmd("SET");
    command.arg(EPOCH_KEY).arg(new.to_string()).arg("NX").arg("GET");
    command
}

/// The epoch that stood there, or else the one that begins. A marker that is not ours is an epoch of its own.
pub fn read(new: Uuid, stood: Option<String>) -> Uuid {
    stood.map_or(new, |marker| Uuid::try_parse(&marker).unwrap_or(Uuid::nil()))
}
