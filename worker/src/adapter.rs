//! apalis: Worker, Monitor and layers over a backend of our own. The only file that names its types.
//!
//! The backend takes claimed jobs from a [`Source`]. It never ends and never fails, because apalis gives up a worker
//! whose backend does; troubles with Redis or the database are the source's to wait out. Acknowledgements, attempts,
//! retries and dead letters are the ledger's business, so the handler answers nothing but "over".

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use apalis::layers::WorkerBuilderExt;
use apalis_core::backend::finalize::Ephemeral;
use apalis_core::backend::{Backend, BackendConfig};
use apalis_core::monitor::Monitor;
use apalis_core::task::Task;
use apalis_core::worker::builder::WorkerBuilder;
use apalis_core::worker::context::WorkerContext;
use apalis_core::worker::ext::parallelize::ParallelizeExt;
use common::db::delivery::Claimed;
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use tower_layer::Identity;

/// Where jobs come from.
pub trait Source: Send + Sync + 'static {
    /// Waits for jobs and returns at most `room` of them, sometimes none. It takes a while to come back empty.
    fn take(self: Arc<Self>, room: usize) -> BoxFuture<'static, Vec<Claimed>>;
}

/// The stream of jobs ended though nobody asked it to.
#[derive(Debug, thiserror::Error)]
#[error("the stream of jobs ended")]
pub struct StreamEnded;

/// Gives each job of `source` to `handle`, at most `concurrency` at a time, until `shutdown` is cancelled and the
/// jobs in flight are over.
///
/// # Errors
/// When the stream ends for any other reason.
pub async fn work<S, H, F>(
    name: &str,
    concurrency: usize,
    source: Arc<S>,
    handle: H,
    shutdown: CancellationToken,
) -> Result<(), StreamEnded>
where
    S: Source,
    H: Fn(Claimed) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let name = name.to_owned();
    let monitor = Monitor::new().register(move |_restarts| {
        let handle = handle.clone();
        WorkerBuilder::new(name.as_str())
            .backend(LedgerBackend {
                source: Arc::clone(&source),
                concurrency,
                taking: None,
                taken: VecDeque::new(),
            })
            .concurrency(concurrency)
            .parallelize(tokio::spawn)
            .build(move |claimed: Claimed| handle(claimed))
    });
    let context = monitor.context();
    let mut running = std::pin::pin!(monitor.run());
    tokio::select! {
        _ = &mut running => return Err(StreamEnded),
        () = shutdown.cancelled() => {}
    }
    context.shutdown().map_err(|_| StreamEnded)?;
    running.await.map_err(|_| StreamEnded)
}

/// A backend that holds no more jobs than there are free slots: what waits, waits where others can take it.
struct LedgerBackend<S> {
    source: Arc<S>,
    concurrency: usize,
    taking: Option<BoxFuture<'static, Vec<Claimed>>>,
    taken: VecDeque<Claimed>,
}

impl<S: Source> Backend for LedgerBackend<S> {
    type Task = Task<Claimed>;
    type Error = Infallible;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        worker: &WorkerContext,
    ) -> Poll<Option<Result<Self::Task, Infallible>>> {
        loop {
            if let Some(claimed) = self.taken.pop_front() {
                return Poll::Ready(Some(Ok(Task::new(claimed))));
            }
            let taking = self.taking.get_or_insert_with(|| {
                let room = self.concurrency.saturating_sub(worker.task_count()).max(1);
                Arc::clone(&self.source).take(room)
            });
            let Poll::Ready(jobs) = taking.poll_unpin(cx) else {
                return Poll::Pending;
            };
            self.taking = None;
            self.taken.extend(jobs);
        }
    }

    /// Lets a batch that is just being taken arrive, so that it is held by this process and can be handed back.
    fn poll_close(&mut self, cx: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Infallible>> {
        match self.taking.as_mut().map(|taking| taking.poll_unpin(cx)) {
            Some(Poll::Pending) => Poll::Pending,
            Some(Poll::Ready(_)) | None => {
                self.taking = None;
                Poll::Ready(Ok(()))
            }
        }
    }
}

impl<S: Source> BackendConfig for LedgerBackend<S> {
    type Args = Claimed;
    type Id = String;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &Self::Config {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Self::Layer {
        Identity::new()
    }
}
