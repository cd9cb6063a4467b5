//! Runs an attempt of a job, in a task of its own: begins it in the ledger, calls the handler and passes the outcome
//! on.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use apalis_core::task::Task;
use futures::FutureExt;
use futures::future::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;
use tracing::Instrument;

use crate::Job;
use crate::metrics::worker::note_run;
use crate::worker::shared::{Ended, Held, Shared};
use crate::worker::starter;

/// Begins and settles attempts.
pub struct AttemptLayer {
    shared: Arc<Shared>,
}

impl AttemptLayer {
    pub fn new(shared: &Arc<Shared>) -> Self {
        Self {
            shared: Arc::clone(shared),
        }
    }
}

impl<S> Layer<S> for AttemptLayer {
    type Service = Attempt<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Attempt {
            inner,
            shared: Arc::clone(&self.shared),
        }
    }
}

/// See [`AttemptLayer`].
#[derive(Clone)]
pub struct Attempt<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S, J> Service<Task<J>> for Attempt<S>
where
    J: Job,
    S: Service<Task<J>, Response = Option<Ended>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = ();
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<(), Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, task: Task<J>) -> Self::Future {
        // The service that was polled ready must take the call.
        let next = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, next);
        let attempt = attempt(inner, Arc::clone(&self.shared), task);
        // Handlers put the ids of what they change into the log lines.
        let attempt = trace::in_same_log_span(attempt).in_current_span();
        tokio::spawn(attempt)
            .map(|ended| {
                if ended.is_err() {
                    tracing::error!("an attempt ended without an outcome");
                }
                Ok(())
            })
            .boxed()
    }
}

async fn attempt<S, J>(mut inner: S, shared: Arc<Shared>, task: Task<J>)
where
    J: Job,
    S: Service<Task<J>, Response = Option<Ended>, Error = Infallible>,
{
    let Some(held) = task.data().get::<Held>().cloned() else {
        return;
    };
    let claimed = held.claimed();
    if let (true, Some(isolation)) = (claimed.runs_alone(), &shared.isolation) {
        return isolation.admit(claimed.clone(), J::KIND.into(), J::TERMS.lease()).await;
    }
    // An attempt that has not begun ends with the process; for one that has, the time limit layer decides when it may
    // be cut short.
    let may_run = tokio::select! {
        may_run = starter::begin(&shared.starts, claimed, J::TERMS.lease()) => may_run,
        () = shared.cut.cancelled() => false,
    };
    if !may_run {
        return;
    }
    let started = Instant::now();
    let Ok(ended) = inner.call(task).await;
    if let Some(ended) = ended {
        note_run(J::QUEUE, J::KIND, started.elapsed());
        shared.settle(claimed, &J::TERMS, ended).await;
    }
}
