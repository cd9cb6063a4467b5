//! The texts of a session: a JWT that lives for minutes, and an opaque refresh token. Neither is stored. Both are made
//! with the shared secret of all API replicas; refresh tokens also with a salt that only the session's row has, so that
//! neither the configuration nor the database alone is enough to make one.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::ACCESS_LIFETIME;
use crate::id::{AccessId, SessionId};

/// Random bytes of a session that go into its refresh tokens.
pub type Salt = [u8; 16];

/// The claims of an access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessClaims {
    /// The session.
    pub session_id: SessionId,
    /// The access of the session.
    pub access_id: AccessId,
}

/// A text that claims to be a refresh token; only its session's salt can tell whether it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshClaim {
    /// The session that it names.
    pub session_id: SessionId,
    /// The generation that it names.
    pub generation: u32,
    mac: [u8; 32],
}

/// Why an access token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token that we issued, or one of another environment.
    #[error("the token is not an access token of this environment")]
    Malformed,
    /// It has expired.
    #[error("the access token has expired")]
    Expired,
}

/// Makes and verifies the tokens of one environment.
pub struct SessionKey {
    environment: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    refresh: hmac::Key,
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey")
    }
}

/// The claims (RFC 7519).
#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    exp: i64,
    sid: SessionId,
    acc: AccessId,
}

impl SessionKey {
    /// The key of an environment, from the shared secret of all its API replicas.
    #[must_use]
    pub fn new(secret: &[u8], environment: &str) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // Time comes in as an argument.
        validation.validate_exp = false;
        validation.set_audience(&[environment]);
        validation.set_required_spec_claims(&["exp", "aud"]);
        Self {
            environment: environment.to_owned(),
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
            refresh: hmac::Key::new(hmac::HMAC_SHA256, secret),
        }
    }

    /// An access token.
    ///
    /// # Errors
    /// When the claims do not serialise, which they always do.
    pub fn sign(&self, claims: AccessClaims, now: DateTime<Utc>) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            aud: self.environment.clone(),
            exp: (now + ACCESS_LIFETIME).timestamp(),
            sid: claims.session_id,
            acc: claims.access_id,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// The claims of an access token, if it is valid and of this environment.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenError> {
        let claims = self.read(token).ok_or(TokenError::Malformed)?;
        if claims.exp <= now.timestamp() {
            return Err(TokenError::Expired);
        }
        Ok(AccessClaims {
            session_id: claims.sid,
            access_id: claims.acc,
        })
    }

    /// The session of an access token of this environment, even if the token has expired: for ending the session.
    #[must_use]
    pub fn session_of(&self, token: &str) -> Option<SessionId> {
        self.read(token).map(|claims| claims.sid)
    }

    fn read(&self, token: &str) -> Option<Claims> {
        let token = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok()?;
        Some(token.claims)
    }

    /// The refresh token of a generation: the same text whenever it is computed.
    #[must_use]
    pub fn refresh_token(&self, session_id: SessionId, generation: u32, salt: &Salt) -> String {
        let mac = hmac::sign(&self.refresh, &self.message(session_id, generation, salt));
        let mut bytes = session_id.0.as_bytes().to_vec();
        bytes.extend(generation.to_be_bytes());
        bytes.extend(mac.as_ref());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether a text that claims to be a refresh token is one, in constant time.
    #[must_use]
    pub fn is_genuine(&self, claim: &RefreshClaim, salt: &Salt) -> bool {
        let message = self.message(claim.session_id, claim.generation, salt);
        hmac::verify(&self.refresh, &message, &claim.mac).is_ok()
    }

    /// The environment is part of it: a token is not valid in another environment that shares the secret by mistake.
    fn message(&self, session_id: SessionId, generation: u32, salt: &Salt) -> Vec<u8> {
        let mut message = format!("refresh {} {generation} {session_id} ", self.environment).into_bytes();
        message.extend(salt);
        message
    }
}

impl RefreshClaim {
    /// Reads a refresh token; `None` when the text does not have the form of one.
    #[must_use]
    pub fn read(token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (session_id, rest) = bytes.split_first_chunk::<16>()?;
        let (generation, mac) = rest.split_first_chunk::<4>()?;
        Some(Self {
            session_id: SessionId(uuid::Uuid::from_bytes(*session_id)),
            generation: u32::from_be_bytes(*generation),
            mac: mac.try_into().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use jsonwebtoken::{Algorithm, EncodingKey, Header};

    use super::{ACCESS_LIFETIME, AccessClaims, Claims, RefreshClaim, SessionKey, TokenError};
    use crate::id::{AccessId, SessionId};

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn claims() -> AccessClaims {
        AccessClaims {
            session_id: SessionId::new(),
            access_id: AccessId::new(),
        }
    }

    #[test]
    fn an_access_token_is_good_for_its_time_and_environment() {
        let (key, claims) = (SessionKey::new(SECRET, "staging"), claims());
        let token = key.sign(claims, now()).unwrap();
        assert_eq!(key.verify(&token, now()), Ok(claims));
        assert_eq!(key.verify(&token, now() + ACCESS_LIFETIME), Err(TokenError::Expired));
        assert_eq!(key.session_of(&token), Some(claims.session_id), "expired or not");
        let other = SessionKey::new(SECRET, "production");
        assert_eq!(other.verify(&token, now()), Err(TokenError::Malformed));
        assert_eq!(other.session_of(&token), None);
        assert_eq!(key.verify(&token[..token.len() - 1], now()), Err(TokenError::Malformed));
    }

    #[test]
    fn an_access_token_without_a_signature_is_none() {
        let (key, claims) = (SessionKey::new(SECRET, "staging"), claims());
        let body = Claims {
            aud: "staging".to_owned(),
            exp: i64::MAX,
            sid: claims.session_id,
            acc: claims.access_id,
        };
        let strong =
            jsonwebtoken::encode(&Header::new(Algorithm::HS384), &body, &EncodingKey::from_secret(SECRET)).unwrap();
        assert_eq!(
            key.verify(&strong, now()),
            Err(TokenError::Malformed),
            "another algorithm"
        );
        let none = format!(
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{}.",
            strong.split('.').nth(1).unwrap()
        );
        assert_eq!(key.verify(&none, now()), Err(TokenError::Malformed), "alg none");
    }

    #[test]
    fn a_refresh_token_is_the_same_text_every_time_and_cannot_be_forged() {
        let (key, session_id, salt) = (SessionKey::new(SECRET, "staging"), SessionId::new(), [7; 16]);
        let token = key.refresh_token(session_id, 3, &salt);
        assert_eq!(token, key.refresh_token(session_id, 3, &salt));
        let claim = RefreshClaim::read(&token).unwrap();
        assert_eq!((claim.session_id, claim.generation), (session_id, 3));
        assert!(key.is_genuine(&claim, &salt));
        assert!(!key.is_genuine(&claim, &[8; 16]), "another salt");
        assert!(!SessionKey::new(SECRET, "production").is_genuine(&claim, &salt));
        let ahead = RefreshClaim { generation: 4, ..claim };
        assert!(!key.is_genuine(&ahead, &salt), "another generation");
        for cut in [
            &token[1..],
            &token[..token.len() - 1],
            "",
            "a b",
            &format!("{token}AAAA"),
        ] {
            assert_eq!(RefreshClaim::read(cut), None, "{cut}");
        }
    }
}
