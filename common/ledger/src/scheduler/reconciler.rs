//! Recovers jobs that were lost by Redis or with a dead process. It needs no input but PostgreSQL and Redis, and
//! several may run at once.
//!
//! Three kinds of loss, and how each is detected:
//! - Redis lost everything (FLUSHALL, a restart): its epoch is new, and everything sent in another one is lost.
//! - A delivery left Redis, but no worker claimed it (its worker died in between, or the relay before the push): lists
//!   are first in, first out, so everything sent before the head of the list has left it. A job that left its list
//!   three seconds ago and is still not claimed is lost.
//! - A process died while it held jobs: it sends no heartbeats (`silence`). Or it is stuck: the deadlines of its jobs
//!   pass.
//!
//! If the clock of the database is set, the times in the ledger are corrected first (`step`).
//!
//! Each look first asks in one statement whether anything is sent, held or quiet ([`Signs`]), and reads or writes no
//! more of the ledger than that calls for. What changes after the statement is found by the next look.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use connect::postgres::{Limits, answered};
use connect::redis::Redis;
use kernel::chain;
use kernel::clock::Clock;
use redis::RedisError;
use sqlx::{PgConnection, PgPool};

use super::epoch;
use super::horizon::Horizons;
use super::list_answer::list_answer;
use super::silence::Silences;
use super::step::{Reading, Steps};
use super::upkeep::Upkeep;
use crate::db::reclaim::Look;
use crate::db::recovery::Signs;
use crate::db::turn::List;
use crate::delivery::{Delivery, EPOCH_KEY};
use crate::metrics::scheduler::{Loss, count_reclaimed, count_recovered};
use crate::{Error, Queue, db, process};

/// Time between two looks.
const PERIOD: Duration = Duration::from_secs(1);

/// After this time, a relay has pushed what it marked as sent (or died).
const PUSHED_AFTER: TimeDelta = TimeDelta::seconds(1);

/// Finds and repairs losses.
#[derive(Debug)]
pub struct Reconciler {
    queues: &'static [Queue],
    kinds: &'static [&'static str],
    pool: PgPool,
    redis: Redis,
    clock: Clock,
    seen: HashMap<List, Horizons>,
    /// The lists whose head was not a delivery at the last look.
    unreadable: HashSet<List>,
    /// Whether the epoch could not be read at the last look.
    is_epoch_unreadable: bool,
    silences: Silences,
    steps: Steps,
    upkeep: Upkeep,
    /// When the previous look began, in database time.
    before: Option<DateTime<Utc>>,
    /// Whether no job was sent or running at the last look.
    is_idle: Arc<AtomicBool>,
}

