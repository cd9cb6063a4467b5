//! Structured logs, one line per event, to standard output; and spans, to a collector if there is one.
//!
//! Lines carry ids (request, trace, job), never payloads, personal data or secrets. The fields come from the spans
//! that a program opens around a request or a job. Which spans are exported is in the crate `trace`.

use config::{LogFormat, Settings};
use tokio::runtime::Handle;
use tracing_subscriber::filter::{FilterFn, LevelFilter, ParseError};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::ProcessError;
use crate::exporter::Exporter;

/// Starts logging for the whole process; later calls change nothing (tests start many processes in one).
///
/// # Errors
/// When `filter` is not in the syntax of [`EnvFilter`].
pub fn init(filter: &str, format: LogFormat) -> Result<(), ParseError> {
    // Only the first call can succeed, and it is the one that counts.
    let _ = tracing_subscriber::registry().with(lines(filter, format)?).try_init();
    log_panics();
    Ok(())
}

/// Starts logging, and exporting spans if the settings name a collector. The exporter sends on this runtime.
///
/// # Errors
/// When the filter is malformed, or when the collector's URL or TLS cannot be used.
pub(crate) fn start(settings: &Settings, runtime: &Handle) -> Result<Option<Exporter>, ProcessError> {
    if settings.otel_exporter_otlp_endpoint.is_empty() {
        init(&settings.log, settings.log_format)?;
        return Ok(None);
    }
    let exporter = Exporter::new(settings, runtime.clone())?;
    let spans = tracing_opentelemetry::layer()
        .with_tracer(exporter.tracer())
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false)
        .with_context_activation(false)
        // The level lets statements of libraries below it be skipped without evaluating the filter.
        .with_filter(
            FilterFn::new(|metadata| metadata.is_span() && metadata.target() == trace::TARGET)
                .with_max_level_hint(LevelFilter::INFO),
        );
    trace::sampling::export(settings.otel_traces_sampler_arg);
    let lines = lines(&settings.log, settings.log_format)?;
    let _ = tracing_subscriber::registry().with(spans).with(lines).try_init();
    log_panics();
    Ok(Some(exporter))
}

/// The layer that writes log lines.
fn lines<S>(filter: &str, format: LogFormat) -> Result<impl Layer<S>, ParseError>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let filter = EnvFilter::try_new(format!("{filter},{}", trace::NOT_IN_LOGS))?;
    let lines = tracing_subscriber::fmt::layer();
    Ok(match format {
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
        LogFormat::Text => lines.boxed(),
    }
    .with_filter(filter))
}

fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        // The message may quote the data that caused it; the location is enough to find it.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
}
