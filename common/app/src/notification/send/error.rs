//! Why a message was not sent, and the consequences.

use std::time::Duration;

use chrono::{DateTime, Utc};
use clients::breaker::TurnedAway;
use clients::{BoxError, DeliveryError};
use domain::notification::RenderError;
use domain::provider::Fault;
use domain::zone::UnknownZone;

use crate::error::AppError;

/// Why a message was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There is no such message (messages are deleted with their tickets).
    #[error("the message was not found")]
    NotFound,
    /// Another attempt may succeed.
    #[error("the message was not sent")]
    Retry {
        /// Whether operators must repair something first.
        needs_people: bool,
        /// The pause that the provider asked for.
        after: Option<Duration>,
        /// The failure.
        #[source]
        source: BoxError,
    },
    /// No request was sent, and nothing is recorded.
    #[error("the message is postponed")]
    TurnedAway(#[from] TurnedAway),
    /// No attempt can succeed before something is repaired; the job must be marked dead.
    #[error("the message cannot be sent")]
    Permanent {
        /// The problem.
        #[source]
        source: BoxError,
    },
}

impl From<AppError> for SendError {
    fn from(error: AppError) -> Self {
        Self::Retry {
            needs_people: false,
            after: None,
            source: error.into(),
        }
    }
}

impl From<sqlx::Error> for SendError {
    fn from(error: sqlx::Error) -> Self {
        AppError::from(error).into()
    }
}

impl SendError {
    /// Whose fault it is.
    pub(super) const fn fault(&self) -> Fault {
        match self {
            Self::Retry { needs_people: true, .. } => Fault::Setup,
            Self::Retry { .. } | Self::TurnedAway(_) => Fault::Provider,
            Self::NotFound | Self::Permanent { .. } => Fault::Request,
        }
    }

    /// The consequence of a provider's response that arrived at `now`.
    pub(crate) fn heard(error: DeliveryError, now: DateTime<Utc>) -> Self {
        match error {
            DeliveryError::Retry { fault, after, .. } => Self::Retry {
                needs_people: fault == Fault::Setup,
                after: after.map(|after| after.wait(now)),
                source: error.into(),
            },
            DeliveryError::Permanent { .. } => Self::Permanent { source: error.into() },
            DeliveryError::TurnedAway(turned_away) => Self::TurnedAway(turned_away),
        }
    }
}

impl From<RenderError> for SendError {
    fn from(error: RenderError) -> Self {
        Self::Permanent { source: error.into() }
    }
}

impl From<UnknownZone> for SendError {
    fn from(error: UnknownZone) -> Self {
        Self::Permanent { source: error.into() }
    }
}
