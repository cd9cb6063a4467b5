//! Clients of external systems, behind a trait where there are two real implementations. Every client has time-outs.

use std::error::Error;
use std::time::Duration;

use domain::provider::Fault;
use domain::provider::retry_after::RetryAfter;

use self::breaker::TurnedAway;

pub mod attempts;
pub mod breaker;
pub mod google_codes;
pub mod google_keys;
pub mod gtfs_source;
mod http;
pub mod mailer;
pub mod metrics;
pub mod rate_limit;
pub mod storage;
pub mod tracking;
pub mod viber;

/// A cause of any type.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Slots of a worker by default, which the bulkheads of [`breaker`] divide.
pub const SLOTS: usize = 16;

/// How long a client waits for the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For one step: a connection, a reply to an SMTP command.
    pub step: Duration,
    /// For a whole delivery.
    pub total: Duration,
}

impl Default for Timeouts {
    /// Well below the time-out of a job (see `ledger::job::Job`).
    fn default() -> Self {
        Self {
            step: Duration::from_secs(8),
            total: Duration::from_secs(24),
        }
    }
}

/// Why a message was not delivered. Neither the text nor the cause names the receiver: replies of servers, which often
/// do, are reduced to their codes, or masked.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The message is not at fault: another attempt may succeed. The server may have received the message nevertheless;
    /// the stable message id lets it recognise the repetition.
    #[error("temporarily not delivered: {reason}")]
    Retry {
        /// Whose fault it is: the provider's, or our setup's.
        fault: Fault,
        /// The failure.
        reason: String,
        /// The pause that the server asked for.
        after: Option<RetryAfter>,
        /// The underlying error, where there is one.
        #[source]
        source: Option<BoxError>,
    },
    /// The server refused the message, and would refuse it again.
    #[error("refused: {reason}")]
    Permanent {
        /// The code of its reply, perhaps with its words.
        reason: String,
    },
    /// No request was sent.
    #[error("not sent yet")]
    TurnedAway(#[from] TurnedAway),
}

impl DeliveryError {
    /// The error for a failure whose fault is known.
    #[must_use]
    pub fn of(fault: Fault, reason: impl Into<String>, after: Option<RetryAfter>) -> Self {
        let reason = reason.into();
        match fault {
            Fault::Request => Self::Permanent { reason },
            Fault::Provider | Fault::Setup => Self::Retry {
                fault,
                reason,
                after,
                source: None,
            },
        }
    }

    /// The provider cannot be reached.
    pub fn away(reason: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self::Retry {
            fault: Fault::Provider,
            reason: reason.into(),
            after: None,
            source: Some(source.into()),
        }
    }

    /// No attempt can succeed.
    pub fn permanent(reason: impl Into<String>) -> Self {
        Self::Permanent { reason: reason.into() }
    }

    /// Whose fault it is, if a provider was asked.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Retry { fault, .. } => *fault,
            Self::Permanent { .. } | Self::TurnedAway(_) => Fault::Request,
        }
    }
}

/// `Retry-After` of a response.
fn retry_after(headers: &reqwest::header::HeaderMap) -> Option<RetryAfter> {
    let text = |name| headers.get(name)?.to_str().ok();
    RetryAfter::parse(text(reqwest::header::RETRY_AFTER)?, text(reqwest::header::DATE))
}
