//! ID tokens of an OpenID provider, above all Google: what a token must contain to prove who a person is (OpenID
//! Connect Core 1.0, section 3.1.3.7). Only RS256 is supported; the keys come from `clients::google_keys`.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::Deserialize;

/// Bytes of the longest token that is read; Google's have about a thousand.
pub const LONGEST: usize = 8 * 1024;

/// How far the provider's clock may be from ours.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// The issuer names of Google; older tokens omit the scheme, and Google documents both.
const GOOGLE: [&str; 2] = ["https://accounts.google.com", "accounts.google.com"];

/// Who must have issued a token, and for whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    issuers: Vec<String>,
    audience: String,
}

impl Terms {
    /// Tokens of `issuer` for the client `audience`.
    #[must_use]
    pub fn new(issuer: &str, audience: &str) -> Self {
        let issuers = if GOOGLE.contains(&issuer) {
            GOOGLE.map(str::to_owned).to_vec()
        } else {
            vec![issuer.to_owned()]
        };
        Self {
            issuers,
            audience: audience.to_owned(),
        }
    }
}

/// The claims of a token that are checked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// Issuer.
    pub iss: String,
    /// The client or clients that it is for.
    pub aud: Audience,
    /// When it ends, in Unix seconds.
    pub exp: i64,
    /// When it was issued, in Unix seconds.
    pub iat: i64,
    /// The instant before which it must not be used, in Unix seconds.
    pub nbf: Option<i64>,
    /// The person's mail address.
    pub email: Option<String>,
    /// Whether the provider has verified the address.
    pub email_verified: Option<bool>,
    /// The nonce of the sign-in that it was issued for.
    pub nonce: Option<String>,
}

/// One client or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// The usual form.
    One(String),
    /// A list of clients; accepted only if it names no other client than the platform.
    Many(Vec<String>),
}

/// Why a token is refused. For logs only; the response does not reveal it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a signed token with the required claims.
    #[error("the token is malformed")]
    Malformed,
    /// Signed with another algorithm than RS256, or not signed.
    #[error("the token is not signed with RS256")]
    Algorithm,
    /// The signature was not made with the key.
    #[error("the signature is wrong")]
    Signature,
    /// Issued by another provider.
    #[error("the issuer is wrong")]
    Issuer,
    /// Issued for another client.
    #[error("the audience is wrong")]
    Audience,
    /// It has expired.
    #[error("the token has expired")]
    Expired,
    /// Its validity has not begun yet.
    #[error("the token is not valid yet")]
    Early,
    /// Issued for another sign-in.
    #[error("the nonce is wrong")]
    Nonce,
    /// The e-mail address is missing or not verified by the provider.
    #[error("there is no verified e-mail address")]
    Unverified,
}

/// The id of the key with which a token claims to be signed.
///
/// # Errors
/// When the token is too long, has no readable header, is signed with anything but RS256, or names no key.
pub fn key_id(token: &str) -> Result<String, Refusal> {
    if token.len() > LONGEST || token.bytes().filter(|b| *b == b'.').count() != 2 {
        return Err(Refusal::Malformed);
    }
    // The library does not read a header with an algorithm that it does not know, such as `none`.
    let header: Header = jsonwebtoken::decode_header(token).map_err(|_| Refusal::Malformed)?;
    if header.alg != Algorithm::RS256 {
        return Err(Refusal::Algorithm);
    }
    // Every extension that `crit` lists must be understood (RFC 7515, section 4.1.11), and none is supported here.
    match header.kid {
        Some(kid) if header.crit.is_none() => Ok(kid),
        _ => Err(Refusal::Malformed),
    }
}

/// The verified mail address of a token that is signed with this key, in lower case. `nonce` is that of the sign-in
/// that the token must have been issued for; without one, any will do.
///
/// # Errors
/// [`Refusal`], the first that applies.
pub fn verify(
    token: &str,
    key: &DecodingKey,
    terms: &Terms,
    nonce: Option<&str>,
    now: DateTime<Utc>,
) -> Result<String, Refusal> {
    let mut validation = Validation::new(Algorithm::RS256);
    // The claims are judged below: the library reads the machine's clock and lets tokens from the future through.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let token = jsonwebtoken::decode::<Claims>(token, key, &validation).map_err(|error| {
        use jsonwebtoken::errors::ErrorKind;
        match error.kind() {
            ErrorKind::InvalidSignature => Refusal::Signature,
            ErrorKind::InvalidAlgorithm => Refusal::Algorithm,
            _ => Refusal::Malformed,
        }
    })?;
    check(&token.claims, terms, nonce, now)
}

/// The verified mail address in these claims, in lower case.
///
/// # Errors
/// [`Refusal`], the first that applies.
pub fn check(claims: &Claims, terms: &Terms, nonce: Option<&str>, now: DateTime<Utc>) -> Result<String, Refusal> {
    if !terms.issuers.contains(&claims.iss) {
        return Err(Refusal::Issuer);
    }
    let for_us = match &claims.aud {
        Audience::One(client) => *client == terms.audience,
        Audience::Many(clients) => !clients.is_empty() && clients.iter().all(|client| *client == terms.audience),
    };
    if !for_us {
        return Err(Refusal::Audience);
    }
    let (now, leeway) = (now.timestamp(), LEEWAY.num_seconds());
    if claims.exp <= now.saturating_sub(leeway) {
        return Err(Refusal::Expired);
    }
    if claims.iat.max(claims.nbf.unwrap_or(i64::MIN)) > now.saturating_add(leeway) {
        return Err(Refusal::Early);
    }
    if nonce.is_some() && claims.nonce.as_deref() != nonce {
        return Err(Refusal::Nonce);
    }
    match &claims.email {
        Some(email) if claims.email_verified == Some(true) => address(email).ok_or(Refusal::Unverified),
        _ => Err(Refusal::Unverified),
    }
}

/// An address in the form in which people are stored; `None` when the text does not have the form of an address.
fn address(email: &str) -> Option<String> {
    let email = super::email::account(email);
    let shaped = email.len() <= 254 && email.contains('@') && !email.contains(char::is_control);
    shaped.then_some(email)
}

#[cfg(test)]
mod tests;
