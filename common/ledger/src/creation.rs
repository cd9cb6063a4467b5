//! The span of writing jobs into the ledger. A job continues its trace, in the process that runs it.

use trace::TraceParent;
use tracing::Span;

use crate::Cause;

/// What carries messages, as spans name it (`messaging.system`).
pub(crate) const SYSTEM: &str = "prexsell_ledger";

/// The writing of jobs by one statement, which is to run in this span.
#[derive(Debug)]
pub struct Creation {
    /// A child of the span that the code runs in; none if there are no jobs, or if spans are not exported.
    pub span: Span,
    traceparent: Option<TraceParent>,
}

impl Creation {
    /// The writing of jobs into these queues, a name for each job.
    pub fn of<'a>(mut queues: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let jobs = queues.len();
        let span = match queues.next() {
            None => Span::none(),
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

    /// The cause that a job is stored with: its own, continued by this span, unless it belongs to another trace.
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
