//! The span in which jobs are written into the ledger. The process that runs a job continues its trace.

use trace::TraceParent;
use tracing::Span;

use crate::Cause;

/// Value of `messaging.system` in spans.
pub(crate) const SYSTEM: &str = "prexsell_ledger";

/// The span of one statement that writes jobs; the statement runs in it.
#[derive(Debug)]
pub struct Creation {
    /// A child of the current span; none if there are no jobs or the trace is not exported.
    pub span: Span,
    traceparent: Option<TraceParent>,
}

impl Creation {
    /// A span for writing jobs. `queues` yields the name of the queue of each job.
    pub fn of<'a>(mut queues: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let jobs = queues.len();
        let span = match queues.next() {
            None => Span::none(),
            Some(_) if trace::sampling::place_not_exported().is_some() => Span::none(),
            Some(queue) => {
                let queue = queues.all(|other| other == queue).then_some(queue);
                tracing::info_span!(
                    target: "otel",
                    "create",
                    otel.kind = "producer",
                    otel.name = queue.map(|queue| format!("create {queue}")),
                    "messaging.system" = SYSTEM,
                    "messaging.operation.name" = "create",
                    "messaging.operation.type" = "create",
                    "messaging.destination.name" = queue,
                    "messaging.batch.message_count" = jobs,
                )
            }
        };
        Self {
            traceparent: trace::of(&span),
            span,
        }
    }

    /// The cause with which a job is stored: its own, continued by this span unless it belongs to another trace.
    #[must_use]
    pub fn continued(&self, cause: &Cause) -> Cause {
        match (self.traceparent, cause.traceparent) {
            (Some(here), theirs) if theirs.is_none_or(|theirs| theirs.is_in_trace_of(&here)) => {
                Cause::new(cause.request_id.clone(), Some(here))
            }
            _ => cause.clone(),
        }
    }
}
