//! Sign-in with Google by redirect: the authorization code flow of OpenID Connect (Core 1.0, section 3.1), with PKCE
//! (RFC 7636). Codes are exchanged in `clients::google_codes`, and the claims of an ID token are checked in
//! [`super::id_token`].
//!
//! Nothing is stored. The browser keeps a cookie with random bytes, the time, and the page to return to, with a MAC
//! under the secret that all API replicas share. State, nonce and code verifier are MACs of the random bytes, so a code
//! and its token are accepted only from the browser that asked for them.

use aws_lc_rs::{constant_time, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// How long a user may take at the provider.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// Bytes of the longest address to return to: cookies have 4,096.
pub const LONGEST_RETURN: usize = 1000;

/// A page of the console to return to: a path below `/console`, with its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

impl ReturnTo {
    /// `None` if the text is not such a path, or could lead to another site.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut bytes = text.bytes();
        let is_path = bytes.next() == Some(b'/') && !matches!(bytes.next(), Some(b'/' | b'\\'));
        let is_printed = text.bytes().all(|byte| byte.is_ascii_graphic());
        (is_path && is_printed && text.len() <= LONGEST_RETURN).then(|| Self(text.to_owned()))
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ReturnTo {
    /// The start of the console.
    fn default() -> Self {
        Self("/".to_owned())
    }
}

/// A sign-in that a browser has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Sent to the provider, which returns it with the code.
    pub state: String,
    /// Sent to the provider, which writes it into the ID token.
    pub nonce: String,
    /// Sent with the code only. The provider compares it with the challenge.
    pub verifier: String,
    /// Where the console goes after the sign-in.
    pub return_to: ReturnTo,
}

impl Attempt {
    /// The code challenge (`S256`).
    #[must_use]
    pub fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }

    /// Whether a state is that of this attempt. Takes the same time for every wrong one.
    #[must_use]
    pub fn has_state(&self, state: &str) -> bool {
        constant_time::verify_slices_are_equal(self.state.as_bytes(), state.as_bytes()).is_ok()
    }
}

/// Makes and verifies the cookies of one environment.
pub struct AttemptKey {
    environment: String,
    key: hmac::Key,
}

impl std::fmt::Debug for AttemptKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AttemptKey")
    }
}

impl AttemptKey {
    /// The key of an environment, from the shared secret of all its API replicas.
    #[must_use]
    pub fn new(secret: &[u8], environment: &str) -> Self {
        Self {
            environment: environment.to_owned(),
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
        }
    }

    /// Begins an attempt with random bytes: the attempt, and the value of its cookie.
    #[must_use]
    pub fn begin(&self, random: [u8; 16], return_to: ReturnTo, now: DateTime<Utc>) -> (Attempt, String) {
        let mut bytes = random.to_vec();
        bytes.extend(now.timestamp().to_be_bytes());
        bytes.extend(return_to.as_str().as_bytes());
        let mac = self.mac("cookie", &bytes);
        bytes.extend(mac.as_ref());
        (self.attempt(random, return_to), URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The attempt of a cookie; `None` if we did not issue the cookie or it has expired.
    #[must_use]
    pub fn resume(&self, cookie: &str, now: DateTime<Utc>) -> Option<Attempt> {
        let bytes = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        let (body, mac) = bytes.split_last_chunk::<32>()?;
        hmac::verify(&self.key, &self.message("cookie", body), mac).ok()?;
        let (random, rest) = body.split_first_chunk::<16>()?;
        let (begun_at, return_to) = rest.split_first_chunk::<8>()?;
        let age = now - DateTime::from_timestamp(i64::from_be_bytes(*begun_at), 0)?;
        let return_to = ReturnTo::new(std::str::from_utf8(return_to).ok()?)?;
        (age < LIFETIME).then(|| self.attempt(*random, return_to))
    }

    fn attempt(&self, random: [u8; 16], return_to: ReturnTo) -> Attempt {
        let derived = |purpose| URL_SAFE_NO_PAD.encode(self.mac(purpose, &random));
        Attempt {
            state: derived("state"),
            nonce: derived("nonce"),
            verifier: derived("verifier"),
            return_to,
        }
    }

    fn mac(&self, purpose: &str, body: &[u8]) -> hmac::Tag {
        hmac::sign(&self.key, &self.message(purpose, body))
    }

    fn message(&self, purpose: &str, body: &[u8]) -> Vec<u8> {
        let mut message = format!("google {purpose} {}\n", self.environment).into_bytes();
        message.extend(body);
        message
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use rstest::rstest;

    use super::{AttemptKey, LIFETIME, LONGEST_RETURN, ReturnTo};

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn orders() -> ReturnTo {
        ReturnTo::new("/orders?status=Confirmed&payment=Paid").unwrap()
    }

    #[test]
    fn an_attempt_is_resumed_with_its_cookie_for_its_time_in_its_environment() {
        let key = AttemptKey::new(SECRET, "staging");
        let (attempt, cookie) = key.begin([7; 16], orders(), now());
        let last = now() + LIFETIME - TimeDelta::seconds(1);
        assert_eq!(key.resume(&cookie, last), Some(attempt));
        assert_eq!(key.resume(&cookie, now() + LIFETIME), None);
        assert_eq!(AttemptKey::new(SECRET, "production").resume(&cookie, now()), None);
        assert_eq!(AttemptKey::new(&[9; 32], "staging").resume(&cookie, now()), None);
    }

    #[test]
    fn a_forged_cookie_is_refused() {
        let key = AttemptKey::new(SECRET, "staging");
        let (_, cookie) = key.begin([7; 16], orders(), now());
        for at in 0..cookie.len() {
            let mut changed = cookie.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(key.resume(&changed, now()), None, "{at}");
        }
        for made_up in ["", "x", "AAAA", &cookie[1..]] {
            assert_eq!(key.resume(made_up, now()), None, "{made_up}");
        }
    }

    #[test]
    fn all_values_of_all_attempts_differ() {
        let key = AttemptKey::new(SECRET, "staging");
        let (one, _) = key.begin([1; 16], orders(), now());
        let (two, _) = key.begin([2; 16], orders(), now());
        let mut values = vec![one.challenge(), two.challenge()];
        assert!(one.has_state(&one.state) && !one.has_state(&two.state) && !one.has_state(""));
        for attempt in [one, two] {
            values.extend([attempt.state, attempt.nonce, attempt.verifier]);
        }
        // RFC 7636, section 4.1: 43 to 128 characters.
        assert!(values.iter().all(|value| value.len() == 43));
        values.sort();
        values.dedup();
        assert_eq!(values.len(), 8);
    }

    #[rstest]
    #[case("/", true)]
    #[case("/orders/ord_1?page=2", true)]
    #[case("", false)]
    #[case("orders", false)]
    #[case("//evil.example", false)]
    #[case("/\\evil.example", false)]
    #[case("https://evil.example", false)]
    #[case("/a b", false)]
    #[case("/a\r\nSet-Cookie: x", false)]
    #[case("/\t/evil.example", false)]
    fn only_a_page_of_the_console_is_returned_to(#[case] text: &str, #[case] accepted: bool) {
        assert_eq!(ReturnTo::new(text).is_some(), accepted);
    }

    #[test]
    fn an_address_to_return_to_fits_into_a_cookie() {
        let longest = format!("/{}", "a".repeat(LONGEST_RETURN - 1));
        let (_, cookie) = AttemptKey::new(SECRET, "staging").begin([7; 16], ReturnTo::new(&longest).unwrap(), now());
        assert!(cookie.len() < 2000);
        assert_eq!(ReturnTo::new(&format!("{longest}a")), None);
    }
}
