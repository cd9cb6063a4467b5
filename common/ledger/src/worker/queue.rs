//! The apalis backend: a stream of the jobs of one kind that this process has claimed.
//!
//! It never fails, because apalis gives up a worker whose backend does; the intake waits until Redis or the database
//! recovers. It holds no job without a slot: other jobs wait where other processes can take them.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};

use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::task::Task;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::task_id::TaskId;
use apalis_core::worker::context::WorkerContext;
use tokio::sync::mpsc;

use super::layer::{Layers, layers};
use super::shared::{Held, Shared};
use crate::Job;

/// The claimed jobs of one kind.
pub struct JobQueue<J> {
    shared: Arc<Shared>,
    jobs: mpsc::Receiver<Held>,
    kind: PhantomData<fn() -> J>,
}

impl<J: Job> JobQueue<J> {
    pub(super) fn new(shared: &Arc<Shared>) -> Self {
        Self {
            shared: Arc::clone(shared),
            jobs: shared.register(J::KIND, J::QUEUE),
            kind: PhantomData,
        }
    }
}

impl<J: Job> Backend for JobQueue<J> {
    type Task = Task<J>;
    type Error = Infallible;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(&mut self, cx: &mut Context<'_>, _: &WorkerContext) -> Poll<Option<Result<Self::Task, Infallible>>> {
        loop {
            let Poll::Ready(held) = self.jobs.poll_recv(cx) else {
                return Poll::Pending;
            };
            let Some(held) = held else {
                return Poll::Ready(None);
            };
            match serde_json::from_value::<J>(held.claimed().payload.clone()) {
                Ok(job) => return Poll::Ready(Some(Ok(task(job, held)))),
                Err(error) => self
                    .shared
                    .mark_dead(held, format!("the payload does not decode as {}: {error}", J::KIND)),
            }
        }
    }

    fn poll_close(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}

/// The job as extractors see it: its id, attempt and queue are the ledger's.
fn task<J: Job>(job: J, held: Held) -> Task<J> {
    let claimed = held.claimed();
    // apalis counts the attempt when it begins.
    let before = usize::try_from(claimed.attempt.max(1) - 1).unwrap_or_default();
    TaskBuilder::new(job)
        .task_id(TaskId::from_string(claimed.id.to_string()))
        .attempt(before)
        .max_attempts(usize::try_from(claimed.max_attempts).unwrap_or_default())
        .queue(J::QUEUE.name().into())
        .data(held)
        .build()
}

impl<J: Job> BackendConfig for JobQueue<J> {
    type Args = J;
    type Id = String;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Layers;

    fn config(&self) -> &Self::Config {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Self::Layer {
        layers(&self.shared)
    }
}
