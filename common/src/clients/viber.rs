//! Viber messages through an HTTP provider.
//!
//! The provider speaks the shape of Viber's own REST API: `POST {base}/pa/send_message` with the token in
//! `X-Viber-Auth-Token`. An answer may carry a `status` in its body even when HTTP says 200.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{DeliveryError, SettingError, Timeouts};

/// Header of the provider's token.
pub const TOKEN_HEADER: &str = "X-Viber-Auth-Token";
/// Path of the one call that is used.
pub const SEND_PATH: &str = "/pa/send_message";

/// Largest answer that is read.
const ANSWER_BYTES: usize = 64 * 1024;
/// "Rate control breach" among the provider's statuses.
const TOO_MANY_REQUESTS: i64 = 12;

/// A Viber message to one phone, as the provider reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViberMessage {
    /// Phone in E.164.
    pub receiver: String,
    /// What it says.
    pub text: String,
    /// The same text here is the same message, however often it is sent.
    pub tracking_data: String,
}

/// Sends Viber messages.
#[async_trait]
pub trait Viber: Send + Sync {
    /// Hands a message to the provider and waits until that has taken it.
    ///
    /// # Errors
    /// See [`DeliveryError`].
    async fn send(&self, message: &ViberMessage) -> Result<(), DeliveryError>;
}

/// The provider of the settings.
pub struct HttpViber {
    client: reqwest::Client,
    url: reqwest::Url,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    sender: Sender,
    #[serde(flatten)]
    message: &'a ViberMessage,
}

#[derive(Serialize)]
struct Sender {
    name: &'static str,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    status: i64,
}

impl HttpViber {
    /// A client for `VIBER_URL` and `VIBER_TOKEN` (see [`crate::config::Settings`]).
    ///
    /// # Errors
    /// When one of the two is malformed.
    pub fn new(base_url: &str, token: &SecretString, timeouts: Timeouts) -> Result<Self, SettingError> {
        let wrong = |setting, problem: String| SettingError { setting, problem };
        let url = reqwest::Url::parse(&format!("{}{SEND_PATH}", base_url.trim_end_matches('/')))
            .map_err(|e| wrong("VIBER_URL", format!("is not a URL: {e}")))?;
        let mut token = HeaderValue::from_str(token.expose_secret())
            .map_err(|_| wrong("VIBER_TOKEN", "has characters that no header can carry".to_owned()))?;
        token.set_sensitive(true);
        let client = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(
                HeaderName::from_static("x-viber-auth-token"),
                token,
            )]))
            .connect_timeout(timeouts.step)
            .timeout(timeouts.total)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|e| wrong("VIBER_URL", format!("has no client: {e}")))?;
        Ok(Self { client, url })
    }
}

#[async_trait]
impl Viber for HttpViber {
    async fn send(&self, message: &ViberMessage) -> Result<(), DeliveryError> {
        let body = Body {
            r#type: "text",
            sender: Sender { name: "PREXSELL" },
            message,
        };
        let unreachable =
            |e: reqwest::Error| DeliveryError::retry_from("the Viber provider cannot be talked to", e.without_url());
        let mut answer = self
            .client
            .post(self.url.clone())
            .json(&body)
            .send()
            .await
            .map_err(unreachable)?;
        let status = answer.status();
        if !status.is_success() {
            return Err(refused(status, answer.headers()));
        }
        let mut text = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if text.len() + chunk.len() > ANSWER_BYTES {
                break;
            }
            text.extend_from_slice(&chunk);
        }
        match serde_json::from_slice(&text) {
            Ok(Answer {
                status: TOO_MANY_REQUESTS,
            }) => Err(DeliveryError::retry("Viber status 12")),
            Ok(Answer { status }) if status != 0 => Err(DeliveryError::permanent(format!("Viber status {status}"))),
            _ => Ok(()),
        }
    }
}

fn refused(status: StatusCode, headers: &HeaderMap) -> DeliveryError {
    let reason = format!("HTTP {}", status.as_u16());
    if !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS {
        return DeliveryError::permanent(reason);
    }
    let seconds = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    DeliveryError::Retry {
        reason,
        after: seconds.map(Duration::from_secs),
        source: None,
    }
}
