//! The outermost layer: gives a request its id, the response its standard headers, and the log one line.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::rate_limit::Class;
use poem::http::{HeaderValue, Method};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};
use trace::sampling;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::measure::{self, InFlight, MethodName};
use super::security;
use crate::context::{REQUEST_ID, RequestContext};
use crate::error::{ApiError, Fault};
use crate::route::Table;

/// Maximum number of characters of a method's name in the log.
const LONGEST_METHOD: usize = 32;

/// Maximum number of characters of a path in the log.
const LONGEST_PATH: usize = 256;

/// The layer.
#[derive(Debug, Clone, Copy)]
pub struct Trace {
    /// Whether people reach us by HTTPS.
    pub https: bool,
    /// The table of routes.
    pub routes: Table,
}

impl<E: Endpoint> Middleware<E> for Trace {
    type Output = TraceEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        TraceEndpoint {
            inner,
            https: self.https,
            routes: self.routes,
        }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct TraceEndpoint<E> {
    inner: E,
    https: bool,
    routes: Table,
}

impl<E: Endpoint> Endpoint for TraceEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        let _in_flight = InFlight::begin();
        let context = Arc::new(RequestContext::of(&request, self.routes));
        // Both are shared, not copied.
        let (method, uri) = (request.method().clone(), request.uri().clone());
        request.set_data(context.route);
        request.set_data(Arc::clone(&context));
        // Use cases put in the ids of what they change (`app::ticket`, `app::booking`, `app::report`).
        let logged = tracing::info_span!(
            "request",
            request_id = context.request_id,
            trace_id = context.traceparent.map(|here| here.trace_id()),
            booking = Empty,
            orders = Empty,
            report = Empty,
            timetable_upload = Empty,
        );
        // A search makes no spans, and most cost so little that even a place in a trace would be noticeable.
        let place = context
            .place
            .filter(|_| context.route.policy.rate != Some(Class::Search));
        let served = sampling::in_place(place, self.inner.call(request));
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
        let took = started.elapsed();
        measure::note(
            self.routes,
            context.route,
            MethodName::from(&method),
            response.status(),
            took,
        );
        logged.in_scope(|| log(&context, &method, uri.path(), &response, took));
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

fn log(context: &RequestContext, method: &Method, path: &str, response: &Response, took: Duration) {
    let (method, path) = (bounded(method), shortened(path));
    let status = response.status().as_u16();
    let duration_ms = took.as_micros() as f64 / 1000.0;
    let partner_id = context.partner_id.get().map(tracing::field::display);
    let user_id = context.user_id.get().map(tracing::field::display);
    let request_id = context.request_id.as_str();
    // Formatted only for a line that is written.
    let trace_id = || context.traceparent.map(|here| here.trace_id());
    if let Some(Fault(fault)) = response.data() {
        tracing::error!(
            method,
            path,
            status,
            duration_ms,
            request_id,
            trace_id = trace_id(),
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
            trace_id = trace_id(),
            partner_id,
            user_id,
            "request"
        );
    }
}

#[cfg(test)]
mod tests {
    use poem::http::Method;

    use super::{bounded, shortened};

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
}
