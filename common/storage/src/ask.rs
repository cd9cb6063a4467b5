//! One request to the store: measured, and in a span of its own.

use clients::metrics::{Judged, Provider, timed};
use clients::storage::StorageError;
use tracing::{Instrument, Span};

/// Makes a request. `operation` is its name in spans (`store put`); keys are not in them, as they name companies.
///
/// # Errors
/// Those of the request.
pub(super) async fn ask<T>(
    operation: &'static str,
    request: impl Future<Output = Result<T, StorageError>>,
) -> Result<T, StorageError> {
    let span = match trace::sampling::place_not_exported() {
        Some(_) => Span::none(),
        None => tracing::info_span!(
            target: "otel",
            "store",
            otel.kind = "client",
            otel.name = format!("store {operation}"),
        ),
    };
    let answered = timed(Provider::Store, request).instrument(span.clone()).await;
    if let Err(error) = &answered {
        trace::fail(&span, error.answer().map_or("_OTHER", |answer| answer.name()));
    }
    answered
}
