//! Trace contexts (W3C `traceparent`), in and out, and the spans that are exported.
//!
//! A span that is exported has the target [`TARGET`], which a log filter never sees, and a span of any other target is
//! never exported, so what libraries put into their spans (SQL, URLs) stays in the process. The names of spans and
//! attributes are those of the OpenTelemetry semantic conventions. An attribute holds no personal data, key, token, or
//! value of a statement. Where spans go is decided by `process::telemetry`.

mod log_span;
pub mod sampling;
mod traceparent;

pub use log_span::{LogSpanned, in_log_span, in_same_log_span, note, with_log_span};
pub use traceparent::{TraceParent, TraceParentError};

use opentelemetry::Context;
use opentelemetry::trace::{Status, TraceContextExt};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The target of spans that are exported. It is written out where a span is opened, as the macros of `tracing` require
/// a constant.
pub const TARGET: &str = "otel";

/// The directive that keeps these spans out of logs, for the end of a filter.
pub const NOT_IN_LOGS: &str = "otel=off";

/// The context of a span, to continue its trace elsewhere; `None` when spans are not exported.
#[must_use]
pub fn of(span: &Span) -> Option<TraceParent> {
    TraceParent::of(span.context().span().span_context())
}

/// The context of the span that this code runs in.
#[must_use]
pub fn current() -> Option<TraceParent> {
    of(&Span::current())
}

/// Makes a new span, which has not been entered yet, the child of a span of another process.
pub fn follow(span: &Span, parent: TraceParent) {
    // A span that is not exported has no parent.
    let _ = span.set_parent(Context::new().with_remote_span_context(parent.into()));
}

/// Marks the operation of a span as failed. `error_type` is one of few: a status code, or a kind of error.
pub fn fail(span: &Span, error_type: impl Into<String>) {
    span.set_attribute("error.type", error_type.into());
    span.set_status(Status::error(""));
}
