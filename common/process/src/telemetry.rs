//! Structured logs: one line per event, to standard output.
//!
//! Lines carry ids (request, trace, job), never payloads, personal data or secrets. The fields come from the spans
//! that a program opens around a request or a job.

use config::LogFormat;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// Starts logging for the whole process; later calls change nothing (tests start many processes in one).
///
/// # Errors
/// When `filter` is not in the syntax of [`EnvFilter`].
pub fn init(filter: &str, format: LogFormat) -> Result<(), ParseError> {
    let lines = tracing_subscriber::fmt().with_env_filter(EnvFilter::try_new(filter)?);
    // Only the first start can succeed, and it is the one that counts.
    let _ = match format {
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).try_init(),
        LogFormat::Text => lines.try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        // The message may quote the data that caused it; the place is enough to find it.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
    }));
    Ok(())
}
