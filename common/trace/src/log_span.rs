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

/// As [`with_log_span`], for work that is not a future: one that it makes is outside of the span, but a task that it
/// spawns can take it over ([`in_same_log_span`]).
pub fn in_log_span<R>(span: &Span, work: impl FnOnce() -> R) -> R {
    LOG_SPAN.sync_scope(span.clone(), work)
}

/// Work for a task that is spawned here, in the same span as here: tasks do not inherit it.
pub fn in_same_log_span<F: Future>(work: F) -> LogSpanned<F> {
    let span = LOG_SPAN.try_with(Span::clone).unwrap_or_else(|_| Span::none());
    with_log_span(span, work)
}

/// Puts the ids of what is changed into all further log lines of the request or the attempt. Does nothing outside of
/// one, and in tasks that it spawned, unless these are [`in_same_log_span`].
pub fn note(field: &'static str, ids: impl Display) {
    // Outside of a request or an attempt there are no lines to put it into.
    let _ = LOG_SPAN.try_with(|span| {
        span.record(field, ids.to_string());
    });
}
