//! Idempotency keys (contract section 1): what a key is, whose it is, which request it came with, and which responses
//! are stored for it. `db::idempotency` stores them.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use super::access::{PLATFORM, Workplace};
use crate::error::FieldError;
use crate::id::{PartnerId, UserId};

/// How long a response is replayed.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Characters that a key may have.
pub const MAX_LENGTH: usize = 255;

/// Who sent a key. Equal keys of different callers have nothing to do with each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller(String);

impl Caller {
    /// A partner, with any of its keys: a retry may come after the key was rotated.
    #[must_use]
    pub fn partner(environment: &str, partner_id: PartnerId) -> Self {
        Self(format!("{environment}/{partner_id}"))
    }

    /// A user at a workplace.
    #[must_use]
    pub fn person(environment: &str, user_id: UserId, workplace: Workplace) -> Self {
        Self(match workplace {
            Workplace::Company(company_id) => format!("{environment}/{user_id}/{company_id}"),
            Workplace::Partner(partner_id) => format!("{environment}/{user_id}/{partner_id}"),
            Workplace::Platform => format!("{environment}/{user_id}/{PLATFORM}"),
        })
    }

    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What identifies a request with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// SHA-256 of the key.
    pub key_hash: [u8; 32],
    /// SHA-256 of method, path with query, and body.
    pub fingerprint: [u8; 32],
}

impl Request {
    /// A request; `key` is the value of its header, `target` its path with query.
    ///
    /// # Errors
    /// When the key is not 1 to 255 printable characters (ASCII, from blank to tilde).
    pub fn new(key: &[u8], method: &str, target: &str, body: &[u8]) -> Result<Self, FieldError> {
        let wrong = |constraint, message: &str| Err(FieldError::new("Idempotency-Key", constraint, message));
        match key {
            [] => return wrong("minLength", "must not be empty"),
            long if long.len() > MAX_LENGTH => return wrong("maxLength", "must be at most 255 characters"),
            text if !text.iter().all(|byte| (b' '..=b'~').contains(byte)) => {
                return wrong("pattern", "must contain only printable ASCII characters");
            }
            _ => {}
        }
        // Neither method nor target holds a NUL.
        let fingerprint = Sha256::new()
            .chain_update(method)
            .chain_update([0])
            .chain_update(target)
            .chain_update([0])
            .chain_update(body);
        Ok(Self {
            key_hash: Sha256::digest(key).into(),
            fingerprint: fingerprint.finalize().into(),
        })
    }

    /// The same request with a body that arrived later, by its SHA-256.
    #[must_use]
    pub fn with_body(self, sha256: [u8; 32]) -> Self {
        let fingerprint = Sha256::new().chain_update(self.fingerprint).chain_update(sha256);
        Self {
            fingerprint: fingerprint.finalize().into(),
            ..self
        }
    }

    /// Identifies caller and key together; their response is encrypted for this value only.
    #[must_use]
    pub fn place(&self, caller: &Caller) -> [u8; 32] {
        let place = Sha256::new().chain_update(self.key_hash).chain_update(caller.as_str());
        place.finalize().into()
    }

    /// The advisory lock of a request that is being served: 64 bits of its place, so collisions are improbable, and two
    /// requests that share one would only wait for each other.
    #[must_use]
    pub fn lock(&self, caller: &Caller) -> i64 {
        let [a, b, c, d, e, f, g, h, ..] = self.place(caller);
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    }
}

/// A response as the caller received it. Headers about the present (`x-request-id`, limits) are not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Location`.
    pub content_location: Option<String>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether it reports success.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..300)
    }

    /// Whether it is stored. A response that may be different a moment later is not: a conflict, a limit, an internal
    /// error.
    #[must_use]
    pub const fn is_kept(&self) -> bool {
        !matches!(self.status, 409 | 429 | 500..)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Answer, Caller, Request};
    use crate::access::Workplace;
    use crate::id::{CompanyId, PartnerId, UserId};

    fn request(key: &[u8]) -> Result<Request, String> {
        let request = Request::new(key, "POST", "/v2/bookings", b"{}");
        request.map_err(|error| format!("{} {}", error.field, error.constraint))
    }

    #[test]
    fn a_key_is_1_to_255_printable_characters() {
        for good in [&b"0"[..], b"a b", b"\"8e03978e\"", &[b'~'; 255]] {
            assert!(request(good).is_ok());
        }
        assert_eq!(request(b"").unwrap_err(), "Idempotency-Key minLength");
        assert_eq!(request(&[b'~'; 256]).unwrap_err(), "Idempotency-Key maxLength");
        for wrong in [&b"a\tb"[..], b"\x7f", "ключ".as_bytes()] {
            assert_eq!(request(wrong).unwrap_err(), "Idempotency-Key pattern");
        }
    }

    #[test]
    fn a_request_is_its_method_its_target_and_its_body() {
        let of = |method, target, body: &str| Request::new(b"k", method, target, body.as_bytes()).unwrap();
        let first = of("POST", "/v2/bookings", "{}");
        assert_eq!(first, of("POST", "/v2/bookings", "{}"));
        for other in [
            of("PUT", "/v2/bookings", "{}"),
            of("POST", "/v2/bookings?x", "{}"),
            of("POST", "/v2/bookings", "{ }"),
            of("POST", "/v2/booking", "s{}"),
        ] {
            assert_eq!(first.key_hash, other.key_hash);
            assert_ne!(first.fingerprint, other.fingerprint);
        }
    }

    #[test]
    fn a_body_that_arrives_later_is_part_of_the_request() {
        let request = request(b"k").unwrap();
        let (one, other) = (request.with_body([1; 32]), request.with_body([2; 32]));
        assert_eq!(one, request.with_body([1; 32]));
        assert_eq!(one.key_hash, request.key_hash);
        assert_ne!(one.fingerprint, other.fingerprint);
        assert_ne!(one.fingerprint, request.fingerprint);
    }

    #[test]
    fn equal_keys_of_different_callers_have_different_places() {
        let (partner, user) = (PartnerId::new(), UserId::new());
        let mut callers = vec![
            Caller::partner("local", partner),
            Caller::partner("staging", partner),
            Caller::partner("local", PartnerId::new()),
            Caller::person("local", user, Workplace::Partner(partner)),
            Caller::person("local", user, Workplace::Company(CompanyId::new())),
            Caller::person("local", UserId::new(), Workplace::Partner(partner)),
        ];
        let key = request(b"k").unwrap();
        callers.sort_unstable_by_key(|caller| key.lock(caller));
        callers.dedup_by_key(|caller| key.lock(caller));
        assert_eq!(callers.len(), 6);
    }

    #[rstest]
    #[case::done(201, true)]
    #[case::refused(400, true)]
    #[case::unknown(404, true)]
    #[case::in_conflict(409, false)]
    #[case::over_the_limit(429, false)]
    #[case::our_fault(500, false)]
    #[case::busy(503, false)]
    fn what_may_be_different_a_moment_later_is_not_kept(#[case] status: u16, #[case] kept: bool) {
        let answer = Answer {
            status,
            content_type: None,
            content_location: None,
            body: Vec::new(),
        };
        assert_eq!(answer.is_kept(), kept);
    }
}
