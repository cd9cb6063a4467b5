//! Samples PostgreSQL and Redis every few seconds, for gauges. Every scheduler does so, since none is special.

use std::io;
use std::time::Duration;

use connect::redis::Redis;
use kernel::chain;
use kernel::clock::Clock;
use sqlx::{PgConnection, PgPool};

use super::list_answer::list_answer;
use crate::db::turn::List;
use crate::metrics::sample;
use crate::{Priority, Queue, Result, db};

/// Time between two looks.
const PERIOD: Duration = Duration::from_secs(5);

/// How long PostgreSQL may take to answer. Its statements are limited by itself, but its packets may be dropped.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long Redis may take to answer.
const REDIS_TIMEOUT: Duration = Duration::from_secs(2);

/// Takes the samples.
pub struct Sampler {
    /// Every queue of the platform.
    pub queues: &'static [Queue],
    /// Names of the schedules.
    pub schedules: Vec<&'static str>,
    /// Connections made for jobs.
    pub pool: PgPool,
    /// Redis.
    pub redis: Redis,
    /// The time at which jobs are due.
    pub clock: Clock,
}

impl Sampler {
    /// Runs the sampler until shutdown. Neither of the two waits for the other.
    pub async fn run(self) {
        tokio::join!(self.sample_ledger(), self.sample_redis());
    }

    async fn sample_redis(&self) {
        loop {
            let (lengths, accepts_writes) = tokio::join!(
                lengths(self.queues, self.redis.clone()),
                accepts_writes(self.queues, &self.redis)
            );
            sample::set_lists(lengths.as_deref());
            sample::set_redis_up(accepts_writes);
            tokio::time::sleep(PERIOD).await;
        }
    }

    async fn sample_ledger(&self) {
        let mut is_failing = false;
        loop {
            let looked = self.look().await;
            if let Err(error) = &looked
                && !is_failing
            {
                tracing::warn!(error = chain(error), "could not sample the ledger");
            }
            is_failing = looked.is_err();
            tokio::time::sleep(PERIOD).await;
        }
    }

    async fn look(&self) -> Result<()> {
        let mut conn = self.pool.acquire().await?;
        let read = tokio::time::timeout(DATABASE_TIMEOUT, self.read(&mut conn)).await;
        read.unwrap_or_else(|_| {
            // Returned to the pool, it would keep its place for as long as nothing is answered.
            conn.close_on_drop();
            Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()).into())
        })
    }

    async fn read(&self, conn: &mut PgConnection) -> Result<()> {
        let now = self.clock.now();
        sample::set_standing(&db::sample::standing(conn, self.queues, now).await?);
        sample::set_schedule_lag(&db::schedule::lags(conn, &self.schedules, now).await?);
        sample::note_sample(now);
        Ok(())
    }
}

/// Total length of the lists of each queue; `None` when Redis does not answer.
async fn lengths(queues: &[Queue], mut redis: Redis) -> Option<Vec<(Queue, i64)>> {
    let mut ask = redis::pipe();
    for list in List::of(queues) {
        ask.cmd("LLEN").arg(list.key());
    }
    let asked = ask.ignore_errors().query_async::<Vec<redis::Value>>(&mut redis);
    let answers = tokio::time::timeout(REDIS_TIMEOUT, asked).await.ok()?.ok()?;
    // A key that holds something else is no list of jobs.
    let lengths = answers
        .into_iter()
        .map(|answer| Some(list_answer::<i64>(answer).ok()?.unwrap_or(0)));
    let lengths: Vec<i64> = lengths.collect::<Option<_>>()?;
    let sums = lengths.chunks(Priority::ALL.len()).map(|lists| lists.iter().sum());
    Some(queues.iter().copied().zip(sums).collect())
}

/// Whether Redis accepts writes on every node of the queues. A server that is full, or a replica, still answers `LLEN`.
async fn accepts_writes(queues: &[Queue], redis: &Redis) -> bool {
    let keys: Vec<String> = List::of(queues).map(List::key).collect();
    let proved = tokio::time::timeout(REDIS_TIMEOUT, redis.prove(&keys)).await;
    proved.is_ok_and(|proved| proved.is_ok())
}
