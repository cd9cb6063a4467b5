//! What is known about a request while it is served. [`crate::middleware::trace`] makes it; extractors and handlers add to
//! it and read it.

use std::sync::OnceLock;

use domain::id::{PartnerId, UserId};
use ledger::Cause;
use poem::Request;
use poem::http::{HeaderName, Method};
use trace::TraceParent;
use trace::sampling::{self, Decision};
use tracing::Span;
use tracing::field::Empty;

use crate::route::{Matched, Table};

/// The header that carries the request's id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The header that carries the caller's span (W3C Trace Context).
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// What is known about a request, for its log line and for the jobs that it causes; attached to every request as data.
#[derive(Debug)]
pub struct RequestContext {
    pub(crate) request_id: String,
    /// The exported span of the request; none for a probe, or if it is not exported.
    pub(crate) span: Span,
    /// The context of the span. Without a collector: that of the caller.
    pub(crate) traceparent: Option<TraceParent>,
    /// The place in a trace whose spans are not exported.
    pub(crate) place: Option<TraceParent>,
    pub(crate) partner_id: OnceLock<PartnerId>,
    pub(crate) user_id: OnceLock<UserId>,
    /// Its row in the table of routes.
    pub route: Matched,
}

impl RequestContext {
    /// The context of a request of a server with these routes.
    pub(crate) fn of(request: &Request, routes: Table) -> Self {
        let text = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let request_id = text(&REQUEST_ID)
            .filter(|id| is_request_id(id))
            .map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), str::to_owned);
        let caller = text(&TRACEPARENT).and_then(|text| text.parse().ok());
        let route = routes.find(request.method(), request.uri().path());
        let decision = match route.policy.probe {
            true => Decision::Off,
            false => sampling::decide(caller, rand::random),
        };
        let (span, traceparent, place) = match decision {
            Decision::Off => (Span::none(), caller, None),
            Decision::NotExported(place) => (Span::none(), Some(place), Some(place)),
            Decision::Exported => {
                let (span, here) = sampling::decided(|| {
                    let span = span(request.method(), &route, &request_id, caller);
                    // This starts the span: only now is it decided whether it is sampled.
                    let here = ::trace::of(&span);
                    (span, here)
                });
                (span, here, None)
            }
        };
        Self {
            request_id,
            traceparent,
            span,
            place,
            partner_id: OnceLock::new(),
            user_id: OnceLock::new(),
            route,
        }
    }

    /// Notes which partner called.
    pub fn note_partner(&self, partner_id: PartnerId) {
        let _ = self.partner_id.set(partner_id);
    }

    /// Notes which person called.
    pub fn note_user(&self, user_id: UserId) {
        let _ = self.user_id.set(user_id);
    }

    /// The cause of the jobs that this request leads to.
    #[must_use]
    pub fn cause(&self) -> Cause {
        Cause::new(Some(self.request_id.clone()), self.traceparent)
    }
}

/// 1 to 128 letters, digits, dots, dashes and underscores: other characters could forge text in the log.
fn is_request_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// The exported span of a request, inside the caller's. It holds the path of the route, not of the request.
fn span(method: &Method, route: &Matched, request_id: &str, caller: Option<TraceParent>) -> Span {
    let path = route.operation.map(|operation| operation.path);
    // A method that HTTP does not define can be any text.
    let method = match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
        _ => "_OTHER",
    };
    let name = if method == "_OTHER" { "HTTP" } else { method };
    let span = tracing::info_span!(
        target: "otel",
        parent: None,
        "request",
        otel.kind = "server",
        otel.name = path.map_or_else(|| name.to_owned(), |path| format!("{name} {path}")),
        "http.request.method" = method,
        "http.route" = path,
        "http.response.status_code" = Empty,
        "prexsell.request.id" = request_id,
    );
    if let Some(caller) = caller {
        ::trace::follow(&span, caller);
    }
    span
}

#[cfg(test)]
mod tests {
    use super::is_request_id;

    #[test]
    fn ids_that_could_break_a_log_line_are_not_taken_over() {
        assert!(is_request_id("a.B-9_"));
        assert!(!is_request_id(""));
        assert!(!is_request_id("a b"));
        assert!(!is_request_id("ą"));
        assert!(!is_request_id(&"a".repeat(129)));
    }
}
