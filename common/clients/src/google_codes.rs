//! Exchanges authorization codes of Google (or another OpenID provider) for ID tokens: OpenID Connect Core 1.0, section
//! 3.1.3. The claims of a token are checked by `domain::id_token`.

use connect::SettingError;
use domain::provider::{self, Fault};
use reqwest::{StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::Timeouts;
use super::google_keys::TIMEOUTS;
use super::http::send;
use super::metrics::{Answer, Judged, Provider, timed};

/// Largest response that is read, in bytes; Google's has about three thousand.
const LARGEST: usize = 64 * 1024;

/// Why a code was not exchanged.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// The code is not one, was used before, or belongs to another sign-in.
    #[error("the provider does not accept the code")]
    Refused,
    /// The provider refuses us, not the code: client, secret or redirect URI are wrong.
    #[error("the provider refuses the request: HTTP {}", .0.as_u16())]
    Setup(StatusCode),
    /// The provider fails.
    #[error("the provider responded with HTTP {}", .0.as_u16())]
    Status(StatusCode),
    /// The provider could not be reached.
    #[error("the request to the provider failed")]
    Http(#[source] reqwest::Error),
    /// The response is too large, or contains no ID token.
    #[error("the response contains no ID token")]
    Malformed,
}

impl Judged for CodeError {
    fn answer(&self) -> Option<Answer> {
        Some(match self {
            Self::Refused | Self::Setup(_) => Answer::Refused,
            Self::Status(_) | Self::Http(_) => Answer::Away,
            Self::Malformed => Answer::Malformed,
        })
    }
}

/// A client of one provider.
#[derive(Debug)]
pub struct GoogleCodes {
    client: reqwest::Client,
    url: Url,
    client_id: String,
    client_secret: SecretString,
    redirect_uri: String,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: SecretString,
}

/// The response to a request that failed (RFC 6749, section 5.2).
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl GoogleCodes {
    /// The client of `GOOGLE_CLIENT_ID` at `GOOGLE_TOKEN_URL`.
    ///
    /// # Errors
    /// When the URL is malformed.
    pub fn new(
        url: &str,
        client_id: &str,
        client_secret: SecretString,
        redirect_uri: &str,
    ) -> Result<Self, SettingError> {
        let wrong = |problem: String| SettingError {
            setting: "GOOGLE_TOKEN_URL",
            problem,
        };
        let Timeouts { step, total } = TIMEOUTS;
        Ok(Self {
            url: Url::parse(url).map_err(|e| wrong(format!("is not a URL: {e}")))?,
            client: reqwest::Client::builder()
                .connect_timeout(step)
                .timeout(total)
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .map_err(|e| wrong(format!("cannot be used by an HTTP client: {e}")))?,
            client_id: client_id.to_owned(),
            client_secret,
            redirect_uri: redirect_uri.to_owned(),
        })
    }

    /// The ID token for a code. The provider exchanges each code once.
    ///
    /// # Errors
    /// [`CodeError`].
    pub async fn exchange(&self, code: &str, verifier: &str) -> Result<SecretString, CodeError> {
        timed(Provider::Google, self.request(code, verifier)).await
    }

    async fn request(&self, code: &str, verifier: &str) -> Result<SecretString, CodeError> {
        let http = |error: reqwest::Error| CodeError::Http(error.without_url());
        let request = self.client.post(self.url.clone()).form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("client_id", &self.client_id),
            ("client_secret", self.client_secret.expose_secret()),
            ("code_verifier", verifier),
        ]);
        let mut answer = send(request, None).await.map_err(http)?;
        let status = answer.status();
        let mut text = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(http)? {
            if text.len() + chunk.len() > LARGEST {
                return Err(CodeError::Malformed);
            }
            text.extend_from_slice(&chunk);
        }
        if status == StatusCode::OK {
            let tokens = serde_json::from_slice::<Tokens>(&text);
            // The error of the parser would quote the response.
            return tokens.map(|tokens| tokens.id_token).map_err(|_| CodeError::Malformed);
        }
        if serde_json::from_slice::<Refusal>(&text).is_ok_and(|refusal| refusal.error == "invalid_grant") {
            return Err(CodeError::Refused);
        }
        match provider::http(status.as_u16()) {
            Some(Fault::Request | Fault::Setup) => Err(CodeError::Setup(status)),
            Some(Fault::Provider) | None => Err(CodeError::Status(status)),
        }
    }
}
