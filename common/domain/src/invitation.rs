//! Invitations of people into a company or to a partner: their status, and the token in the link. What the mail says is
//! in the module `mail`.
//!
//! Tokens are not stored. Each consists of the id of the invitation and its end, with a MAC under the secret that all
//! API replicas share. The row of an invitation ensures that it is used only once.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::InvitationId;
use crate::language::{UnknownWord, words};

mod mail;
pub use mail::Invitation;

/// How long an invitation can be accepted.
pub const LIFETIME: TimeDelta = TimeDelta::days(7);

words! {
    /// Whether an invitation can be accepted.
    InvitationStatus, "Open Expired Withdrawn Accepted" {
        /// It can.
        Open = "Open",
        /// It has expired.
        Expired = "Expired",
        /// It was withdrawn, or a later one has replaced it.
        Withdrawn = "Withdrawn",
        /// It was.
        Accepted = "Accepted",
    }
}

impl InvitationStatus {
    /// The status of an invitation, with these properties.
    #[must_use]
    pub const fn of(is_accepted: bool, is_withdrawn: bool, is_over: bool) -> Self {
        match (is_accepted, is_withdrawn, is_over) {
            (true, _, _) => Self::Accepted,
            (false, true, _) => Self::Withdrawn,
            (false, false, true) => Self::Expired,
            (false, false, false) => Self::Open,
        }
    }
}

/// Makes and verifies the tokens of one environment.
pub struct InvitationKey {
    environment: String,
    key: hmac::Key,
}

impl fmt::Debug for InvitationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationKey")
    }
}

impl InvitationKey {
    /// The key of an environment, from the shared secret of all its API replicas.
    #[must_use]
    pub fn new(secret: &[u8], environment: &str) -> Self {
        Self {
            environment: environment.to_owned(),
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
        }
    }

    /// The token of an invitation that ends at `expires_at`.
    #[must_use]
    pub fn sign(&self, id: InvitationId, expires_at: DateTime<Utc>) -> String {
        let mut bytes = id.0.as_bytes().to_vec();
        bytes.extend(expires_at.timestamp().to_be_bytes());
        let mac = hmac::sign(&self.key, &self.message(&bytes));
        bytes.extend(mac.as_ref());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The invitation of a token, even if it has expired; `None` if we did not issue the token.
    #[must_use]
    pub fn verify(&self, token: &str) -> Option<InvitationId> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (body, mac) = bytes.split_last_chunk::<32>()?;
        hmac::verify(&self.key, &self.message(body), mac).ok()?;
        let (id, _) = body.split_first_chunk::<16>()?;
        Some(InvitationId(Uuid::from_bytes(*id)))
    }

    fn message(&self, body: &[u8]) -> Vec<u8> {
        let mut message = format!("invitation {}\n", self.environment).into_bytes();
        message.extend(body);
        message
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::InvitationKey;
    use crate::id::InvitationId;

    #[test]
    fn a_token_is_of_one_invitation_and_of_one_environment() {
        let (key, id) = (InvitationKey::new(&[7; 32], "local"), InvitationId::new());
        let token = key.sign(id, DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        assert_eq!(key.verify(&token), Some(id));
        assert_eq!(InvitationKey::new(&[7; 32], "production").verify(&token), None);
        assert_eq!(InvitationKey::new(&[8; 32], "local").verify(&token), None);
        for at in 0..token.len() - 1 {
            let mut forged: Vec<char> = token.chars().collect();
            forged[at] = if forged[at] == 'A' { 'B' } else { 'A' };
            let forged: String = forged.into_iter().collect();
            assert_eq!(key.verify(&forged), None, "{forged}");
        }
        for nonsense in ["", "x", &token[1..]] {
            assert_eq!(key.verify(nonsense), None, "{nonsense}");
        }
    }
}
