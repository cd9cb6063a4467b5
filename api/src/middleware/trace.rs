//! The outermost layer: gives a request its id, the response its standard headers, and the log one line.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use domain::id::{PartnerId, UserId};
use ledger::Cause;
use poem::http::{HeaderName, HeaderValue, Method};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};
use tracing::Instrument;
use tracing::field::Empty;

use super::measure::{self, InFlight, MethodName};
use super::security;
use crate::error::{ApiError, Fault};
use crate::routes::{self, Matched};

/// The header that carries the request's id, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of a method's name in the log.
const LONGEST_METHOD: usize = 32;

/// What is known of a request, for its log line and for the jobs that it causes; data of every request.
#[derive(Debug)]
pub struct RequestContext {
    request_id: String,
    trace_id: Option<String>,
    partner_id: OnceLock<PartnerId>,
    user_id: OnceLock<UserId>,
    /// What it is by the table of routes.
    pub route: Matched,
}

impl RequestContext {
    fn of(request: &Request) -> Self {
        let text = |name: &HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let request_id = text(&REQUEST_ID)
            .filter(|id| is_request_id(id))
            .map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), str::to_owned);
        let trace_id = text(&HeaderName::from_static("traceparent"))
            .and_then(trace_id)
            .map(str::to_owned);
        Self {
            request_id,
            trace_id,
            partner_id: OnceLock::new(),
            user_id: OnceLock::new(),
            route: routes::find(request.method(), request.uri().path()),
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
        Cause {
            request_id: Some(self.request_id.clone()),
            trace_id: self.trace_id.clone(),
        }
    }
}

/// 1 to 128 letters, digits, dots, dashes and underscores: anything else would be an injection into our logs.
fn is_request_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// The trace id of a `traceparent` (W3C Trace Context, version 00).
fn trace_id(traceparent: &str) -> Option<&str> {
    let mut parts = traceparent.split('-');
    let (version, trace_id) = (parts.next()?, parts.next()?);
    (version == "00" && trace_id.len() == 32 && trace_id.bytes().all(|b| b.is_ascii_hexdigit())).then_some(trace_id)
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
        let method = bounded(request.method()).to_owned();
        let method_name = MethodName::from(request.method());
        let path: String = request.uri().path().chars().take(256).collect();
        request.set_data(Arc::clone(&context));
        // Whoever changes something puts its ids in (`app::order`, `app::booking`, `app::report`).
        let span = tracing::info_span!(
            "request",
            request_id = context.request_id,
            booking = Empty,
            orders = Empty,
            report = Empty,
        );
        let mut response = match self.inner.call(request).instrument(span.clone()).await {
            Ok(response) => response.into_response(),
            Err(error) => ApiError::from(error).response(),
        };
        if let Ok(id) = HeaderValue::from_str(&context.request_id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        security::set(response.headers_mut(), self.https);
        measure::note(context.route, method_name, response.status(), started.elapsed());
        span.in_scope(|| log(&context, &method, &path, &response, started));
        Ok(response)
    }
}

/// A method as the log shows it: its name may be as long as a head.
fn bounded(method: &Method) -> &str {
    method.as_str().get(..LONGEST_METHOD).unwrap_or(method.as_str())
}

fn log(context: &RequestContext, method: &str, path: &str, response: &Response, started: Instant) {
    let status = response.status().as_u16();
    let duration_ms = started.elapsed().as_micros() as f64 / 1000.0;
    let partner_id = context.partner_id.get().map(tracing::field::display);
    let user_id = context.user_id.get().map(tracing::field::display);
    let request_id = context.request_id.as_str();
    if let Some(Fault(fault)) = response.data() {
        tracing::error!(
            method,
            path,
            status,
            duration_ms,
            request_id,
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
            partner_id,
            user_id,
            "request"
        );
    }
}

#[cfg(test)]
mod tests {
    use poem::http::Method;

    use super::{bounded, is_request_id, trace_id};

    #[test]
    fn names_of_methods_are_cut() {
        let long = Method::from_bytes("BREW".repeat(5_000).as_bytes()).unwrap();
        assert_eq!(bounded(&long), "BREW".repeat(8));
        assert_eq!(bounded(&Method::DELETE), "DELETE");
    }

    #[test]
    fn ids_that_could_break_a_log_line_are_not_taken_over() {
        assert!(is_request_id("a.B-9_"));
        assert!(!is_request_id(""));
        assert!(!is_request_id("a b"));
        assert!(!is_request_id("ą"));
        assert!(!is_request_id(&"a".repeat(129)));
    }

    #[test]
    fn trace_ids_come_from_whole_traceparents_only() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(trace_id(&format!("00-{id}-00f067aa0ba902b7-01")), Some(id));
        assert_eq!(trace_id(&format!("ff-{id}-00f067aa0ba902b7-01")), None);
        assert_eq!(trace_id("00-xyz-1-01"), None);
    }
}
