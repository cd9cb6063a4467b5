//! The spans of an attempt: one for its log lines, and inside it the one that is exported.

use std::task::{Context, Poll};

use apalis_core::task::Task;
use tower_layer::Layer;
use tower_service::Service;
use trace::LogSpanned;
use tracing::field::Empty;
use tracing::instrument::Instrumented;
use tracing::{Instrument, Span};

use crate::creation::SYSTEM;
use crate::db::delivery::Claimed;
use crate::worker::Held;

/// Opens the spans around each attempt.
#[derive(Debug, Clone)]
pub struct SpanLayer {
    queue: &'static str,
}

impl SpanLayer {
    pub const fn new(queue: &'static str) -> Self {
        Self { queue }
    }
}

impl<S> Layer<S> for SpanLayer {
    type Service = Spanned<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Spanned {
            inner,
            queue: self.queue,
        }
    }
}

/// See [`SpanLayer`].
#[derive(Debug, Clone)]
pub struct Spanned<S> {
    inner: S,
    queue: &'static str,
}

impl<S: Service<Task<J>>, J> Service<Task<J>> for Spanned<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Instrumented<LogSpanned<Instrumented<S::Future>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, task: Task<J>) -> Self::Future {
        let held = task.data().get::<Held>();
        let exported = held.map_or_else(Span::none, |held| exported(self.queue, held.claimed()));
        let logged = held.map_or_else(Span::none, |held| logged(held.claimed(), &exported));
        let call = || logged.in_scope(|| exported.in_scope(|| self.inner.call(task)));
        let ran = trace::in_log_span(&logged, call);
        trace::with_log_span(logged.clone(), ran.instrument(exported)).instrument(logged)
    }
}

/// What each log line of the attempt carries.
fn logged(claimed: &Claimed, exported: &Span) -> Span {
    let trace_id = trace::of(exported).map(|here| here.trace_id());
    tracing::info_span!(
        "job",
        job_id = %claimed.id,
        kind = claimed.kind,
        attempt = claimed.attempt,
        request_id = claimed.cause.request_id,
        trace_id = trace_id.as_ref().or(claimed.cause.trace_id.as_ref()),
        // What the job is about, set by handlers.
        orders = Empty,
        report = Empty,
        timetable_upload = Empty,
    )
}

/// The attempt, as a child of the span that wrote the job.
fn exported(queue: &'static str, claimed: &Claimed) -> Span {
    let span = tracing::info_span!(
        target: "otel",
        parent: None,
        "process",
        otel.kind = "consumer",
        otel.name = format!("process {queue}"),
        "messaging.system" = SYSTEM,
        "messaging.operation.name" = "process",
        "messaging.operation.type" = "process",
        "messaging.destination.name" = queue,
        "messaging.message.id" = %claimed.id,
        "prexsell.job.kind" = claimed.kind,
        "prexsell.job.attempt" = claimed.attempt,
        "prexsell.request.id" = claimed.cause.request_id,
    );
    if let Some(parent) = claimed.cause.traceparent {
        trace::follow(&span, parent);
    }
    span
}
