//! Tracking providers: which trackers an account has, and where they are.
//!
//! A client is stateless: address, token and session are arguments of every call, so that all workers can share one
//! session per account (it is in the database, encrypted). Each call makes one request.

use std::time::Duration;

use async_trait::async_trait;
use connect::SettingError;
use domain::position::RawFix;
use domain::provider::retry_after::RetryAfter;
use domain::provider::{self, Fault};
use reqwest::StatusCode;
use secrecy::SecretString;

use super::breaker::TurnedAway;
use super::http::send;
use super::metrics::{self, Answer, Judged, timed};
use super::{BoxError, Timeouts, retry_after};

pub mod gtfs_realtime;
mod wialon;

pub use gtfs_realtime::GtfsRealtime;
pub use wialon::{PATH as WIALON_PATH, Wialon};

/// Largest response that is read: some 100,000 trackers.
const ANSWER_BYTES: usize = 32 * 1024 * 1024;
/// Longest id and name that are accepted from a provider.
const TEXT_CHARS: usize = 200;

/// Time-outs with which three requests (an expired session, a login, and a retry) fit into a job.
pub const TIMEOUTS: Timeouts = Timeouts {
    step: Duration::from_secs(4),
    total: Duration::from_secs(8),
};

/// How to access an account.
#[derive(Debug, Clone)]
pub struct Access {
    /// Base URL of the provider, or the URL of the file.
    pub url: String,
    /// Credential, if the provider requires one.
    pub token: Option<SecretString>,
    /// The session, for providers that have sessions.
    pub session: Option<SecretString>,
}

/// A tracker that a provider lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The provider's id, unique in the account.
    pub external_id: String,
    /// Display name.
    pub name: String,
    /// Number plate.
    pub registration_number: Option<String>,
}

/// A tracker's position as reported by a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// Which tracker.
    pub external_id: String,
    /// Its position; `None` when it cannot be read. Trackers without a known position are not in the response.
    pub fix: Option<RawFix>,
}

/// Why a request to a provider failed. No text here contains a token or an address.
#[derive(Debug, thiserror::Error)]
pub enum TrackingError {
    /// The session has ended, or there is none: a login is needed.
    #[error("there is no session at the provider")]
    SessionLost,
    /// The provider refuses the account or the request, and would refuse it again.
    #[error("refused: {0}")]
    Refused(String),
    /// Too many requests in total or at a time.
    #[error("busy: {reason}")]
    Busy {
        /// Its reason.
        reason: String,
        /// The pause that it asked for.
        after: Option<RetryAfter>,
    },
    /// No response, or one of a failing server.
    #[error("no response: {reason}")]
    Away {
        /// The failure.
        reason: String,
        /// The underlying error, where there is one.
        #[source]
        source: Option<BoxError>,
    },
    /// A response that cannot be parsed.
    #[error("the response cannot be parsed: {0}")]
    Malformed(String),
    /// No request was sent.
    #[error(transparent)]
    TurnedAway(#[from] TurnedAway),
}

impl Judged for TrackingError {
    fn answer(&self) -> Option<Answer> {
        match self {
            Self::SessionLost | Self::Refused(_) => Some(Answer::Refused),
            Self::Busy { .. } => Some(Answer::Busy),
            Self::Away { .. } => Some(Answer::Away),
            Self::Malformed(_) => Some(Answer::Malformed),
            Self::TurnedAway(_) => None,
        }
    }
}

impl TrackingError {
    /// Whose fault it is. A refusal is about the account, which is configured by the operator.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Refused(_) => Fault::Setup,
            Self::SessionLost | Self::TurnedAway(_) => Fault::Request,
            Self::Busy { .. } | Self::Away { .. } | Self::Malformed(_) => Fault::Provider,
        }
    }

    /// Whether the host that was asked, which other accounts have too, does not answer. A malformed response concerns
    /// the account only: it comes quickly, so it delays no other, and the account is polled less and less often.
    #[must_use]
    pub const fn is_silence(&self) -> bool {
        matches!(self, Self::Away { source: Some(_), .. })
    }

    fn away(reason: impl Into<String>) -> Self {
        Self::Away {
            reason: reason.into(),
            source: None,
        }
    }
}

/// A kind of tracking provider.
#[async_trait]
pub trait TrackingProvider: Send + Sync {
    /// A new session; `None` with providers that have none.
    ///
    /// # Errors
    /// See [`TrackingError`].
    async fn log_in(&self, access: &Access) -> Result<Option<SecretString>, TrackingError>;

    /// Every tracker of the account.
    ///
    /// # Errors
    /// See [`TrackingError`].
    async fn list(&self, access: &Access) -> Result<Vec<Listed>, TrackingError>;

    /// The positions of these trackers only.
    ///
    /// # Errors
    /// See [`TrackingError`].
    async fn positions(&self, access: &Access, external_ids: &[String]) -> Result<Vec<Sighting>, TrackingError>;
}

/// The HTTP client of both providers. Connections are kept and shared by all accounts of an address.
///
/// # Errors
/// When TLS cannot be set up.
pub fn http(timeouts: Timeouts) -> Result<reqwest::Client, SettingError> {
    reqwest::Client::builder()
        .connect_timeout(timeouts.step)
        .timeout(timeouts.total)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|e| SettingError {
            setting: "tracking providers",
            problem: format!("have no client: {e}"),
        })
}

/// Sends a request and reads the whole response, which must be a success of bounded size. Spans show its path as
/// `template`.
async fn answer(request: reqwest::RequestBuilder, template: Option<&'static str>) -> Result<Vec<u8>, TrackingError> {
    timed(metrics::Provider::Tracking, whole(request, template)).await
}

async fn whole(request: reqwest::RequestBuilder, template: Option<&'static str>) -> Result<Vec<u8>, TrackingError> {
    let away = |error: reqwest::Error| TrackingError::Away {
        reason: if error.is_timeout() {
            "it took too long".to_owned()
        } else {
            "the connection failed".to_owned()
        },
        source: Some(error.without_url().into()),
    };
    let mut response = send(request, template).await.map_err(away)?;
    let status = response.status();
    if !status.is_success() {
        return Err(refused(status, retry_after(response.headers())));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(away)? {
        if bytes.len() + chunk.len() > ANSWER_BYTES {
            return Err(TrackingError::Malformed(format!(
                "it has more than {ANSWER_BYTES} bytes"
            )));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn refused(status: StatusCode, after: Option<RetryAfter>) -> TrackingError {
    let reason = format!("HTTP {}", status.as_u16());
    match provider::http(status.as_u16()) {
        Some(Fault::Request | Fault::Setup) => TrackingError::Refused(reason),
        _ if after.is_some() || status == StatusCode::TOO_MANY_REQUESTS => TrackingError::Busy { reason, after },
        _ => TrackingError::away(reason),
    }
}

/// A text of a provider in a form that can be stored: bounded, without control characters, not blank.
fn text(text: &str) -> Option<String> {
    let clean: String = text.chars().filter(|c| !c.is_control()).take(TEXT_CHARS).collect();
    Some(clean.trim().to_owned()).filter(|text| !text.is_empty())
}
