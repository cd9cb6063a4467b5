//! A collector of spans behind a real socket, as a program sees it: OTLP over HTTP, in protobuf.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Body, Route, Server};
use prost::Message;
use tokio::task::JoinHandle;

/// A span, as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// `service.name`.
    pub service: String,
    /// Process id.
    pub pid: String,
    /// Its trace, in hex.
    pub trace_id: String,
    /// Its id, in hex.
    pub id: String,
    /// The id of the span around it; empty for the first of a trace.
    pub parent: String,
    /// Its name.
    pub name: String,
    /// `Server`, `Client`, `Producer`, `Consumer` or `Internal`.
    pub kind: String,
    /// Whether it failed.
    pub failed: bool,
    /// Attributes by name.
    pub attributes: BTreeMap<String, String>,
    /// When it began and how long it took, in nanoseconds since 1970 and nanoseconds.
    pub time: (u64, u64),
}

/// A running collector; it ends when it is dropped.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Span>>>,
    server: JoinHandle<()>,
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl Collector {
    /// A collector on a free port.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").into_acceptor().await;
        let acceptor = listener.expect("a port is free");
        let address = acceptor.local_addr().remove(0);
        let address = *address.as_socket_addr().expect("a TCP address");
        let received = Arc::<Mutex<Vec<Span>>>::default();
        let shared = Arc::clone(&received);
        let traces = poem::endpoint::make(move |mut request| {
            let received = Arc::clone(&shared);
            async move { take(&received, request.take_body()).await }
        });
        let routes = Route::new().at("/v1/traces", poem::post(traces));
        let server = tokio::spawn(async move {
            let _ = Server::new_with_acceptor(acceptor).run(routes).await;
        });
        Self {
            address,
            received,
            server,
        }
    }

    /// The value of `OTEL_EXPORTER_OTLP_ENDPOINT` for a program.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every span so far.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        lock(&self.received).clone()
    }

    /// The spans of the trace that has a span of this name, in the order of their beginnings; empty if there is none.
    #[must_use]
    pub fn trace_with(&self, name: &str) -> Vec<Span> {
        let spans = self.spans();
        let trace_id = spans.iter().find(|span| span.name == name).map(|span| &span.trace_id);
        let mut found: Vec<_> = spans
            .iter()
            .filter(|span| Some(&span.trace_id) == trace_id)
            .cloned()
            .collect();
        found.sort_by_key(|span| span.time);
        found
    }
}

/// Spans as a tree, for people.
#[must_use]
pub fn tree(spans: &[Span]) -> String {
    let mut text = String::new();
    let is_first = |span: &&Span| !spans.iter().any(|other| other.id == span.parent);
    for span in spans.iter().filter(is_first) {
        branch(&mut text, spans, span, 0);
    }
    text
}

fn branch(text: &mut String, spans: &[Span], span: &Span, depth: usize) {
    let ms = span.time.1 / 1_000_000;
    let failed = if span.failed { " FAILED" } else { "" };
    let _ = writeln!(
        text,
        "{:indent$}{} [{} {}] {ms} ms{failed} {:?}",
        "",
        span.name,
        span.service,
        span.kind,
        span.attributes,
        indent = depth * 2
    );
    for child in spans.iter().filter(|other| other.parent == span.id) {
        branch(text, spans, child, depth + 1);
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
fn lock(received: &Mutex<Vec<Span>>) -> MutexGuard<'_, Vec<Span>> {
    received.lock().expect("no test panics while it holds the spans")
}

async fn take(received: &Mutex<Vec<Span>>, body: Body) -> poem::Result<Vec<u8>> {
    let bytes = body.into_bytes().await?;
    let request = ExportTraceServiceRequest::decode(bytes).map_err(poem::error::BadRequest)?;
    lock(received).extend(spans(request));
    Ok(ExportTraceServiceResponse::default().encode_to_vec())
}

fn spans(request: ExportTraceServiceRequest) -> Vec<Span> {
    let mut all = Vec::new();
    for of_process in request.resource_spans {
        let mut resource = attributes(of_process.resource.unwrap_or_default().attributes);
        let (service, pid) = (resource.remove("service.name"), resource.remove("process.pid"));
        for span in of_process.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            all.push(Span {
                service: service.clone().unwrap_or_default(),
                pid: pid.clone().unwrap_or_default(),
                trace_id: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                kind: format!("{:?}", span.kind()),
                failed: span.status.is_some_and(|status| status.code() == StatusCode::Error),
                name: span.name,
                attributes: attributes(span.attributes),
                time: (
                    span.start_time_unix_nano,
                    span.end_time_unix_nano - span.start_time_unix_nano,
                ),
            });
        }
    }
    all
}

fn attributes(pairs: Vec<KeyValue>) -> BTreeMap<String, String> {
    pairs
        .into_iter()
        .map(|pair| {
            let value = match pair.value.and_then(|value| value.value) {
                Some(Value::StringValue(text)) => text,
                Some(Value::IntValue(number)) => number.to_string(),
                Some(Value::BoolValue(truth)) => truth.to_string(),
                other => format!("{other:?}"),
            };
            (pair.key, value)
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
