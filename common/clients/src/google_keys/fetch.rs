//! Fetches a JWK set over HTTP.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::provider::retry_after::RetryAfter;
use domain::provider::{self, Fault};
use jsonwebtoken::DecodingKey;
use reqwest::header::{CACHE_CONTROL, HeaderMap};
use reqwest::{Client, StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;

use crate::http::send;
use crate::metrics::{Answer, Judged};
use crate::retry_after;

/// Largest response that is read, in bytes; Google's has about a thousand.
const LARGEST: usize = 64 * 1024;

/// Most keys that are kept of a set; Google has two or three.
const MOST: usize = 32;

/// How long keys are kept when the response does not say.
const DEFAULT_LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// Bounds of lifetimes: neither a fetch with every login, nor revoked keys for weeks.
const LIFETIMES: (TimeDelta, TimeDelta) = (TimeDelta::minutes(1), TimeDelta::hours(24));

/// A parsed response.
pub(super) struct Fetched {
    /// By id.
    pub keys: HashMap<String, Arc<DecodingKey>>,
    /// How long they may be kept.
    pub lifetime: TimeDelta,
}

/// Why a fetch failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("the request to the provider failed")]
    Http(#[source] reqwest::Error),
    #[error("the provider responded with HTTP {}", .0.as_u16())]
    Status(StatusCode, Option<RetryAfter>),
    #[error("the response has more than {LARGEST} bytes")]
    TooLarge,
    #[error("the response is not a JWK set")]
    Malformed(#[source] serde_json::Error),
    #[error("there is no RS256 key in the response")]
    NoKeys,
}

impl FetchError {
    /// Whose fault it is. The only part of the request that we can change is its address.
    pub(super) fn fault(&self) -> Fault {
        match self {
            Self::Status(status, _) => match provider::http(status.as_u16()) {
                Some(Fault::Request | Fault::Setup) => Fault::Setup,
                Some(Fault::Provider) | None => Fault::Provider,
            },
            Self::Http(_) | Self::TooLarge | Self::Malformed(_) | Self::NoKeys => Fault::Provider,
        }
    }

    /// The pause that the provider asked for.
    pub(super) fn asked(&self, now: DateTime<Utc>) -> TimeDelta {
        let asked = match self {
            Self::Status(_, after) => after.map(|after| after.wait(now)),
            _ => None,
        };
        TimeDelta::from_std(asked.unwrap_or_default()).unwrap_or_default()
    }
}

impl Judged for FetchError {
    fn answer(&self) -> Option<Answer> {
        Some(match self {
            Self::Status(_, Some(_)) => Answer::Busy,
            Self::Status(..) if self.fault() == Fault::Setup => Answer::Refused,
            Self::Http(_) | Self::Status(..) => Answer::Away,
            Self::TooLarge | Self::Malformed(_) | Self::NoKeys => Answer::Malformed,
        })
    }
}

pub(super) async fn fetch(client: &Client, url: Url) -> Result<Fetched, FetchError> {
    let http = |error: reqwest::Error| FetchError::Http(error.without_url());
    let mut answer = send(client.get(url), None).await.map_err(http)?;
    if answer.status() != StatusCode::OK {
        return Err(FetchError::Status(answer.status(), retry_after(answer.headers())));
    }
    let lifetime = lifetime(answer.headers());
    let mut text = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(http)? {
        if text.len() + chunk.len() > LARGEST {
            return Err(FetchError::TooLarge);
        }
        text.extend_from_slice(&chunk);
    }
    let keys = keys(&text)?;
    Ok(Fetched { keys, lifetime })
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

/// The fields of a JWK that show whether it can be used (RFC 7517, section 4; RFC 7518, section 6.3).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: String,
    e: String,
}

/// The RS256 keys of a set; other keys are ignored.
fn keys(text: &[u8]) -> Result<HashMap<String, Arc<DecodingKey>>, FetchError> {
    let set: Set = serde_json::from_slice(text).map_err(FetchError::Malformed)?;
    let mut keys = HashMap::new();
    for jwk in set.keys.into_iter().take(MOST) {
        let Ok(jwk) = serde_json::from_value::<Jwk>(jwk) else {
            continue;
        };
        let is_ours = jwk.kty == "RSA"
            && jwk.purpose.is_none_or(|purpose| purpose == "sig")
            && jwk.alg.is_none_or(|alg| alg == "RS256");
        if is_ours && let Ok(key) = DecodingKey::from_rsa_components(&jwk.n, &jwk.e) {
            keys.insert(jwk.kid, Arc::new(key));
        }
    }
    if keys.is_empty() {
        return Err(FetchError::NoKeys);
    }
    Ok(keys)
}

/// `max-age` of `Cache-Control` within [`LIFETIMES`].
fn lifetime(headers: &HeaderMap) -> TimeDelta {
    let directives = || {
        let values = headers.get_all(CACHE_CONTROL).iter();
        values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
    };
    let is = |name: &str| directives().any(|directive| directive.eq_ignore_ascii_case(name));
    if is("no-store") || is("no-cache") {
        return LIFETIMES.0;
    }
    let seconds = directives().find_map(|directive| {
        let (name, seconds) = directive.split_once('=')?;
        let is_age = name.trim().eq_ignore_ascii_case("max-age");
        // A number that overflows means a long time, too.
        let digits = seconds.trim().trim_matches('"');
        let is_number = is_age && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| digits.parse().unwrap_or(u32::MAX))
    });
    let lifetime = seconds.map_or(DEFAULT_LIFETIME, |seconds| TimeDelta::seconds(seconds.into()));
    lifetime.clamp(LIFETIMES.0, LIFETIMES.1)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{CACHE_CONTROL, HeaderMap};
    use rstest::rstest;

    use super::{FetchError, keys, lifetime};

    #[rstest]
    #[case(None, 300)]
    #[case(Some("public, max-age=19603, must-revalidate, no-transform"), 19_603)]
    #[case(Some("Max-Age = \"600\""), 600)]
    #[case(Some("max-age=0"), 60)]
    #[case(Some("no-store, max-age=600"), 60)]
    #[case(Some("max-age=99999999999999999999"), 86_400)]
    #[case(Some("max-age=-1"), 300)]
    #[case(Some("max-age="), 300)]
    #[case(Some("s-maxage=600"), 300)]
    fn a_lifetime_is_what_the_answer_says_within_bounds(#[case] header: Option<&'static str>, #[case] seconds: i64) {
        let headers = header.map(|value| (CACHE_CONTROL, value.parse().unwrap()));
        assert_eq!(
            lifetime(&headers.into_iter().collect::<HeaderMap>()).num_seconds(),
            seconds
        );
    }

    #[test]
    fn keys_of_others_are_passed_over() {
        let set = br#"{ "keys": [
            { "kty": "RSA", "kid": "ours", "n": "AQAB", "e": "AQAB" },
            { "kty": "RSA", "kid": "said", "use": "sig", "alg": "RS256", "n": "AQAB", "e": "AQAB", "x5t": "AA" },
            { "kty": "RSA", "kid": "encrypts", "use": "enc", "n": "AQAB", "e": "AQAB" },
            { "kty": "RSA", "kid": "another", "alg": "RS512", "n": "AQAB", "e": "AQAB" },
            { "kty": "RSA", "kid": "broken", "n": "???", "e": "AQAB" },
            { "kty": "RSA", "n": "AQAB", "e": "AQAB" },
            { "kty": "EC", "kid": "curve", "crv": "P-256", "x": "AA", "y": "AA" },
            { "kty": "oct", "kid": "secret", "k": "AA" },
            17
        ] }"#;
        let found = keys(set).map(|keys| {
            let mut names: Vec<_> = keys.into_keys().collect();
            names.sort();
            names
        });
        assert_eq!(found.unwrap(), ["ours", "said"]);
    }

    #[rstest]
    #[case(b"")]
    #[case(b"[]")]
    #[case(b"{}")]
    #[case(b"{ \"keys\": {} }")]
    fn garbage_is_no_set(#[case] text: &[u8]) {
        assert!(matches!(keys(text), Err(FetchError::Malformed(_))));
    }

    #[test]
    fn a_set_without_keys_is_of_no_use() {
        assert!(matches!(keys(b"{ \"keys\": [] }"), Err(FetchError::NoKeys)));
    }
}
