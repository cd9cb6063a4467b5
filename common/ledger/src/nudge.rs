//! A nudge notifies the relay of the scheduler that jobs were committed, so that they need not wait for its next poll.
//! A lost nudge costs that time and nothing else.
//!
//! Nudges are entries of a list, so that each goes to one relay, and Redis needs only the commands that jobs use
//! anyway.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use connect::redis::Redis;
use kernel::chain;
use redis::RedisError;

use crate::delivery::NUDGES_KEY;

/// Maximum number of nudges that are kept in Redis when no relay takes them.
const MOST: u8 = 16;

/// Time between two nudges of a process: commits in between share the next one. A busy relay polls every five
/// milliseconds anyway.
const PAUSE: Duration = Duration::from_millis(2);

/// No nudge is being sent.
const RESTS: u8 = 0;

/// One is being sent.
const SENDS: u8 = 1;

/// One is being sent, and something was committed since then.
const SENDS_AGAIN: u8 = 2;

/// Sends nudges.
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

    /// Announces that jobs may have been committed, and returns at once. Calls while a nudge is being sent, or within
    /// two milliseconds after it, cause one more.
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
                    "could not notify the relay; it will find the jobs with its next poll"
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

/// Waits for a nudge, at most for `time`, and takes all there are. The connection must not be used for anything else.
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
