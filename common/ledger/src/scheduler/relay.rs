//! Due jobs from the ledger into Redis, a small window of them at a time.
//!
//! A job is marked as sent in PostgreSQL first and pushed after the commit: no network call stands inside a
//! transaction. What is lost between the two, the [`super::reconciler`] finds.
//!
//! Whoever has committed jobs nudges the relay ([`crate::nudge`]), so that it sleeps while there is nothing to do. A nudge may be
//! lost, and what falls due with time has none: the relay also looks by itself, soon after there was something to send and
//! ever later while there is not. A NOTIFY in the transaction that writes a job would never be lost, but PostgreSQL commits
//! notifying transactions one after the other (figures in `docs/DELIVERY.md`).

use std::time::{Duration, Instant};

use connect::redis::Redis;
use kernel::chain;
use kernel::clock::Clock;
use redis::RedisError;
use sqlx::PgPool;
use tracing::Span;
use uuid::Uuid;

use super::epoch;
use crate::creation::SYSTEM;
use crate::db::delivery::{Due, QueueCapacity};
use crate::delivery::Delivery;
use crate::metrics::scheduler::{Loss, count_recovered, note_tick};
use crate::{Error, Queue, db, nudge};

/// Jobs that a queue holds in Redis at most (with several schedulers: plus one batch for each further one).
pub const WINDOW: i64 = 2000;

/// Jobs of one queue that are sent at a time.
const BATCH: i64 = 500;

/// Time to the next look at the ledger after there was something to send; it doubles with each look that finds nothing.
const PERIOD: Duration = Duration::from_millis(5);

/// Time between two looks when there has been nothing to send for a while: so long a job waits at most whose nudge was
/// lost.
const REST: Duration = Duration::from_millis(250);

/// Pause after a failure of Redis or the database.
const PAUSE: Duration = Duration::from_millis(250);

/// Sends what is due.
#[derive(Debug)]
pub struct Relay {
    /// The queues.
    pub queues: &'static [Queue],
    /// Connections made for jobs, whose commits need not wait.
    pub pool: PgPool,
    /// Redis.
    pub redis: Redis,
    /// Redis for nudges alone: waiting for them holds a connection up.
    pub nudges: Redis,
    /// The time at which jobs are due.
    pub clock: Clock,
}

/// Why nothing could be sent.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// Redis failed.
    #[error("Redis")]
    Redis(#[from] RedisError),
    /// The ledger failed.
    #[error("the ledger")]
    Ledger(#[from] Error),
}

impl Relay {
    /// Sends for ever.
    pub async fn run(mut self) {
        let mut failing = false;
        let mut pause = PERIOD;
        loop {
            let started = Instant::now();
            match self.send().await {
                Ok(sent) => {
                    note_tick(started.elapsed(), self.clock.now());
                    if failing {
                        tracing::info!("sending jobs again");
                    }
                    failing = false;
                    if sent > 0 {
                        pause = PERIOD;
                    } else {
                        self.rest(pause).await;
                        pause = (pause * 2).min(REST);
                    }
                }
                Err(error) => {
                    if !failing {
                        tracing::warn!(error = chain(&error), "could not send jobs");
                    }
                    failing = true;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Waits until it is nudged, for so long at most. Should Redis fail, the next look tells it.
    async fn rest(&self, time: Duration) {
        if nudge::wait(&self.nudges, time).await.is_err() {
            tokio::time::sleep(time).await;
        }
    }

    /// Sends one batch of each queue that has room, and returns how many jobs that were.
    ///
    /// # Errors
    /// When Redis or the database fails; jobs may then be marked as sent that were not pushed (if both fail).
    pub async fn send(&mut self) -> Result<usize, RelayError> {
        let (epoch, capacities) = self.look().await?;
        if capacities.is_empty() {
            return Ok(0);
        }
        let mut conn = self.pool.acquire().await.map_err(Error::from)?;
        let due = db::delivery::send_due(&mut conn, self.clock.now(), epoch, &capacities).await?;
        drop(conn);
        if due.is_empty() {
            return Ok(0);
        }
        let spans: Vec<Span> = due.iter().filter_map(span).collect();
        if let Err(error) = self.push(&capacities, &due).await {
            for span in &spans {
                trace::fail(span, "redis");
            }
            self.take_back(&due).await;
            return Err(error.into());
        }
        Ok(due.len())
    }

    async fn push(&mut self, capacities: &[QueueCapacity], due: &[Due]) -> Result<(), RedisError> {
        let mut pushes = redis::pipe();
        for room in capacities {
            let entries: Vec<String> = due
                .iter()
                .filter(|due| due.queue == room.queue)
                .map(|due| due.delivery.to_string())
                .collect();
            if !entries.is_empty() {
                pushes.cmd("RPUSH").arg(room.queue.list()).arg(entries).ignore();
            }
        }
        pushes.query_async(&mut self.redis).await
    }

    /// What could not be pushed is due again, so that it need not wait until the reconciler misses it. Some of it may have
    /// arrived all the same; then it arrives twice, and one of the two claims nothing.
    async fn take_back(&self, due: &[Due]) {
        let deliveries: Vec<Delivery> = due.iter().map(|due| due.delivery).collect();
        let taken = async {
            let mut conn = self.pool.acquire().await?;
            db::recovery::take_back(&mut conn, &deliveries).await
        };
        match taken.await {
            Ok(taken) => count_recovered(Loss::NotPushed, taken),
            Err(error) => tracing::warn!(
                error = chain(&error),
                "could not mark jobs as not pushed; the reconciler will send them again"
            ),
        }
    }

    /// The epoch, and the queues with room, in one round trip.
    async fn look(&mut self) -> Result<(Uuid, Vec<QueueCapacity>), RedisError> {
        let new = Uuid::now_v7();
        let mut look = redis::pipe();
        look.add_command(epoch::ask(new));
        for queue in self.queues {
            look.cmd("LLEN").arg(queue.list());
        }
        let mut seen = look
            .query_async::<Vec<redis::Value>>(&mut self.redis)
            .await?
            .into_iter();
        let stood = redis::from_redis_value(seen.next().unwrap_or(redis::Value::Nil))?;
        let epoch = epoch::read(new, stood);
        let mut capacities = Vec::with_capacity(self.queues.len());
        for (queue, length) in self.queues.iter().copied().zip(seen) {
            let jobs = (WINDOW - redis::from_redis_value::<i64>(length)?).min(BATCH);
            if jobs > 0 {
                capacities.push(QueueCapacity { queue, jobs });
            }
        }
        Ok((epoch, capacities))
    }
}

/// The span of pushing a job, a child of the one that wrote it; none unless its trace is sampled.
fn span(due: &Due) -> Option<Span> {
    let parent = due.sampled?;
    let queue = due.queue.name();
    let span = tracing::info_span!(
        target: "otel",
        "send",
        otel.kind = "producer",
        otel.name = format!("send {queue}"),
        "messaging.system" = SYSTEM,
        "messaging.operation.name" = "send",
        "messaging.operation.type" = "send",
        "messaging.destination.name" = queue,
        "messaging.message.id" = %due.delivery.job_id,
    );
    trace::follow(&span, parent);
    Some(span)
}
