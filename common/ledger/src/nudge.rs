//! A nudge for the relay of the scheduler: jobs were committed. It saves them the time to the relay's next look; one that
//! is lost costs that time and nothing else.
//!
//! Nudges are entries of a list, so that one relay takes each, and nothing but what jobs need is asked of Redis.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use connect::redis::Redis;
use kernel::chain;
use redis::RedisError;

use crate::delivery::NUDGES_KEY;

/// Nudges that lie in Redis at most, when there is no relay that takes them.
const MOST: u8 = 16;

/// Time between two nudges of a process: what is committed meanwhile shares the next one. A relay with work looks every five
/// milliseconds by itself.
const PAUSE: Duration = Duration::from_millis(2);

/// None is on its way.
const RESTS: u8 = 0;

/// One is on its way.
const SENDS: u8 = 1;

/// One is on its way, and something was committed since it left.
const SENDS_AGAIN: u8 = 2;

/// Where nudges are sent from.
#[derive(Debug, Clone)]
pub struct Nudge(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    redis: Redis,
    state: AtomicU8,
}

impl Nudge {
    /// Sends over this connection.
    #[must_use]
    pub fn new(redis: Redis) -> Self {
        Self(Arc::new(Inner {
            redis,
            state: AtomicU8::new(RESTS),
        }))
    }

    /// Says that jobs may have been committed, and returns at once. What is said while a nudge is on its way, or
    /// within two milliseconds after it, makes one more.
    pub fn send(&self) {
        let next = |state| Some(if state == RESTS { SENDS } else { SENDS_AGAIN });
        let before = self.0.state.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next);
        if before == Ok(RESTS) {
            tokio::spawn(Arc::clone(&self.0).deliver());
        }
    }
}

impl Inner {
    async fn deliver(self: Arc<Self>) {
        loop {
            if let Err(error) = self.push().await {
                tracing::debug!(
                    error = chain(&error),
                    "could not notify the relay; it will check for jobs by itself"
                );
            }
            tokio::time::sleep(PAUSE).await;
            let rests = self
                .state
                .compare_exchange(SENDS, RESTS, Ordering::SeqCst, Ordering::SeqCst);
            if rests.is_ok() {
                return;
            }
            self.state.store(SENDS, Ordering::SeqCst);
        }
    }

    async fn push(&self) -> Result<(), RedisError> {
        let mut push = redis::pipe();
        push.cmd("LPUSH").arg(NUDGES_KEY).arg(1).ignore();
        push.cmd("LTRIM").arg(NUDGES_KEY).arg(0).arg(MOST - 1).ignore();
        push.query_async(&mut self.redis.clone()).await
    }
}

/// Waits for a nudge, for so long at most, and takes all that there are. The connection is for this alone.
///
/// # Errors
/// When Redis fails.
pub async fn wait(redis: &Redis, time: Duration) -> Result<(), RedisError> {
    redis::cmd("BLMPOP")
        .arg(time.as_secs_f64())
        .arg(1)
        .arg(NUDGES_KEY)
        .arg("LEFT")
        .arg("COUNT")
        .arg(MOST)
        .query_async(&mut redis.clone())
        .await
}
