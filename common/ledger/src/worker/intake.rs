//! Takes jobs into this process: pops their ids from Redis and claims them in the ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use connect::redis::Redis;
use kernel::chain;
use kernel::clock::Clock;
use kernel::log_limit::LogLimit;
use sqlx::PgPool;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::gather::after_others;
use super::heartbeat::Pulse;
use super::shared::Shared;
use super::taking::Taking;
use crate::db::delivery::Claimed;
use crate::delivery::Delivery;
use crate::id::ProcessId;
use crate::metrics::worker::{count_skipped, note_claim};
use crate::{Priority, Queue, claim, process};

/// Seconds that one pop waits for work; SIGTERM may be delayed by this.
const WAIT: f64 = 1.0;

/// One in this many pops reads the list of normal jobs first.
const NORMAL_FIRST: u32 = 8;

/// After this time without a job the connections are used for nothing, so that they stay open: the pool closes those
/// that are not used for ten minutes, and the next job would wait until both are open and have prepared statements.
const UNUSED: Duration = Duration::from_secs(60);

/// Pause after a failure of Redis or the database.
const PAUSE: Duration = Duration::from_millis(250);

/// Takes the jobs of one queue for one process.
pub struct Intake {
    /// Connections for jobs, whose commits need not wait.
    pub pool: PgPool,
    /// Used only by this intake: its pops block.
    pub redis: Redis,
    /// The queue.
    pub queue: Queue,
    /// The time.
    pub clock: Clock,
    /// This process.
    pub process_id: ProcessId,
    /// Whether other processes consider this one alive.
    pub pulse: Arc<Pulse>,
    /// Cancelled when this process has been given up.
    pub given_up: CancellationToken,
    /// Pops so far.
    pub pops: AtomicU32,
    /// Entries that are not deliveries.
    pub skipped: LogLimit,
    /// How it goes; shared with the readiness check.
    pub taking: Arc<Taking>,
}

impl Intake {
    /// Takes jobs until `stop` is cancelled, no more at a time than there are free slots, and passes them on to the
    /// backends of their kinds.
    pub async fn run(self, shared: Arc<Shared>, stop: CancellationToken) {
        let free = Arc::new(Semaphore::new(shared.slots));
        let mut used_at = Instant::now();
        loop {
            let first = tokio::select! {
                first = Arc::clone(&free).acquire_owned() => first,
                () = stop.cancelled() => break,
            };
            let Ok(first) = first else {
                break;
            };
            let mut taken = vec![first];
            if free.available_permits() + taken.len() < shared.slots {
                // Other jobs may be about to end, and free their slots for the same claim.
                after_others().await;
            }
            while let Ok(slot) = Arc::clone(&free).try_acquire_owned() {
                taken.push(slot);
            }
            // Every slot that is not free has a job.
            let has_jobs = taken.len() < shared.slots || shared.has_suspects();
            self.pulse.note_jobs(has_jobs);
            let claimed = self.take(taken.len()).await;
            self.pulse.note_jobs(has_jobs || !claimed.is_empty());
            if !claimed.is_empty() {
                used_at = Instant::now();
            } else if used_at.elapsed() >= UNUSED {
                self.keep_ready().await;
                used_at = Instant::now();
            }
            for claimed in claimed {
                shared.route(claimed, taken.pop());
            }
        }
        shared.close();
    }

    /// Claims and begins no jobs, so that both connections stay open, with the statement that each has for a job. A
    /// failure is reported when there is a job.
    async fn keep_ready(&self) {
        let used = async {
            claim::claim(&self.pool, self.process_id, &[]).await?;
            claim::begin(&self.pool, self.process_id, &[]).await
        };
        if let Err(error) = used.await {
            tracing::debug!(
                queue = self.queue.name(),
                error = chain(&error),
                "could not keep connections ready"
            );
        }
    }

    /// Waits for jobs and returns at most `room` of them; none if none came within [`WAIT`], or the try failed.
    async fn take(&self, room: usize) -> Vec<Claimed> {
        match self.taking.watch(self.claim(room)).await {
            Ok(claimed) => {
                if self.taking.is_failing.swap(false, Ordering::Relaxed) {
                    tracing::info!(queue = self.queue.name(), "taking jobs again");
                }
                claimed
            }
            Err(error) => {
                if !self.taking.is_failing.swap(true, Ordering::Relaxed) {
                    tracing::warn!(queue = self.queue.name(), error = chain(&error), "could not take jobs");
                }
                tokio::time::sleep(PAUSE).await;
                Vec::new()
            }
        }
    }

