//! Encryption of secrets: what the database stores of them can be decrypted only with a key from the configuration.
//!
//! AES-256-GCM (NIST SP 800-38D). A ciphertext is bound to its owner and its purpose, so that a copy in another row or
//! column cannot be decrypted: to account and purpose, or to the place of a stored response ([`super::idempotency`]).
//! Layout: 12 bytes nonce, then ciphertext and tag.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use secrecy::{ExposeSecret, SecretString};

use crate::id::TrackingAccountId;

/// What an encrypted secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A token for logging in at the provider.
    Token,
    /// A session at the provider.
    Session,
}

/// How the body of a response is encoded before it is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is sent.
    Plain,
    /// Compressed (deflate, RFC 1951).
    Deflate,
}

/// Why decryption failed, or a key is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Not 64 hex digits.
    #[error("VAULT_KEY must be set to 64 hex digits")]
    Key,
    /// Encrypted with another key, for another owner or purpose, or damaged.
    #[error("could not decrypt a stored secret with this VAULT_KEY")]
    Sealed,
}

/// Encrypts and decrypts.
pub struct Vault(RandomizedNonceKey);

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

/// What a response is bound to. The encoding is part of it, so a release that knows only plain responses reports that
/// it cannot decrypt a compressed one instead of sending it as it is.
fn bound(place: &[u8; 32], encoding: Encoding) -> Vec<u8> {
    let mut data = place.to_vec();
    if encoding == Encoding::Deflate {
        data.push(1);
    }
    data
}

/// What a secret of an account is bound to; places of responses have another length.
fn associated(account_id: TrackingAccountId, purpose: Purpose) -> [u8; 17] {
    let mut data = [0; 17];
    data[..16].copy_from_slice(account_id.0.as_bytes());
    data[16] = match purpose {
        Purpose::Token => 1,
        Purpose::Session => 2,
    };
    data
}

impl Vault {
    /// The vault of a key of 64 hex digits.
    ///
    /// # Errors
    /// [`VaultError::Key`].
    pub fn new(key: &SecretString) -> Result<Self, VaultError> {
        let hex = key.expose_secret().as_bytes();
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let bytes: Option<Vec<u8>> = hex
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
                _ => None,
            })
            .collect();
        let bytes = bytes.filter(|bytes| bytes.len() == 32).ok_or(VaultError::Key)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &bytes).map_err(|_| VaultError::Key)?;
        Ok(Self(key))
    }

    /// Encrypts a secret of an account.
    ///
    /// # Errors
    /// When the secret is longer than the cipher takes (64 GB).
    pub fn seal(
        &self,
        account_id: TrackingAccountId,
        purpose: Purpose,
        secret: &SecretString,
    ) -> Result<Vec<u8>, VaultError> {
        self.close(&associated(account_id, purpose), secret.expose_secret().as_bytes())
    }

    /// Decrypts what [`seal`](Self::seal) made.
    ///
    /// # Errors
    /// [`VaultError::Sealed`].
    pub fn open(
        &self,
        account_id: TrackingAccountId,
        purpose: Purpose,
        sealed: &[u8],
    ) -> Result<SecretString, VaultError> {
        let opened = self.disclose(&associated(account_id, purpose), sealed)?;
        let text = String::from_utf8(opened).map_err(|_| VaultError::Sealed)?;
        Ok(text.into())
    }

    /// Encrypts the body of a response for its place.
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub fn seal_answer(&self, place: &[u8; 32], encoding: Encoding, body: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.close(&bound(place, encoding), body)
    }

    /// Decrypts what [`seal_answer`](Self::seal_answer) made of a body in this encoding.
    ///
    /// # Errors
    /// [`VaultError::Sealed`].
    pub fn open_answer(&self, place: &[u8; 32], encoding: Encoding, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.disclose(&bound(place, encoding), sealed)
    }

    fn close(&self, bound_to: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut sealed = plain.to_vec();
        let nonce = self
            .0
            .seal_in_place_append_tag(Aad::from(bound_to), &mut sealed)
            .map_err(|_| VaultError::Sealed)?;
        sealed.splice(..0, *nonce.as_ref());
        Ok(sealed)
    }

    fn disclose(&self, bound_to: &[u8], sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, rest) = sealed.split_first_chunk::<12>().ok_or(VaultError::Sealed)?;
        let mut rest = rest.to_vec();
        let opened = self
            .0
            .open_in_place(Nonce::from(nonce), Aad::from(bound_to), &mut rest)
            .map_err(|_| VaultError::Sealed)?;
        Ok(opened.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::{Encoding, Purpose, Vault, VaultError};
    use crate::id::TrackingAccountId;

    fn vault(key: &str) -> Result<Vault, VaultError> {
        Vault::new(&key.to_owned().into())
    }

    #[test]
    fn opens_what_it_sealed_for_the_same_account_and_purpose_only() {
        let (ours, other) = (vault(&"0a".repeat(32)).unwrap(), vault(&"0b".repeat(32)).unwrap());
        let (account, stranger) = (TrackingAccountId::new(), TrackingAccountId::new());
        let sealed = ours.seal(account, Purpose::Token, &"tokén".to_owned().into()).unwrap();
        assert!(!sealed.windows(5).any(|part| part == b"token"));
        let open = |vault: &Vault, account, purpose, sealed: &[u8]| {
            vault
                .open(account, purpose, sealed)
                .map(|secret| secret.expose_secret().to_owned())
        };
        assert_eq!(open(&ours, account, Purpose::Token, &sealed), Ok("tokén".to_owned()));
        assert_eq!(open(&other, account, Purpose::Token, &sealed), Err(VaultError::Sealed));
        assert_eq!(open(&ours, stranger, Purpose::Token, &sealed), Err(VaultError::Sealed));
        assert_eq!(open(&ours, account, Purpose::Session, &sealed), Err(VaultError::Sealed));
        assert_eq!(open(&ours, account, Purpose::Token, &[]), Err(VaultError::Sealed));
        for byte in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[byte] ^= 1;
            assert_eq!(
                open(&ours, account, Purpose::Token, &damaged),
                Err(VaultError::Sealed),
                "{byte}"
            );
        }
    }

    #[test]
    fn an_answer_opens_in_its_place_and_encoding_only() {
        let vault = vault(&"0a".repeat(32)).unwrap();
        for (encoding, other) in [
            (Encoding::Plain, Encoding::Deflate),
            (Encoding::Deflate, Encoding::Plain),
        ] {
            let sealed = vault.seal_answer(&[1; 32], encoding, b"{}").unwrap();
            assert_eq!(vault.open_answer(&[1; 32], encoding, &sealed).unwrap(), b"{}");
            assert_eq!(vault.open_answer(&[2; 32], encoding, &sealed), Err(VaultError::Sealed));
            assert_eq!(vault.open_answer(&[1; 32], other, &sealed), Err(VaultError::Sealed));
        }
    }

    #[test]
    fn a_key_is_64_hex_digits() {
        for wrong in [
            "",
            "0a",
            &"0a".repeat(31),
            &"0a".repeat(33),
            &"0g".repeat(32),
            &"ї".repeat(32),
        ] {
            assert_eq!(vault(wrong).unwrap_err(), VaultError::Key, "{wrong}");
        }
        assert!(vault(&"aF".repeat(32)).is_ok());
    }
}
