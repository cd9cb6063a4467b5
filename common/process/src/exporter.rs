//! Spans to a collector, in batches, by OTLP over HTTP (protobuf).
//!
//! Nothing waits for it: a span that finds the queue full is dropped, and so is a batch that cannot be sent. The queue
//! holds 2,048 spans (`OTEL_BSP_MAX_QUEUE_SIZE`), a batch 512. Further variables of the OpenTelemetry specification
//! (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_BSP_*`) are read by its SDK itself.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use config::Settings;
use connect::SettingError;
use opentelemetry::trace::{Link, SpanKind, TraceId, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::resource::EnvResourceDetector;
use opentelemetry_sdk::trace::{
    Sampler, SamplingResult, SdkTracer, SdkTracerProvider, ShouldSample, SpanData, SpanExporter,
};
use tokio::runtime::Handle;

/// The setting of the collector.
const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// Time for a connection to the collector.
const CONNECT: Duration = Duration::from_secs(3);

/// Time for a batch to be sent, attempts included.
const SEND: Duration = Duration::from_secs(10);

/// Time for the last spans of a process that ends.
const FLUSH: Duration = Duration::from_secs(2);

/// Time between two log lines about a collector that does not accept spans.
const SILENCE: Duration = Duration::from_secs(300);

/// Where the spans of a process go.
#[derive(Debug)]
pub struct Exporter(SdkTracerProvider);

impl Exporter {
    /// An exporter to the collector of the settings. It connects when there is something to send.
    ///
    /// # Errors
    /// When the collector's URL or TLS cannot be used.
    pub fn new(settings: &Settings, runtime: Handle) -> Result<Self, SettingError> {
        let wrong = |problem: String| SettingError {
            setting: ENDPOINT,
            problem,
        };
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(SEND)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| wrong(format!("cannot be used by an HTTP client: {error}")))?;
        let base = settings.otel_exporter_otlp_endpoint.trim_end_matches('/');
        let otlp = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(http)
            .with_endpoint(format!("{base}/v1/traces"))
            .with_timeout(SEND)
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Guarded {
                otlp: Arc::new(otlp),
                runtime,
                trouble: Mutex::default(),
            })
            .with_sampler(Sampler::ParentBased(Box::new(Roots(settings.otel_traces_sampler_arg))))
            .with_resource(resource(settings))
            .build();
        Ok(Self(provider))
    }

    /// The tracer of the process.
    pub fn tracer(&self) -> SdkTracer {
        self.0.tracer("prexsell")
    }

    /// Sends the remaining spans, within a short time-out. The runtime must still run, and this must not be called on
    /// it.
    pub fn end(self) {
        // What cannot be sent was logged when it failed.
        let _ = self.0.shutdown_with_timeout(FLUSH);
    }
}

/// The attributes that all spans of a process have.
fn resource(settings: &Settings) -> Resource {
    let program = std::env::args_os().next().unwrap_or_default();
    let program = Path::new(&program).file_name().unwrap_or_default().to_string_lossy();
    let name = match settings.otel_service_name.as_str() {
        "" => program.into_owned(),
        name => name.to_owned(),
    };
    Resource::builder_empty()
        .with_detector(Box::new(EnvResourceDetector::new()))
        .with_attributes([
            KeyValue::new("service.name", name),
            KeyValue::new("service.namespace", "prexsell"),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", uuid::Uuid::new_v4().to_string()),
            KeyValue::new("deployment.environment.name", settings.environment.clone()),
            KeyValue::new("process.pid", i64::from(std::process::id())),
            KeyValue::new("host.name", crate::host::name()),
            KeyValue::new("telemetry.sdk.language", "rust"),
            KeyValue::new("telemetry.sdk.name", "opentelemetry"),
        ])
        .build()
}

/// Samples the traces that begin here: those that were decided on before ([`trace::sampling`]), and a share of the
/// others.
#[derive(Debug, Clone)]
struct Roots(f64);

impl ShouldSample for Roots {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let sampler = if trace::sampling::is_decided() {
            Sampler::AlwaysOn
        } else {
            Sampler::TraceIdRatioBased(self.0)
        };
        sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

/// The OTLP exporter, run on a runtime, which its HTTP client needs; logs when the collector does not accept spans.
#[derive(Debug)]
struct Guarded {
    otlp: Arc<opentelemetry_otlp::SpanExporter>,
    runtime: Handle,
    trouble: Mutex<Trouble>,
}

#[derive(Debug, Default)]
struct Trouble {
    told_at: Option<Instant>,
    lost_spans: usize,
}

impl SpanExporter for Guarded {
    /// Called on the thread that sends the batches, which has no runtime.
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let otlp = Arc::clone(&self.otlp);
        let sending = self
            .runtime
            .spawn(async move { tokio::time::timeout(SEND, otlp.export(batch)).await });
        let sent = match sending.await {
            Ok(Ok(sent)) => sent,
            Ok(Err(_)) => Err(OTelSdkError::Timeout(SEND)),
            Err(ended) => Err(OTelSdkError::InternalFailure(ended.to_string())),
        };
        self.note(&sent, spans);
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.otlp.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        // Nothing is being sent yet, so this is the only reference.
        if let Some(otlp) = Arc::get_mut(&mut self.otlp) {
            otlp.set_resource(resource);
        }
    }
}

impl Guarded {
    /// Logs trouble when it begins, periodically while it lasts, and when it is over.
    fn note(&self, sent: &OTelSdkResult, spans: usize) {
        let mut trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match sent {
            Ok(()) => {
                if trouble.told_at.take().is_some() {
                    let lost_spans = std::mem::take(&mut trouble.lost_spans);
                    tracing::info!(lost_spans, "exporting spans again");
                }
            }
            Err(error) => {
                trouble.lost_spans += spans;
                if trouble.told_at.is_none_or(|told_at| told_at.elapsed() >= SILENCE) {
                    trouble.told_at = Some(Instant::now());
                    let lost_spans = trouble.lost_spans;
                    tracing::warn!(%error, lost_spans, "could not export spans; the collector is not accepting them");
                }
            }
        }
    }
}
