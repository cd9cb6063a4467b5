//! The outermost layer: gives a request its id, the response its standard headers, and the log one line.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use domain::id::{PartnerId, UserId};
use ledger::Cause;
use poem::http::{HeaderName, HeaderValue, Method};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};
use trace::TraceParent;
use trace::sampling::{self, Decision};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::measure::{self, InFlight, MethodName};
use super::security;
use crate::error::{ApiError, Fault};
use crate::routes::{self, Matched};

/// The header that carries the request's id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The header that carries the caller's span (W3C Trace Context).
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Maximum number of characters of a method's name in the log.
const LONGEST_METHOD: usize = 32;

/// Maximum number of characters of a path in the log.
const LONGEST_PATH: usize = 256;

/// What is known about a request, for its log line and for the jobs that it causes; attached to every request as data.
#[derive(Debug)]
pub struct RequestContext {
    request_id: String,
    /// The exported span of the request; none for a probe, or if it is not exported.
    span: Span,
    /// The context of the span. Without a collector: that of the caller.
    traceparent: Option<TraceParent>,
    /// The place in a trace whose spans are not exported.
    place: Option<TraceParent>,
    partner_id: OnceLock<PartnerId>,
    user_id: OnceLock<UserId>,
    /// Its row in the table of routes.
    pub route: Matched,
}

impl RequestContext {
    fn of(request: &Request) -> Self {
        let text = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let request_id = text(&REQUEST_ID)
            .filter(|id| is_request_id(id))
            .map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), str::to_owned);
        let caller = text(&TRACEPARENT).and_then(|text| text.parse().ok());
        let route = routes::find(request.method(), request.uri().path());
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

/// The layer.
#[derive(Debug, Clone, Copy)]
pub struct Trace {
    /// Whether people reach us by HTTPS.
    pub https: bool,
}

impl<E: Endpoint> Middleware<E> for Trace {
    type Output = TraceEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        TraceEndpoint {
            inner,
            https: self.https,
        }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct TraceEndpoint<E> {
    inner: E,
    https: bool,
}

impl<E: Endpoint> Endpoint for TraceEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        let _in_flight = InFlight::begin();
        let context = Arc::new(RequestContext::of(&request));
        // Both are shared, not copied.
        let (method, uri) = (request.method().clone(), request.uri().clone());
        request.set_data(context.route);
        request.set_data(Arc::clone(&context));
        let trace_id = context.traceparent.map(|here| here.trace_id());
        // Use cases put in the ids of what they change (`app::ticket`, `app::booking`, `app::report`).
        let logged = tracing::info_span!(
            "request",
            request_id = context.request_id,
            trace_id,
            booking = Empty,
            orders = Empty,
            report = Empty,
            timetable_upload = Empty,
        );
        let served = sampling::in_place(context.place, self.inner.call(request));
        let served = served.instrument(context.span.clone());
        let served = ::trace::with_log_span(logged.clone(), served);
        let mut response = match served.instrument(logged.clone()).await {
            Ok(response) => response.into_response(),
            Err(error) => ApiError::from(error).response(),
        };
        if let Ok(id) = HeaderValue::from_str(&context.request_id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        security::set(response.headers_mut(), self.https);
        note(&context.span, &response);
        measure::note(
            context.route,
            MethodName::from(&method),
            response.status(),
            started.elapsed(),
        );
        logged.in_scope(|| log(&context, &method, uri.path(), &response, started));
        Ok(response)
    }
}

/// A method as the log shows it: in a request, its name may be as long as the head.
fn bounded(method: &Method) -> &str {
    method.as_str().get(..LONGEST_METHOD).unwrap_or(method.as_str())
}

/// A path as the log shows it.
fn shortened(path: &str) -> &str {
    let cut = || path.char_indices().nth(LONGEST_PATH);
    match (path.len() > LONGEST_PATH).then(cut).flatten() {
        Some((end, _)) => &path[..end],
        None => path,
    }
}

/// Records in the span of a request how it was answered. Only an internal error counts as a failure.
fn note(span: &Span, response: &Response) {
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        ::trace::fail(span, status.as_str());
    }
}

fn log(context: &RequestContext, method: &Method, path: &str, response: &Response, started: Instant) {
    let (method, path) = (bounded(method), shortened(path));
    let status = response.status().as_u16();
    let duration_ms = started.elapsed().as_micros() as f64 / 1000.0;
    let partner_id = context.partner_id.get().map(tracing::field::display);
    let user_id = context.user_id.get().map(tracing::field::display);
    let request_id = context.request_id.as_str();
    let trace_id = context.traceparent.map(|here| here.trace_id());
    if let Some(Fault(fault)) = response.data() {
        tracing::error!(
            method,
            path,
            status,
            duration_ms,
            request_id,
            trace_id,
            partner_id,
            user_id,
            fault,
            "request failed"
        );
    } else if context.route.policy.probe {
        tracing::debug!(method, path, status, duration_ms, request_id, "probe");
    } else {
        tracing::info!(
            method,
            path,
            status,
            duration_ms,
            request_id,
            trace_id,
            partner_id,
            user_id,
            "request"
        );
    }
}

#[cfg(test)]
mod tests {
    use poem::http::Method;

    use super::{bounded, is_request_id, shortened};

    #[test]
    fn names_of_methods_are_cut() {
        let long = Method::from_bytes("BREW".repeat(5_000).as_bytes()).unwrap();
        assert_eq!(bounded(&long), "BREW".repeat(8));
        assert_eq!(bounded(&Method::DELETE), "DELETE");
    }

    #[test]
    fn paths_are_cut_between_characters() {
        assert_eq!(shortened(&"ї".repeat(300)), "ї".repeat(256));
        assert_eq!(shortened("/v2/cities"), "/v2/cities");
    }

    #[test]
    fn ids_that_could_break_a_log_line_are_not_taken_over() {
        assert!(is_request_id("a.B-9_"));
        assert!(!is_request_id(""));
        assert!(!is_request_id("a b"));
        assert!(!is_request_id("ą"));
        assert!(!is_request_id(&"a".repeat(129)));
    }
}
