//! Implements apalis's traits for tools on the ledger, so that tools made for apalis work on it: a board that lists
//! jobs, a script that enqueues some and waits for them.
//!
//! ```text
//! // One queue with all its kinds, for a board; tasks carry `StoredJob`.
//! LedgerStorage::new(pool, clock, queue::EMAIL, &queue::ALL).accept::<EmailNotification>()
//! // One kind of job, for code; tasks carry the job.
//! LedgerStorage::of::<EmailNotification>(pool, clock, &queue::ALL).push(EmailNotification { notification_id }).await
//! ```
//!
//! | file | traits |
//! |---|---|
//! | `mod` | `Backend`, `BackendConfig`, `WireFormatBackend`, which all others need |
//! | `codec` | `Codec`: a job as the ledger stores it |
//! | `sink` | `Sink`, from which apalis derives `TaskSink` |
//! | `list` | `ListQueues`, `ListTasks`, `ListAllTasks`, `ListWorkers`, `Metrics` |
//! | `control` | `FetchById`, `Reschedule`, `ResumeById` |
//! | `wait` | `WaitForCompletion` |
//! | `task` | a row of the ledger as a task |
//!
//! Business code does not belong here: it enqueues in its own transaction with [`enqueue`](crate::enqueue), which a
//! sink cannot do. Nor do workers: they run over `worker::JobQueue`. Traits that would let a tool do what the ledger
//! does by itself are left out: `RegisterWorker` (heartbeat and lock identify a worker), `ResumeAbandoned` (the
//! reconciler), `Vacuum` (finished jobs are deleted after their retention) and `Update` (a job never changes).

use std::marker::PhantomData;
use std::task::{Context, Poll};

use apalis_core::backend::finalize::Durable;
use apalis_core::backend::future::BoxSyncFuture;
use apalis_core::backend::{Backend, BackendConfig, WireFormatBackend};
use apalis_core::task::Task;
use apalis_core::worker::context::WorkerContext;
use kernel::clock::Clock;
use sqlx::PgPool;
use tower_layer::Identity;

use crate::{Cause, Job, NewJob, Priority, Queue};

mod codec;
mod control;
mod list;
mod sink;
mod task;
mod wait;

pub use codec::{JobCodec, StoredJob};

/// Why an operation of a tool failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The ledger failed, or has no such job in the state that was asked for.
    #[error(transparent)]
    Ledger(#[from] crate::Error),
    /// The payload is not one of its kind.
    #[error("the payload does not decode as {kind}")]
    Payload {
        /// The kind of the job.
        kind: String,
        /// The error of serde.
        #[source]
        source: serde_json::Error,
    },
    /// A kind that the tool does not accept.
    #[error("jobs of kind {kind} are not accepted for queue {queue}")]
    Kind {
        /// What was given.
        kind: String,
        /// Name of the queue.
        queue: &'static str,
    },
    /// A job of another kind than the one that was asked for.
    #[error("the job is of kind {0}")]
    OtherKind(String),
    /// A property of a task that the ledger sets itself or does not have.
    #[error("the ledger does not take {0} from a task")]
    NotTaken(&'static str),
    /// Later than any job can be due; the reconciler would make it due at once.
    #[error("a job cannot be due more than an hour from now")]
    TooLate,
    /// A tool was given to a worker.
    #[error("this storage runs no jobs: use `Worker`")]
    TakesNoJobs,
}

/// A kind of job that may be enqueued.
#[derive(Debug, Clone, Copy)]
struct Accepted {
    kind: &'static str,
    max_attempts: i16,
    priority: Priority,
    check: fn(&serde_json::Value) -> Result<(), serde_json::Error>,
}

impl Accepted {
    fn of<J: Job>() -> Self {
        Self {
            kind: J::KIND,
            max_attempts: J::TERMS.max_attempts,
            priority: J::TERMS.priority,
            check: |payload| serde_json::from_value::<J>(payload.clone()).map(drop),
        }
    }
}

/// One queue of the ledger, as a backend of apalis that tools work on. `A` is what its tasks carry.
pub struct LedgerStorage<A = StoredJob> {
    pool: PgPool,
    clock: Clock,
    queue: Queue,
    /// All queues there are.
    queues: &'static [Queue],
    accepted: Vec<Accepted>,
    /// Accepted by the sink, not yet written.
    buffer: Vec<(NewJob, Cause)>,
    /// The write in progress.
    writing: Option<BoxSyncFuture<Result<(), Error>>>,
    args: PhantomData<fn() -> A>,
}

impl LedgerStorage {
    /// A storage of `queue`, one of all `queues`, with jobs of all kinds. It enqueues only kinds that it was made
    /// to [`accept`](Self::accept).
    #[must_use]
    pub fn new(pool: PgPool, clock: Clock, queue: Queue, queues: &'static [Queue]) -> Self {
        Self::over(pool, clock, queue, queues)
    }

    /// Enqueues jobs of kind `J` too.
    #[must_use]
    pub fn accept<J: Job>(mut self) -> Self {
        self.accepted.push(Accepted::of::<J>());
        self
    }

    /// A storage of the queue that carries jobs of kind `J`, one of all `queues`. Tasks carry the job itself.
    #[must_use]
    pub fn of<J: Job>(pool: PgPool, clock: Clock, queues: &'static [Queue]) -> LedgerStorage<J> {
        let mut storage = LedgerStorage::over(pool, clock, J::QUEUE, queues);
        storage.accepted.push(Accepted::of::<J>());
        storage
    }
}

impl<A> LedgerStorage<A> {
    fn over(pool: PgPool, clock: Clock, queue: Queue, queues: &'static [Queue]) -> Self {
        Self {
            pool,
            clock,
            queue,
            queues,
            accepted: Vec::new(),
            buffer: Vec::new(),
            writing: None,
            args: PhantomData,
        }
    }
}

impl<A> Backend for LedgerStorage<A> {
    type Task = Task<StoredJob>;
    type Error = Error;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Option<Result<Self::Task, Error>>> {
        Poll::Ready(Some(Err(Error::TakesNoJobs)))
    }

    fn poll_close(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }
}

impl<A> BackendConfig for LedgerStorage<A> {
    type Args = A;
    type Id = String;
    type Kind = Durable;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &Self::Config {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Self::Layer {
        Identity::new()
    }
}

impl<A> WireFormatBackend for LedgerStorage<A> {
    type Codec = JobCodec;
    type Compact = StoredJob;

    fn codec(&self) -> &Self::Codec {
        &JobCodec
    }
}
