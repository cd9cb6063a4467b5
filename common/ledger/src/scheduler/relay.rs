//! Sends due jobs from the ledger into Redis, a small [`window`](super::window) of them at a time; tenants take turns
//! ([`super::rotation`]).
//!
//! A job is marked as sent in PostgreSQL first and pushed after the commit: no network call is made inside a
//! transaction. The [`super::reconciler`] finds jobs that are lost between the two.
//!
//! A process that has committed jobs nudges the relay ([`crate::nudge`]), so that the relay sleeps while there is
//! nothing to do. A nudge may be lost, and jobs written by workers have none: the relay also polls, soon after it has
//! sent jobs and less often while there are none ([`super::poll_interval`]). Jobs that are due later are sent when they
//! are due, since each look finds out when that is. A NOTIFY in the transaction that writes a job would never be lost,
//! but PostgreSQL commits notifying transactions one after the other (figures in `docs/DELIVERY.md`).

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use connect::postgres::{Limits, answered};
use connect::redis::Redis;
use kernel::chain;
use kernel::clock::Clock;
use redis::RedisError;
use sqlx::PgPool;
use tracing::Span;
use uuid::Uuid;

use super::epoch;
use super::list_answer::list_answer;
use super::poll_interval::{PERIOD, PollInterval, Sent};
use super::rotation::{Rotation, TURNS};
use crate::creation::SYSTEM;
use crate::db::turn::{Due, List};
use crate::delivery::{Delivery, NUDGES_KEY};
use crate::metrics::scheduler::{Loss, count_recovered, note_tick};
use crate::{Error, db, nudge};

/// Pause after a failure of Redis or the database.
const PAUSE: Duration = Duration::from_millis(250);

/// Sends what is due.
#[derive(Debug)]
pub struct Relay {
    /// The lists, and whose turn it is.
    pub rotation: Rotation,
    /// Connections made for jobs, whose commits need not wait.
    pub pool: PgPool,
    /// Redis.
    pub redis: Redis,
    /// Redis, for nudges only: waiting for them blocks the connection.
    pub nudges: Redis,
    /// The time at which jobs are due.
    pub clock: Clock,
    /// Whether no job was sent or running when the reconciler last looked.
    pub is_idle: Arc<AtomicBool>,
    /// When the first of the jobs is due that are not due yet, among those seen since the relay last rested.
    pub later: Option<DateTime<Utc>>,
    /// The lists whose key held something else at the last look.
    pub misfits: HashSet<List>,
    /// Whether the key of the nudges held something else than a list at the last wait.
    pub is_nudge_misfit: bool,
}

