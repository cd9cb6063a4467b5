//! From Redis and the ledger into this process: pops ids, claims the jobs behind them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::app;
use common::clients::redis::Redis;
use common::db::delivery::Claimed;
use common::id::ProcessId;
use common::jobs::Queue;
use common::jobs::delivery::Delivery;
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::PgPool;

use crate::adapter::Source;

/// Seconds that one pop waits for work; so long SIGTERM may have to wait for it.
const WAIT: f64 = 1.0;

/// Pause after a failure of Redis or the database.
const PAUSE: Duration = Duration::from_millis(250);

/// Takes the jobs of one queue for one process.
pub struct Intake {
    pool: PgPool,
    redis: Redis,
    queue: Queue,
    process_id: ProcessId,
    is_failing: Arc<AtomicBool>,
}

impl Intake {
    /// `pool` is one for jobs, whose commits need not wait; `redis` must be for this intake alone: its pops block.
    /// `is_failing` tells others whether the last try failed.
    pub fn new(pool: PgPool, redis: Redis, queue: Queue, process_id: ProcessId, is_failing: Arc<AtomicBool>) -> Self {
        Self {
            pool,
            redis,
            queue,
            process_id,
            is_failing,
        }
    }

    /// What cannot be claimed now is not lost: the reconciler sees that it left Redis and sends it again.
    async fn claim(&self, room: usize) -> Result<Vec<Claimed>, IntakeError> {
        let deliveries = self.pop(room).await?;
        if deliveries.is_empty() {
            return Ok(Vec::new());
        }
        Ok(app::delivery::claim(&self.pool, self.process_id, self.queue, &deliveries).await?)
    }

    async fn pop(&self, room: usize) -> Result<Vec<Delivery>, redis::RedisError> {
        let popped: Option<(String, Vec<String>)> = redis::cmd("BLMPOP")
            .arg(WAIT)
            .arg(1)
            .arg(self.queue.list())
            .arg("LEFT")
            .arg("COUNT")
            .arg(room)
            .query_async(&mut self.redis.clone())
            .await?;
        let entries = popped.map(|(_, entries)| entries).unwrap_or_default();
        let total = entries.len();
        let deliveries: Vec<Delivery> = entries.iter().filter_map(|entry| entry.parse().ok()).collect();
        if deliveries.len() < total {
            tracing::warn!(
                queue = self.queue.name(),
                "skipped entries of Redis that are no deliveries"
            );
        }
        Ok(deliveries)
    }
}

#[derive(Debug, thiserror::Error)]
enum IntakeError {
    #[error("Redis")]
    Redis(#[from] redis::RedisError),
    #[error("the ledger")]
    Ledger(#[from] common::error::AppError),
}

impl Source for Intake {
    fn take(self: Arc<Self>, room: usize) -> BoxFuture<'static, Vec<Claimed>> {
        async move {
            match self.claim(room).await {
                Ok(claimed) => {
                    if self.is_failing.swap(false, Ordering::Relaxed) {
                        tracing::info!(queue = self.queue.name(), "jobs can be taken again");
                    }
                    claimed
                }
                Err(error) => {
                    if !self.is_failing.swap(true, Ordering::Relaxed) {
                        let error = common::error::chain(&error);
                        tracing::warn!(queue = self.queue.name(), error, "no jobs can be taken");
                    }
                    tokio::time::sleep(PAUSE).await;
                    Vec::new()
                }
            }
        }
        .boxed()
    }
}
