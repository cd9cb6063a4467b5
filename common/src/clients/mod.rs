//! The outside world, behind a trait where there are two real implementations. Every client has time-outs.

use std::error::Error;
use std::time::Duration;

pub mod attempts;
pub mod fms;
pub mod google_keys;
pub mod mailer;
pub mod storage;
pub mod viber;

/// A cause of any type.
pub type BoxError = Box<dyn Error + Send + Sync>;

/// How long a client waits for the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For one step: a connection, an answer to an SMTP command.
    pub step: Duration,
    /// For a whole delivery.
    pub total: Duration,
}

impl Default for Timeouts {
    /// Well inside what a job may take (see `jobs::Job::terms`).
    fn default() -> Self {
        Self {
            step: Duration::from_secs(8),
            total: Duration::from_secs(24),
        }
    }
}

/// Why a message was not delivered. Neither the text nor the cause names the receiver: answers of servers, which
/// often do, are reduced to their codes.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The other side cannot be reached, is busy or broken: another attempt may succeed. It may have got the message
    /// all the same; the stable message id tells it so.
    #[error("not delivered for now: {reason}")]
    Retry {
        /// What went wrong.
        reason: String,
        /// How long the other side asked to be left alone.
        after: Option<Duration>,
        /// The underlying error, where there is one.
        #[source]
        source: Option<BoxError>,
    },
    /// The other side refused the message; it would refuse it again.
    #[error("refused: {reason}")]
    Permanent {
        /// What it said, as a code.
        reason: String,
    },
}

impl DeliveryError {
    fn retry(reason: impl Into<String>) -> Self {
        Self::Retry {
            reason: reason.into(),
            after: None,
            source: None,
        }
    }

    fn retry_from(reason: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self::Retry {
            reason: reason.into(),
            after: None,
            source: Some(source.into()),
        }
    }

    fn permanent(reason: impl Into<String>) -> Self {
        Self::Permanent { reason: reason.into() }
    }
}

/// A client that cannot be built from its settings.
#[derive(Debug, thiserror::Error)]
#[error("{setting} {problem}")]
pub struct SettingError {
    /// Name of the environment variable.
    pub setting: &'static str,
    /// What is wrong with it; never its value.
    pub problem: String,
}
pub mod gtfs_source;
pub mod redis;
