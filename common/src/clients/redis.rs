//! Redis: delivery only. What it holds may vanish at any moment.

use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, RedisError};
use secrecy::{ExposeSecret, SecretString};

/// A connection that is made when it is first used and made again whenever it breaks.
///
/// Each caller that sends blocking commands needs one of its own: they hold up whatever else shares the connection.
/// An answer may take five seconds (the library's own half second turns every hiccup into an error).
///
/// # Errors
/// When the URL is malformed; an unreachable server shows with the first command.
pub fn connect(url: &SecretString) -> Result<ConnectionManager, RedisError> {
    let config = ConnectionManagerConfig::new()
        .set_response_timeout(Some(Duration::from_secs(5)))
        .set_connection_timeout(Some(Duration::from_secs(2)))
        .set_min_delay(Duration::from_millis(50))
        .set_max_delay(Duration::from_millis(500));
    ConnectionManager::new_lazy_with_config(Client::open(url.expose_secret())?, config)
}

/// Whether Redis answers.
///
/// # Errors
/// What stands in the way.
pub async fn ping(redis: &ConnectionManager) -> Result<(), RedisError> {
    redis::cmd("PING").query_async(&mut redis.clone()).await
}
