//! The header `traceparent` (W3C Trace Context, level 1).

use std::fmt::{Display, Formatter};
use std::str::FromStr;

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use serde::{Deserialize, Serialize};

/// Length of a `traceparent` of version 00.
const LENGTH: usize = 55;

/// The place of a span in its trace: trace id, span id, and whether the trace is sampled.
///
/// `tracestate` is not kept: the specification allows dropping it, and it may contain anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TraceParent {
    trace_id: TraceId,
    span_id: SpanId,
    is_sampled: bool,
}

/// A text that is not a `traceparent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is not a traceparent")]
pub struct TraceParentError;

impl TraceParent {
    /// The id of the trace: 32 hex digits in lower case.
    #[must_use]
    pub fn trace_id(&self) -> String {
        self.trace_id.to_string()
    }

    /// Whether the spans of the trace are exported.
    #[must_use]
    pub const fn is_sampled(&self) -> bool {
        self.is_sampled
    }

    /// Whether both are places in one trace.
    #[must_use]
    pub fn is_in_trace_of(&self, other: &Self) -> bool {
        self.trace_id == other.trace_id
    }

    /// A place in a trace that begins here and is not exported; `None` if one of the ids is 0, which is invalid.
    pub(crate) fn not_sampled(trace_id: u128, span_id: u64) -> Option<Self> {
        let (trace_id, span_id) = (TraceId::from(trace_id), SpanId::from(span_id));
        Self::of(&SpanContext::new(
            trace_id,
            span_id,
            TraceFlags::default(),
            false,
            TraceState::NONE,
        ))
    }

    pub(crate) fn of(context: &SpanContext) -> Option<Self> {
        context.is_valid().then(|| Self {
            trace_id: context.trace_id(),
            span_id: context.span_id(),
            is_sampled: context.is_sampled(),
        })
    }
}

impl From<TraceParent> for SpanContext {
    fn from(parent: TraceParent) -> Self {
        let flags = TraceFlags::default().with_sampled(parent.is_sampled);
        Self::new(parent.trace_id, parent.span_id, flags, true, TraceState::NONE)
    }
}

impl Display for TraceParent {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let flags = u8::from(self.is_sampled);
        write!(f, "00-{}-{}-{flags:02x}", self.trace_id, self.span_id)
    }
}

impl FromStr for TraceParent {
    type Err = TraceParentError;

    /// Reads a header. The propagator of the SDK accepts more than the specification allows, such as signs and short
    /// flags; these would be stored in the ledger and sent on.
    fn from_str(text: &str) -> Result<Self, TraceParentError> {
        let parse = || {
            let is_hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            let head = text.get(..LENGTH)?;
            // A later version may add fields at the end.
            let is_whole = text.len() == LENGTH || (!head.starts_with("00") && text.as_bytes()[LENGTH] == b'-');
            let mut parts = head.split('-');
            let mut part = |length| parts.next().filter(|part| part.len() == length && is_hex(part));
            let (version, trace_id, span_id, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
            let context = SpanContext::new(
                TraceId::from_hex(trace_id).ok()?,
                SpanId::from_hex(span_id).ok()?,
                TraceFlags::new(u8::from_str_radix(flags, 16).ok()?),
                true,
                TraceState::NONE,
            );
            Self::of(&context).filter(|_| is_whole && version != "ff")
        };
        parse().ok_or(TraceParentError)
    }
}

impl TryFrom<String> for TraceParent {
    type Error = TraceParentError;

    fn try_from(text: String) -> Result<Self, TraceParentError> {
        text.parse()
    }
}

impl From<TraceParent> for String {
    fn from(parent: TraceParent) -> Self {
        parent.to_string()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::TraceParent;

    const IDS: &str = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

    #[rstest]
    #[case(format!("00-{IDS}-01"), true)]
    #[case(format!("00-{IDS}-00"), false)]
    #[case::other_flags_are_dropped(format!("00-{IDS}-fe"), false)]
    #[case::of_a_later_version(format!("01-{IDS}-03"), true)]
    #[case::of_a_later_version_with_more(format!("cc-{IDS}-01-what-the-future-brings"), true)]
    fn a_header_is_read_and_written(#[case] text: String, #[case] sampled: bool) {
        let parent: TraceParent = text.parse().unwrap();
        assert_eq!(parent.trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(parent.is_sampled(), sampled);
        let written = format!("00-{IDS}-0{}", u8::from(sampled));
        assert_eq!(parent.to_string(), written);
        let json = serde_json::to_string(&parent).unwrap();
        assert_eq!(json, format!("\"{written}\""));
        assert_eq!(serde_json::from_str::<TraceParent>(&json).unwrap(), parent);
    }

    #[rstest]
    #[case("")]
    #[case("00")]
    #[case(&format!("00-{IDS}"))]
    #[case(&format!("00-{IDS}-"))]
    #[case(&format!("00-{IDS}-1"))]
    #[case(&format!("00-{IDS}-01-"))]
    #[case(&format!("00-{IDS}-01-more"))]
    #[case(&format!("01-{IDS}-01."))]
    #[case(&format!("ff-{IDS}-01"))]
    #[case(&format!("0g-{IDS}-01"))]
    #[case(&format!("+0-{IDS}-01"))]
    #[case(&format!("00-{IDS}-+1"))]
    #[case(&format!("00_{IDS}_01"))]
    #[case(&format!(" 00-{IDS}-01"))]
    #[case(&format!("00-{}-01", IDS.to_uppercase()))]
    #[case("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e47361-0f067aa0ba902b7-01")]
    #[case("00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-01")]
    fn anything_else_is_no_traceparent(#[case] text: &str) {
        assert!(text.parse::<TraceParent>().is_err(), "{text}");
    }
}