    /// Deliveries that cannot be claimed go back into the list for other processes. If that fails too, they are not
    /// lost: the reconciler sees that they left Redis and sends the jobs again.
    async fn claim(&self, room: usize) -> Result<Vec<Claimed>, IntakeError> {
        if self.given_up.is_cancelled() {
            return Err(IntakeError::Silent);
        }
        if !self.pulse.is_fresh() {
            // The heartbeat may never recover. The pool may still work, and then shows whether the process was given
            // up.
            self.is_given_up().await;
            return Err(IntakeError::Silent);
        }
        let Some((list, deliveries)) = self.pop(room).await? else {
            return Ok(Vec::new());
        };
        if deliveries.is_empty() {
            return Ok(Vec::new());
        }
        let started = Instant::now();
        match claim::claim(&self.pool, self.process_id, &deliveries).await {
            Ok(claimed) => {
                let due = claimed.iter().map(|claimed| claimed.run_at);
                note_claim(self.queue, started.elapsed(), self.clock.now(), due);
                // Duplicate and stale deliveries claim nothing either.
                if claimed.is_empty() && self.is_given_up().await {
                    self.put_back(&list, &deliveries).await?;
                    return Err(IntakeError::Silent);
                }
                Ok(claimed)
            }
            Err(error) => {
                // The claim may have succeeded although its response was lost. No process would run those jobs.
                self.release(&deliveries).await;
                self.put_back(&list, &deliveries).await?;
                Err(error.into())
            }
        }
    }

    /// Whether this process has been given up, as far as the pool can tell; it then ends.
    async fn is_given_up(&self) -> bool {
        let exists = process::exists(&self.pool, self.process_id).await;
        if matches!(exists, Ok(false)) {
            self.given_up.cancel();
        }
        matches!(exists, Ok(false))
    }

    async fn release(&self, deliveries: &[Delivery]) {
        while let Err(error) = claim::release_unknown(&self.pool, self.process_id, self.clock.now(), deliveries).await {
            tracing::debug!(
                queue = self.queue.name(),
                error = chain(&error),
                "could not release claimed jobs yet, will retry"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Puts entries back at the head of their list, in their order. An entry that is then in it twice claims once.
    async fn put_back(&self, list: &str, deliveries: &[Delivery]) -> Result<(), redis::RedisError> {
        let entries: Vec<String> = deliveries.iter().rev().map(ToString::to_string).collect();
        redis::cmd("LPUSH")
            .arg(list)
            .arg(entries)
            .query_async(&mut self.redis.clone())
            .await
    }

    /// The deliveries at the head of the first list that has any, and that list. Every [`NORMAL_FIRST`]th pop begins
    /// with the normal list, so that a flood of urgent jobs does not starve the others. Entries are read as bytes: one
    /// that is no text must not make the others of its batch unreadable.
    async fn pop(&self, room: usize) -> Result<Option<(String, Vec<Delivery>)>, redis::RedisError> {
        let [urgent, normal] = Priority::ALL.map(|priority| self.queue.list(priority));
        let is_turn = self.pops.fetch_add(1, Ordering::Relaxed) % NORMAL_FIRST == NORMAL_FIRST - 1;
        let lists = if is_turn { [normal, urgent] } else { [urgent, normal] };
        let popped: Option<(String, Vec<Vec<u8>>)> = redis::cmd("BLMPOP")
            .arg(WAIT)
            .arg(lists.len())
            .arg(&lists)
            .arg("LEFT")
            .arg("COUNT")
            .arg(room)
            .query_async(&mut self.redis.clone())
            .await?;
        let Some((list, entries)) = popped else {
            self.note_skipped(0);
            return Ok(None);
        };
        let deliveries: Vec<Delivery> = entries.iter().filter_map(|entry| Delivery::read(entry).ok()).collect();
        self.note_skipped(entries.len() - deliveries.len());
        Ok(Some((list, deliveries)))
    }

    /// Counts entries that are not deliveries. It is called after each pop, also for none, so that those that could not
    /// be logged yet are logged soon.
    fn note_skipped(&self, entries: usize) {
        let entries = u64::try_from(entries).unwrap_or(u64::MAX);
        if entries > 0 {
            count_skipped(self.queue, entries);
        }
        if let Some(entries) = self.skipped.note(entries, Instant::now()) {
            tracing::warn!(
                queue = self.queue.name(),
                entries,
                "skipped Redis entries that are not deliveries"
            );
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum IntakeError {
    #[error("a Redis operation failed")]
    Redis(#[from] redis::RedisError),
    #[error("a ledger operation failed")]
    Ledger(#[from] crate::Error),
    #[error("no heartbeat is recorded, so this process may have been given up")]
    Silent,
}
