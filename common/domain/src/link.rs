//! Signed links to a file for a limited time, for stores that cannot sign links themselves.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};

/// Signs and verifies links.
#[derive(Debug)]
pub struct LinkKey(hmac::Key);

/// Why a link is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// We did not sign it, or signed it for another object or time.
    #[error("the link is not valid")]
    Forged,
    /// It has expired.
    #[error("the link has expired")]
    Expired,
}

impl LinkKey {
    /// The key of a secret that all API replicas share.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The signature of a link to the object until `expires` (seconds since 1970).
    #[must_use]
    pub fn sign(&self, object: &str, expires: i64) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, &message(object, expires)))
    }

    /// Whether a link opens the object now; signatures are compared in constant time.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub fn verify(&self, object: &str, expires: i64, signature: &str, now: DateTime<Utc>) -> Result<(), LinkError> {
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| LinkError::Forged)?;
        hmac::verify(&self.0, &message(object, expires), &signature).map_err(|_| LinkError::Forged)?;
        if now.timestamp() < expires {
            Ok(())
        } else {
            Err(LinkError::Expired)
        }
    }
}

/// The number comes first and ends at a blank, so no other pair gives the same text.
fn message(object: &str, expires: i64) -> Vec<u8> {
    format!("file {expires} {object}").into_bytes()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use rstest::rstest;

    use super::{LinkError, LinkKey};

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    #[test]
    fn a_link_opens_one_object_until_its_end() {
        let key = LinkKey::new(&[7; 32]);
        let signature = key.sign("a/b.csv", 100);
        assert_eq!(key.verify("a/b.csv", 100, &signature, at(99)), Ok(()));
        assert_eq!(key.verify("a/b.csv", 100, &signature, at(100)), Err(LinkError::Expired));
        assert_eq!(
            LinkKey::new(&[8; 32]).verify("a/b.csv", 100, &signature, at(0)),
            Err(LinkError::Forged)
        );
    }

    #[rstest]
    #[case("a/c.csv", 100, |s: &str| s.to_owned())]
    #[case("a/b.csv", 101, |s: &str| s.to_owned())]
    #[case("a/b.csv", 100, |s: &str| s[1..].to_owned())]
    #[case("a/b.csv", 100, |s: &str| s[..20].to_owned())]
    #[case("a/b.csv", 100, |s: &str| format!("{s}="))]
    #[case("a/b.csv", 100, |_: &str| String::new())]
    #[case("a/b.csv", 100, |_: &str| "ключ".to_owned())]
    fn anything_else_is_forged(#[case] object: &str, #[case] expires: i64, #[case] change: fn(&str) -> String) {
        let key = LinkKey::new(&[7; 32]);
        let signature = change(&key.sign("a/b.csv", 100));
        assert_eq!(key.verify(object, expires, &signature, at(0)), Err(LinkError::Forged));
    }
}
