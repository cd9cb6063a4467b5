//! The span whose fields every log line of a request or an attempt carries. Inside of it other spans may be the current
//! one, so code that learns the id of what it changes cannot reach it by [`Span::current`].

use std::fmt::Display;

use tokio::task::futures::TaskLocalFuture;
use tracing::Span;

tokio::task_local! {
    static LOG_SPAN: Span;
}

/// Work whose log lines have a span that [`note`] reaches.
pub type LogSpanned<F> = TaskLocalFuture<Span, F>;

/// Runs `work` so that [`note`] puts fields into `span`, which has to declare them.
pub fn with_log_span<F: Future>(span: Span, work: F) -> LogSpanned<F> {
    LOG_SPAN.scope(span, work)
}

/// Puts the ids of what is changed into all further log lines of the request or the attempt. Does nothing outside of
/// one, and in tasks that it spawned.
pub fn note(field: &'static str, ids: impl Display) {
    // Outside of a request or an attempt there are no lines to put it into.
    let _ = LOG_SPAN.try_with(|span| {
        span.record(field, ids.to_string());
    });
}
