//! Moves jobs: sends them to Redis, takes them back from dead processes, and writes periodic ones when they are due.
//!
//! Any number of schedulers may run. The next one resumes the work of one that was interrupted: no lock is held longer
//! than a transaction.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use connect::postgres::{Commit, connect_for_jobs};
use connect::redis::Redis;
use kernel::clock::Clock;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::Queue;
use crate::db::turn::List;
use crate::delivery::{EPOCH_KEY, NUDGES_KEY};
use crate::nudge::Nudge;

mod cron;
mod epoch;
mod horizon;
mod list_answer;
mod poll_interval;
mod reconciler;
mod relay;
mod rotation;
mod sampler;
mod schedule;
mod silence;
mod step;
mod upkeep;
mod window;

pub use cron::{enter, fire};
pub use schedule::{BoxError, Jobs, Schedule, TOLERANCE, Tick, drawn_back, next_tick};
pub use step::{Reading, Steps};
pub use upkeep::draw_back;
pub use window::{LEAST, WINDOW};

use cron::Cron;
use reconciler::Reconciler;
use relay::Relay;
use rotation::Rotation;
use sampler::Sampler;

/// Why a scheduler could not start or continue.
#[derive(Debug, thiserror::Error)]
pub enum SchedulerError {
    /// The database refused the connection or cannot be reached.
    #[error("the database cannot be used")]
    Connect(#[source] sqlx::Error),
    /// The ledger failed.
    #[error("a ledger operation failed")]
    Ledger(#[from] crate::Error),
    /// A loop ended, although it should run until shutdown.
    #[error("a loop of the scheduler ended")]
    Ended,
}

/// Moves the jobs of some queues, and fires schedules.
pub struct Scheduler {
    /// Every queue of the platform.
    pub queues: &'static [Queue],
    /// Every kind of job of the platform. Metrics count jobs of any other kind as `other`.
    pub kinds: &'static [&'static str],
    /// The periodic jobs.
    pub schedules: Vec<Schedule>,
    /// For connections with settings of their own.
    pub database_url: SecretString,
    /// Connections for schedules.
    pub pool: PgPool,
    /// Redis.
    pub redis: Redis,
    /// Redis, for nudges only: waiting for them blocks the connection.
    pub nudges: Redis,
    /// The time.
    pub clock: Clock,
}

impl Scheduler {
    /// The keys that it writes in Redis.
    #[must_use]
    pub fn keys(queues: &[Queue]) -> Vec<String> {
        let lists = List::of(queues).map(List::key);
        [EPOCH_KEY.to_owned(), NUDGES_KEY.to_owned()]
            .into_iter()
            .chain(lists)
            .collect()
    }

    /// Relays, reconciles and fires schedules until `shutdown` is cancelled.
    ///
    /// # Errors
    /// When it cannot start, or when one of the loops ends.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), SchedulerError> {
        enter(&self.pool, &self.clock, &self.schedules).await?;
        let connect = async |commit| {
            connect_for_jobs(self.database_url.expose_secret(), commit)
                .await
                .map_err(SchedulerError::Connect)
        };
        let relay_pool = connect(Commit::DoesNotWait).await?;
        let sampler = Sampler {
            queues: self.queues,
            schedules: self.schedules.iter().map(|schedule| schedule.name).collect(),
            pool: relay_pool.clone(),
            redis: self.redis.clone(),
            clock: self.clock.clone(),
        };
        let nudging = self.redis.clone();
        let is_idle = Arc::new(AtomicBool::new(false));
        let relay = Relay {
            rotation: Rotation::new(self.queues),
            pool: relay_pool,
            redis: self.redis.clone(),
            nudges: self.nudges,
            clock: self.clock.clone(),
            is_idle: Arc::clone(&is_idle),
            later: None,
            misfits: HashSet::new(),
            is_nudge_misfit: false,
        };
        let reconciler = Reconciler::new(
            (self.queues, self.kinds),
            connect(Commit::Waits).await?,
            self.redis,
            self.clock.clone(),
            is_idle,
        );
        let cron = Cron {
            pool: self.pool,
            clock: self.clock,
            schedules: self.schedules,
            nudge: Nudge::new(nudging),
            failed: HashSet::new(),
        };
        tracing::info!("scheduler started");
        let mut loops = JoinSet::new();
        loops.spawn(relay.run());
        loops.spawn(reconciler.run());
        loops.spawn(cron.run());
        loops.spawn(sampler.run());
        tokio::select! {
            _ = loops.join_next() => Err(SchedulerError::Ended),
            () = shutdown.cancelled() => {
                loops.shutdown().await;
                tracing::info!("scheduler ended");
                Ok(())
            }
        }
    }
}
