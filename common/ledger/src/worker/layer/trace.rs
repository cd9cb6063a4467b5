//! What the log lines of a job carry.

use std::task::{Context, Poll};

use apalis_core::task::Task;
use tower_layer::Layer;
use tower_service::Service;
use tracing::Instrument;
use tracing::field::Empty;
use tracing::instrument::Instrumented;

use crate::worker::Held;

/// Opens a span around each job.
#[derive(Debug, Clone, Copy)]
pub struct TraceLayer;

impl<S> Layer<S> for TraceLayer {
    type Service = Trace<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Trace { inner }
    }
}

/// See [`TraceLayer`].
#[derive(Debug, Clone)]
pub struct Trace<S> {
    inner: S,
}

impl<S: Service<Task<J>>, J> Service<Task<J>> for Trace<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Instrumented<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, task: Task<J>) -> Self::Future {
        let span = task.data().get::<Held>().map_or_else(tracing::Span::none, |held| {
            let claimed = held.claimed();
            tracing::info_span!(
                "job",
                job_id = %claimed.id,
                kind = claimed.kind,
                attempt = claimed.attempt,
                request_id = claimed.cause.request_id,
                trace_id = claimed.cause.trace_id,
                // What it is about, put in by handlers.
                orders = Empty,
                report = Empty,
            )
        });
        span.in_scope(|| self.inner.call(task)).instrument(span)
    }
}
