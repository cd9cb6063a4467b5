//! Requests to providers over HTTP, each in a span whose trace the provider can continue (`traceparent`).

use reqwest::{Request, RequestBuilder, Response};
use tracing::field::Empty;
use tracing::{Instrument, Span};

/// Sends a request and waits for the head of the response. `template` is the path as spans show it; without one they
/// show the method alone: paths and queries may hold credentials.
///
/// # Errors
/// As reqwest's own `send`.
pub async fn send(request: RequestBuilder, template: Option<&'static str>) -> reqwest::Result<Response> {
    let (client, request) = request.build_split();
    let mut request = request?;
    let not_exported = trace::sampling::place_not_exported();
    let span = match not_exported {
        Some(_) => Span::none(),
        None => span(&request, template),
    };
    if let Some(here) = trace::of(&span).or(not_exported)
        && let Ok(value) = here.to_string().try_into()
    {
        request.headers_mut().insert("traceparent", value);
    }
    let answer = client.execute(request).instrument(span.clone()).await;
    note(&span, &answer);
    answer
}

fn span(request: &Request, template: Option<&'static str>) -> Span {
    let method = request.method().as_str();
    tracing::info_span!(
        target: "otel",
        "HTTP",
        otel.kind = "client",
        otel.name = template.map_or_else(|| method.to_owned(), |path| format!("{method} {path}")),
        "http.request.method" = method,
        "server.address" = request.url().host_str(),
        "server.port" = request.url().port_or_known_default(),
        "url.template" = template,
        "http.response.status_code" = Empty,
    )
}

fn note(span: &Span, answer: &reqwest::Result<Response>) {
    match answer {
        Ok(answer) => {
            let status = answer.status();
            span.record("http.response.status_code", status.as_u16());
            if status.is_client_error() || status.is_server_error() {
                trace::fail(span, status.as_str());
            }
        }
        Err(error) if error.is_timeout() => trace::fail(span, "timeout"),
        Err(error) if error.is_connect() => trace::fail(span, "connect"),
        Err(_) => trace::fail(span, "_OTHER"),
    }
}
