//! Viber messages through an HTTP provider.
//!
//! The provider speaks the shape of Viber's own REST API: `POST {base}/pa/send_message` with the token in
//! `X-Viber-Auth-Token`. Only an object with `status` 0 in an answer of 2xx is a success; what other answers mean is in
//! [`domain::provider`].

use async_trait::async_trait;
use connect::SettingError;
use domain::mask;
use domain::provider::retry_after::RetryAfter;
use domain::provider::{Fault, http, viber as code};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::breaker::Breakers;
use super::http::send;
use super::metrics::{Provider, timed};
use super::{DeliveryError, SLOTS, Timeouts, retry_after};

/// Header of the provider's token.
pub const TOKEN_HEADER: &str = "X-Viber-Auth-Token";
/// Path of the one call that is used.
pub const SEND_PATH: &str = "/pa/send_message";

/// Largest response that is read.
const ANSWER_BYTES: usize = 64 * 1024;

/// A Viber message to one phone, in the provider's format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViberMessage {
    /// Phone in E.164.
    pub receiver: String,
    /// Text of the message.
    pub text: String,
    /// Identifies the message: the same value means the same message, even if it is sent again.
    pub tracking_data: String,
}

/// Sends Viber messages.
#[async_trait]
pub trait Viber: Send + Sync {
    /// Sends a message and waits until the provider has accepted it; returns its reply, in one line with addresses
    /// masked ([`mask::reply`]).
    ///
    /// # Errors
    /// See [`DeliveryError`].
    async fn send(&self, message: &ViberMessage) -> Result<String, DeliveryError>;
}

/// The provider that the settings name.
pub struct HttpViber {
    client: reqwest::Client,
    url: reqwest::Url,
    breakers: Breakers,
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

/// A response of the provider; `status` is required.
#[derive(Deserialize)]
struct Answer {
    status: i64,
}

impl HttpViber {
    /// A client for `VIBER_URL` and `VIBER_TOKEN` (see `config::Settings`).
    ///
    /// # Errors
    /// When one of the two is malformed.
    pub fn new(base_url: &str, token: &SecretString, timeouts: Timeouts) -> Result<Self, SettingError> {
        let wrong = |setting, problem: String| SettingError { setting, problem };
        let url = reqwest::Url::parse(&format!("{}{SEND_PATH}", base_url.trim_end_matches('/')))
            .map_err(|e| wrong("VIBER_URL", format!("is not a URL: {e}")))?;
        let mut token = HeaderValue::from_str(token.expose_secret()).map_err(|_| {
            wrong(
                "VIBER_TOKEN",
                "has characters that are not allowed in a header".to_owned(),
            )
        })?;
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
            .map_err(|e| wrong("VIBER_URL", format!("cannot be used by an HTTP client: {e}")))?;
        let breakers = Breakers::new("Viber provider", SLOTS).alone();
        Ok(Self { client, url, breakers })
    }

    /// The same in a worker with this number of slots.
    #[must_use]
    pub fn with_slots(self, slots: usize) -> Self {
        Self {
            breakers: Breakers::new("Viber provider", slots).alone(),
            ..self
        }
    }
}

#[async_trait]
impl Viber for HttpViber {
    async fn send(&self, message: &ViberMessage) -> Result<String, DeliveryError> {
        let place = self.breakers.enter(self.url.host_str().unwrap_or_default()).await?;
        let sent = timed(Provider::Viber, self.ask(message)).await;
        let asked = match &sent {
            Err(DeliveryError::Retry { after, .. }) => after.and_then(RetryAfter::delay),
            _ => None,
        };
        place.ended(sent.as_ref().err().map(DeliveryError::fault), asked);
        sent
    }
}

impl HttpViber {
    async fn ask(&self, message: &ViberMessage) -> Result<String, DeliveryError> {
        let body = Body {
            r#type: "text",
            sender: Sender { name: "PREXSELL" },
            message,
        };
        let unreachable =
            |e: reqwest::Error| DeliveryError::away("the Viber provider could not be reached", e.without_url());
        let request = self.client.post(self.url.clone()).json(&body);
        let mut answer = send(request, Some(SEND_PATH)).await.map_err(unreachable)?;
        let (status, after) = (answer.status(), retry_after(answer.headers()));
        let mut text = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if text.len() + chunk.len() > ANSWER_BYTES {
                break;
            }
            text.extend_from_slice(&chunk);
        }
        match judged(status, &text, message) {
            None => Ok(accepted(&text, message)),
            Some((fault, reason)) => Err(DeliveryError::of(fault, reason, after)),
        }
    }
}

/// Whose fault a failed response is, and a description of it; `None` for a success.
fn judged(status: StatusCode, body: &[u8], message: &ViberMessage) -> Option<(Fault, String)> {
    let said = serde_json::from_slice(body).ok().map(|answer: Answer| answer.status);
    let refused = said.filter(|said| code::status(*said).is_some());
    let fault = match (http(status.as_u16()), said) {
        (None, Some(said)) => code::status(said)?,
        (None, None) => {
            let reason = "the response is not one of the Viber provider".to_owned();
            return Some((Fault::Provider, reason));
        }
        // A server that is not the provider answers every message with 404, the provider only for one receiver.
        (Some(Fault::Setup), Some(said))
            if status == StatusCode::NOT_FOUND && code::status(said) == Some(Fault::Request) =>
        {
            Fault::Request
        }
        (Some(fault), _) => fault,
    };
    let of_http = (!status.is_success()).then(|| format!("HTTP {}", status.as_u16()));
    let of_viber = refused.map(|refused| refusal(refused, body, message));
    let reason: Vec<String> = of_http.into_iter().chain(of_viber).collect();
    Some((fault, reason.join(", ")))
}

/// The provider's own status, with its words.
fn refusal(status: i64, body: &[u8], message: &ViberMessage) -> String {
    match mask::reply(&words(body, message).0) {
        words if words.is_empty() => format!("Viber status {status}"),
        words => format!("Viber status {status}: {words}"),
    }
}

/// The provider's id of the message, and the words of a success; the id comes first, since long words are cut off.
fn accepted(body: &[u8], message: &ViberMessage) -> String {
    let (words, token) = words(body, message);
    let token = token.map(|token| format!("message_token {token}"));
    let parts = [token, Some(words).filter(|words| !words.is_empty())];
    mask::reply(&parts.into_iter().flatten().collect::<Vec<_>>().join(": "))
}

/// `status_message`, without what it repeats of the message, and `message_token`. They decide nothing: a response
/// without them, or with others, is as good.
fn words(body: &[u8], message: &ViberMessage) -> (String, Option<String>) {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let words = answer.get("status_message").and_then(Value::as_str);
    let token = match answer.get("message_token") {
        Some(Value::Number(token)) => Some(token.to_string()),
        Some(Value::String(token)) => Some(token.clone()),
        _ => None,
    };
    (without(words.unwrap_or_default(), message), token)
}

/// Words without the phone number and the text of a message. These are known exactly, so they are found where the
/// general mask sees no phone number (`tel380501112233`) or no personal data (a name).
fn without(words: &str, message: &ViberMessage) -> String {
    let number = message.receiver.trim_start_matches('+');
    let known = [message.text.trim(), message.receiver.as_str(), number];
    let known = known.into_iter().filter(|known| !known.is_empty());
    known.fold(words.to_owned(), |words, known| words.replace(known, "***"))
}

#[cfg(test)]
mod tests;
