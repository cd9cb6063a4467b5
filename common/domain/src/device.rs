//! Devices from which an account was signed in to (OWASP: device cookies). A device presents a token that names one
//! account and was issued at a sign-in; it proves nothing else, and does not authenticate. Attempts from such a device
//! have a budget of their own, so that failures of others elsewhere do not lock the user out.
//!
//! Tokens are not stored. Each consists of an id of the device, the account and the time of the sign-in, with a MAC
//! under the secret that all API replicas share.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};

use super::throttle::account;

/// How long a device is known after a sign-in.
pub const LIFETIME: TimeDelta = TimeDelta::days(180);

/// Random bytes that name a device.
pub type DeviceId = [u8; 16];

/// A device from which an account was signed in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
}

/// Makes and verifies the tokens of one environment.
pub struct DeviceKey {
    environment: String,
    key: hmac::Key,
}

impl std::fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKey")
    }
}

impl DeviceKey {
    /// The key of an environment, from the shared secret of all its API replicas.
    #[must_use]
    pub fn new(secret: &[u8], environment: &str) -> Self {
        Self {
            environment: environment.to_owned(),
            key: hmac::Key::new(hmac::HMAC_SHA256, secret),
        }
    }

    /// The token of a device from which the account of this mail address was signed in to.
    #[must_use]
    pub fn sign(&self, email: &str, device: Device, now: DateTime<Utc>) -> String {
        let mut bytes = device.id.to_vec();
        bytes.extend(now.timestamp().to_be_bytes());
        bytes.extend(self.account(email));
        let mac = hmac::sign(&self.key, &self.message(&bytes));
        bytes.extend(mac.as_ref());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The device of a token, if we issued it, it is not too old, and it is of this account if one is named.
    #[must_use]
    pub fn verify(&self, token: &str, email: Option<&str>, now: DateTime<Utc>) -> Option<Device> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (body, mac) = bytes.split_last_chunk::<32>()?;
        hmac::verify(&self.key, &self.message(body), mac).ok()?;
        let (id, rest) = body.split_first_chunk::<16>()?;
        let (signed_in_at, account) = rest.split_first_chunk::<8>()?;
        let age = now - DateTime::from_timestamp(i64::from_be_bytes(*signed_in_at), 0)?;
        let is_of_account = email.is_none_or(|email| self.account(email) == *account);
        (is_of_account && age < LIFETIME).then_some(Device { id: *id })
    }

    /// Identifier of an account in a token: cookies contain no e-mail address.
    fn account(&self, email: &str) -> [u8; 16] {
        let name = format!("device account {}", account(email));
        let mac = hmac::sign(&self.key, name.as_bytes());
        let mut short = [0; 16];
        short.copy_from_slice(&mac.as_ref()[..16]);
        short
    }

    fn message(&self, body: &[u8]) -> Vec<u8> {
        let mut message = format!("device {}\n", self.environment).into_bytes();
        message.extend(body);
        message
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Device, DeviceKey, LIFETIME};

    const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
    const OLENA: &str = "olena@karpaty.example";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn a_device_is_known_for_one_account_for_its_time_and_environment() {
        let (key, device) = (DeviceKey::new(SECRET, "staging"), Device { id: [7; 16] });
        let token = key.sign(OLENA, device, now());
        assert!(!token.contains("olena"));
        for account in [Some(OLENA), Some(" Olena@Karpaty.example"), None] {
            assert_eq!(key.verify(&token, account, now()), Some(device), "{account:?}");
        }
        assert_eq!(key.verify(&token, Some("petro@karpaty.example"), now()), None);
        let last = now() + LIFETIME - TimeDelta::seconds(1);
        assert_eq!(key.verify(&token, Some(OLENA), last), Some(device));
        assert_eq!(key.verify(&token, Some(OLENA), now() + LIFETIME), None);
        let elsewhere = DeviceKey::new(SECRET, "production");
        assert_eq!(elsewhere.verify(&token, Some(OLENA), now()), None);
    }

    #[test]
    fn a_forged_device_is_refused() {
        let key = DeviceKey::new(SECRET, "staging");
        let token = key.sign(OLENA, Device { id: [7; 16] }, now());
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(key.verify(&changed, Some(OLENA), now()), None, "{at}");
        }
        let other = DeviceKey::new(b"another secret of thirty-two byte", "staging");
        for forged in ["", "A", &token[1..], &other.sign(OLENA, Device { id: [7; 16] }, now())] {
            assert_eq!(key.verify(forged, None, now()), None, "{forged}");
        }
    }
}