/// Why a look failed.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// Redis failed.
    #[error("a Redis operation failed")]
    Redis(#[from] RedisError),
    /// The ledger failed.
    #[error("a ledger operation failed")]
    Ledger(#[from] Error),
}

impl Reconciler {
    /// A reconciler before its first look; `pool` has connections made for jobs. It sets `is_idle` while no job is sent
    /// or running.
    #[must_use]
    pub fn new(
        (queues, kinds): (&'static [Queue], &'static [&'static str]),
        pool: PgPool,
        redis: Redis,
        clock: Clock,
        is_idle: Arc<AtomicBool>,
    ) -> Self {
        Self {
            queues,
            kinds,
            pool,
            redis,
            clock,
            seen: HashMap::new(),
            unreadable: HashSet::new(),
            is_epoch_unreadable: false,
            silences: Silences::default(),
            steps: Steps::default(),
            upkeep: Upkeep::default(),
            before: None,
            is_idle,
        }
    }

    /// Runs the reconciler until shutdown.
    pub async fn run(mut self) {
        loop {
            if let Err(error) = self.look().await {
                self.is_idle.store(false, Ordering::Relaxed);
                tracing::warn!(error = chain(&error), "could not check for lost jobs");
            }
            tokio::time::sleep(PERIOD).await;
        }
    }

    async fn look(&mut self) -> Result<(), ReconcileError> {
        let pool = self.pool.clone();
        let mut conn = pool.acquire().await.map_err(Error::from)?;
        let asked = Instant::now();
        let signs = answered(Limits::JOBS, db::recovery::signs(&mut conn)).await?;
        let reading = Reading {
            asked,
            said: signs.now,
            answered: Instant::now(),
        };
        self.is_idle
            .store(!signs.are_sent && !signs.are_running, Ordering::Relaxed);
        if answered(Limits::JOBS, self.steps.look(&mut conn, self.queues, reading)).await? {
            // They are times of the clock before it was set.
            self.before = None;
            self.seen.clear();
        }
        answered(Limits::JOBS, self.reclaim(&mut conn, signs)).await?;
        answered(Limits::JOBS, self.upkeep.run(&mut conn, self.queues, self.clock.now())).await?;
        let epoch = epoch::current(&mut self.redis).await?;
        let is_unreadable = epoch == epoch::UNREADABLE;
        if is_unreadable && !self.is_epoch_unreadable {
            tracing::warn!(
                key = EPOCH_KEY,
                "the key of the epoch holds no id; it counts as another epoch"
            );
        }
        self.is_epoch_unreadable = is_unreadable;
        if signs.are_sent {
            let lost = answered(Limits::JOBS, db::recovery::resend_other_epochs(&mut conn, epoch)).await?;
            count_recovered(Loss::RedisEmptied, lost);
            if lost > 0 {
                tracing::warn!(lost, "Redis lost its contents; sending its jobs again");
            }
        }
        self.observe(&mut conn, signs.now).await?;
        if signs.are_sent {
            answered(Limits::JOBS, self.resend(&mut conn)).await?;
        }
        Ok(())
    }

    async fn reclaim(&mut self, conn: &mut PgConnection, signs: Signs) -> Result<(), Error> {
        let quiet = match signs.are_quiet {
            true => db::process::quiet(conn).await?,
            false => Vec::new(),
        };
        let (silent, given_up) = self.silences.judge(&quiet);
        let look = Look {
            now: self.clock.now(),
            before: self.before.replace(signs.now),
            silent: &silent,
            slow: &[],
            given_up: &[],
        };
        if given_up.is_empty() && !signs.are_running {
            return Ok(());
        }
        let (buried, reclaimed) = process::give_up(conn, &given_up, look).await?;
        for quiet in given_up.iter().filter(|quiet| buried.contains(&quiet.id)) {
            let (name, silence) = (&quiet.name, quiet.silence.round());
            if quiet.is_gone {
                tracing::warn!(process = name, silence, "process died");
            } else {
                tracing::warn!(
                    process = name,
                    silence,
                    "process does not respond but exists; giving it up"
                );
            }
        }
        let dead = reclaimed.iter().filter(|job| job.is_dead).count();
        let ready = reclaimed.len() - dead;
        if ready > 0 {
            tracing::warn!(jobs = ready, "running jobs of dead or stuck processes again");
        }
        if dead > 0 {
            tracing::error!(jobs = dead, "marked jobs of dead or stuck processes as dead");
        }
        for job in reclaimed {
            count_reclaimed(&job, self.queues, self.kinds);
        }
        Ok(())
    }

    /// Notes which deliveries have left their list: if it is empty, all that were pushed before this look `began`, else
    /// all that were sent before its head. A stale head, whose job does not wait to be claimed, is ignored; so is one
    /// that is not a delivery, until a worker skips it.
    async fn observe(&mut self, conn: &mut PgConnection, began: DateTime<Utc>) -> Result<(), ReconcileError> {
        let pushed = began - PUSHED_AFTER;
        let mut ask = redis::pipe();
        for list in List::of(self.queues) {
            ask.cmd("LINDEX").arg(list.key()).arg(0);
        }
        let answers: Vec<redis::Value> = ask.ignore_errors().query_async(&mut self.redis).await?;
        let (mut heads, mut unreadable) = (Vec::new(), HashSet::new());
        for (list, answer) in List::of(self.queues).zip(answers) {
            // The relay reports a key that holds something else.
            let Some(head) = list_answer::<Option<Vec<u8>>>(answer)? else {
                continue;
            };
            if let Ok(head) = head.as_deref().map(Delivery::read).transpose() {
                heads.push((list, head));
            } else {
                unreadable.insert(list);
            }
        }
        self.note_unreadable(unreadable);
        let deliveries: Vec<Delivery> = heads.iter().filter_map(|(_, head)| *head).collect();
        let sent = match deliveries.is_empty() {
            true => HashMap::new(),
            false => answered(Limits::JOBS, db::recovery::sent_at(conn, &deliveries)).await?,
        };
        for (list, head) in heads {
            let horizon = match head {
                None => Some(pushed),
                Some(head) => sent.get(&head).copied(),
            };
            if let Some(horizon) = horizon {
                self.seen
                    .entry(list)
                    .or_default()
                    .note(Instant::now(), horizon.min(pushed));
            }
        }
        Ok(())
    }

    /// Logs the lists whose head has become unreadable.
    fn note_unreadable(&mut self, unreadable: HashSet<List>) {
        for list in unreadable.difference(&self.unreadable) {
            tracing::warn!(
                key = list.key(),
                "the first entry of a list is not a delivery; no lost job of the list is found until a worker skips it"
            );
        }
        self.unreadable = unreadable;
    }

    /// Sends again what left its list a while ago and is not claimed.
    async fn resend(&mut self, conn: &mut PgConnection) -> Result<(), Error> {
        let now = Instant::now();
        let horizons: Vec<(List, DateTime<Utc>)> = List::of(self.queues)
            .filter_map(|list| Some((list, self.seen.get_mut(&list)?.past(now)?)))
            .collect();
        for (queue, lost) in db::recovery::resend_before(conn, &horizons).await? {
            count_recovered(Loss::NotClaimed, lost);
            tracing::warn!(queue, lost, "jobs left Redis without being claimed; sending them again");
        }
        Ok(())
    }
}
