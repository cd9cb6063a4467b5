//! The epoch: an id that Redis keeps until it loses its contents.

use connect::redis::Redis;
use redis::{Cmd, RedisError};
use uuid::Uuid;

use crate::delivery::EPOCH_KEY;

/// What counts as the epoch while its key holds no UUID, because another program wrote it.
pub const UNREADABLE: Uuid = Uuid::nil();

/// The current epoch. A Redis without one (new, restarted empty, flushed) gets one.
pub async fn current(redis: &mut Redis) -> Result<Uuid, RedisError> {
    let new = Uuid::now_v7();
    Ok(read(new, ask(new).query_async(redis).await?))
}

/// The command that returns the current epoch and, if there is none, sets `new`. [`read`] interprets its response.
///
/// The command is a write, so that a server that accepts no writes (a demoted primary, a full Redis) fails before a job
/// is marked as sent.
pub fn ask(new: Uuid) -> Cmd {
    let mut command = redis::cmd("SET");
    command.arg(EPOCH_KEY).arg(new.to_string()).arg("NX").arg("GET");
    command
}

/// The stored epoch, or `new` if there was none. A stored value that is not a UUID counts as another epoch,
/// [`UNREADABLE`].
pub fn read(new: Uuid, stood: Option<Vec<u8>>) -> Uuid {
    stood.map_or(new, |marker| Uuid::try_parse_ascii(&marker).unwrap_or(UNREADABLE))
}
