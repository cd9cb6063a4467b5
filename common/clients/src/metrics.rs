//! Metrics of external services: how long requests take, and their outcomes.

use std::sync::LazyLock;
use std::time::Instant;

use ::metrics::prometheus_client::encoding::EncodeLabelSet;
use ::metrics::prometheus_client::metrics::family::Family;
use ::metrics::prometheus_client::metrics::histogram::Histogram;
use ::metrics::prometheus_client::registry::Registry;
use ::metrics::{labels, seconds};
use domain::provider::Fault;

use super::DeliveryError;
use super::storage::StorageError;

labels! {
    /// The external service that is called.
    pub enum Provider {
        /// The mail server.
        Smtp = "smtp",
        /// The Viber provider.
        Viber = "viber",
        /// Tracking providers.
        Tracking = "tracking",
        /// The keys of Google's id tokens.
        Google = "google",
        /// The store of report files.
        Store = "store",
    }
}

labels! {
    /// Outcome of a request.
    pub enum Answer {
        /// Success.
        Ok = "ok",
        /// Refused: the request, our account or our setup is wrong.
        Refused = "refused",
        /// The provider is busy.
        Busy = "busy",
        /// No response, or a failure of the provider.
        Away = "away",
        /// A response that cannot be parsed.
        Malformed = "malformed",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfAnswer {
    provider: Provider,
    outcome: Answer,
}

static SECONDS: LazyLock<Family<OfAnswer, Histogram>> = LazyLock::new(|| Family::new_with_constructor(seconds));

/// Registers the metrics.
pub fn register(registry: &mut Registry) {
    registry.register(
        "prexsell_provider_request_seconds",
        "Requests to external services, by outcome",
        SECONDS.clone(),
    );
}

/// A failure of a provider.
pub trait Judged {
    /// The outcome; `None` when no request was sent.
    fn answer(&self) -> Option<Answer>;
}

/// Measures a request.
///
/// # Errors
/// Those of the request.
pub async fn timed<T, E: Judged>(provider: Provider, request: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let asked = Instant::now();
    let answered = request.await;
    let outcome = match &answered {
        Ok(_) => Some(Answer::Ok),
        Err(error) => error.answer(),
    };
    if let Some(outcome) = outcome {
        let took = asked.elapsed().as_secs_f64();
        SECONDS.get_or_create(&OfAnswer { provider, outcome }).observe(took);
    }
    answered
}

/// The outcome of a failure whose fault is known.
const fn of_fault(fault: Fault) -> Answer {
    match fault {
        Fault::Request | Fault::Setup => Answer::Refused,
        Fault::Provider => Answer::Away,
    }
}

impl Judged for DeliveryError {
    fn answer(&self) -> Option<Answer> {
        match self {
            Self::Retry { after: Some(_), .. } => Some(Answer::Busy),
            Self::Retry { fault, .. } => Some(of_fault(*fault)),
            Self::Permanent { .. } => Some(Answer::Refused),
            Self::TurnedAway(_) => None,
        }
    }
}

impl Judged for StorageError {
    fn answer(&self) -> Option<Answer> {
        Some(of_fault(self.fault))
    }
}