/// Why nothing could be sent.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// Redis failed.
    #[error("a Redis operation failed")]
    Redis(#[from] RedisError),
    /// The ledger failed.
    #[error("a ledger operation failed")]
    Ledger(#[from] Error),
}

impl Relay {
    /// Runs the relay until shutdown.
    pub async fn run(mut self) {
        let mut failing = false;
        let mut interval = PollInterval::new(Instant::now());
        loop {
            let started = Instant::now();
            match self.send().await {
                Ok(sent) => {
                    note_tick(started.elapsed(), self.clock.now());
                    if failing {
                        tracing::info!("sending jobs again");
                    }
                    failing = false;
                    let is_idle = self.is_idle.load(Ordering::Relaxed);
                    if let Some(time) = interval.after(sent, is_idle, Instant::now()) {
                        self.rest(time).await;
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

    /// Waits until it is nudged or the next job is due, for this time at most; an idle Redis ends the wait up to a
    /// tenth of a second late. If Redis fails, the next check reports it. A key of the nudges that holds no list is
    /// reported here, since no check uses that key.
    async fn rest(&mut self, time: Duration) {
        let later = self.later.take();
        let due_in = later.map(|at| (at - self.clock.now()).to_std().unwrap_or_default());
        let time = due_in.map_or(time, |due_in| time.min(due_in.max(PERIOD)));
        match nudge::wait(&self.nudges, time).await {
            Ok(()) => self.is_nudge_misfit = false,
            Err(error) => {
                if error.code() == Some("WRONGTYPE") && !self.is_nudge_misfit {
                    self.is_nudge_misfit = true;
                    tracing::warn!(
                        key = NUDGES_KEY,
                        "the key of the nudges holds no list; jobs wait for the next check"
                    );
                }
                tokio::time::sleep(time).await;
            }
        }
    }

    /// Sends one batch into each list that has room.
    ///
    /// # Errors
    /// When Redis or the database fails. If both fail, jobs may be marked as sent that were not pushed.
    async fn send(&mut self) -> Result<Sent, RelayError> {
        let (epoch, lengths) = self.look().await?;
        let lists = self.rotation.look(&lengths, Instant::now());
        if lists.is_empty() {
            return Ok(Sent::NoRoom);
        }
        let now = self.clock.now();
        let mut conn = self.pool.acquire().await.map_err(Error::from)?;
        let (waiting, later) = answered(Limits::JOBS, db::turn::waiting(&mut conn, now, &lists, TURNS)).await?;
        self.later = self.later.into_iter().chain(later).min();
        let shares = self.rotation.share(&waiting);
        let due = match &*shares {
            [] => Vec::new(),
            shares => answered(Limits::JOBS, db::turn::send_due(&mut conn, now, epoch, shares)).await?,
        };
        drop(conn);
        let count = |list| i64::try_from(due.iter().filter(|due| due.list == list).count()).unwrap_or(i64::MAX);
        let remaining = self.rotation.sent(&shares, count, Instant::now());
        if due.is_empty() {
            return Ok(if remaining.is_partial {
                Sent::NothingYet
            } else {
                Sent::Nothing
            });
        }
        let spans: Vec<Span> = due.iter().filter_map(span).collect();
        if let Err(error) = self.push(&due).await {
            for span in &spans {
                trace::fail(span, "redis");
            }
            self.take_back(&due).await;
            return Err(error.into());
        }
        let is_more = remaining.is_more || remaining.is_partial;
        Ok(Sent::Some { is_more })
    }

    async fn push(&mut self, due: &[Due]) -> Result<(), RedisError> {
        let mut pushes = redis::pipe();
        for list in self.rotation.lists() {
            let entries = due.iter().filter(|due| due.list == list);
            let entries: Vec<String> = entries.map(|due| due.delivery.to_string()).collect();
            if !entries.is_empty() {
                pushes.cmd("RPUSH").arg(list.key()).arg(entries).ignore();
            }
        }
        pushes.query_async(&mut self.redis).await
    }

    /// Makes jobs ready again that could not be pushed, so that they need not wait for the reconciler. Some may have
    /// arrived nevertheless; they then arrive twice, and one of the two deliveries claims nothing.
    async fn take_back(&self, due: &[Due]) {
        let deliveries: Vec<Delivery> = due.iter().map(|due| due.delivery).collect();
        let taken = async {
            let mut conn = self.pool.acquire().await?;
            db::recovery::take_back(&mut conn, &deliveries).await
        };
        match answered(Limits::JOBS, taken).await {
            Ok(taken) => count_recovered(Loss::NotPushed, taken),
            Err(error) => tracing::warn!(
                error = chain(&error),
                "could not mark jobs as not pushed; the reconciler will send them again"
            ),
        }
    }

    /// The epoch, and the lengths of the lists, in one round trip.
    async fn look(&mut self) -> Result<(Uuid, Vec<i64>), RedisError> {
        let new = Uuid::now_v7();
        let mut look = redis::pipe();
        look.ignore_errors().add_command(epoch::ask(new));
        for list in self.rotation.lists() {
            look.cmd("LLEN").arg(list.key());
        }
        let mut seen = look
            .query_async::<Vec<redis::Value>>(&mut self.redis)
            .await?
            .into_iter();
        let stood = seen.next().unwrap_or(redis::Value::Nil).extract_error()?;
        let stood = redis::from_redis_value(stood)?;
        Ok((epoch::read(new, stood), self.lengths(seen)?))
    }

    /// The lengths of the lists. One whose key holds something else has no room.
    fn lengths(&mut self, answers: impl Iterator<Item = redis::Value>) -> Result<Vec<i64>, RedisError> {
        let (mut lengths, mut misfits) = (Vec::new(), HashSet::new());
        for (list, answer) in self.rotation.lists().zip(answers) {
            let length = list_answer::<i64>(answer)?;
            if length.is_none() {
                misfits.insert(list);
                if !self.misfits.contains(&list) {
                    tracing::error!(
                        key = list.key(),
                        "the key of a queue holds no list; its jobs are not sent"
                    );
                }
            }
            lengths.push(length.unwrap_or(i64::MAX));
        }
        self.misfits = misfits;
        Ok(lengths)
    }
}

/// The span of pushing a job, a child of the one that wrote it; none unless its trace is sampled.
fn span(due: &Due) -> Option<Span> {
    let parent = due.sampled?;
    let queue = due.list.queue.name();
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
