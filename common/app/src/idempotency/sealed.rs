//! The body of a kept response: compressed, then encrypted. Encrypted bytes cannot be compressed later, and each row is
//! also written to the WAL of the database: compression reduces a booking to a third.

use std::io::{Read, Write};

use domain::vault::{Encoding, Vault, VaultError};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// Minimum size in bytes of a body that is compressed.
const WORTH_IT: usize = 512;

/// Encrypts a body for its place.
///
/// # Errors
/// When it is too long to encrypt.
pub(super) fn seal(vault: &Vault, place: &[u8; 32], body: &[u8]) -> Result<Vec<u8>, VaultError> {
    if body.len() >= WORTH_IT {
        let mut packed = DeflateEncoder::new(Vec::with_capacity(body.len() / 2), Compression::fast());
        // Writing to memory does not fail.
        if packed.write_all(body).is_ok()
            && let Ok(packed) = packed.finish()
        {
            return vault.seal_answer(place, Encoding::Deflate, &packed);
        }
    }
    vault.seal_answer(place, Encoding::Plain, body)
}

/// Decrypts what [`seal`] made, or an earlier release, which did not compress.
///
/// # Errors
/// When it was encrypted with another key or for another place, or is damaged.
pub(super) fn open(vault: &Vault, place: &[u8; 32], sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let Ok(packed) = vault.open_answer(place, Encoding::Deflate, sealed) else {
        return vault.open_answer(place, Encoding::Plain, sealed);
    };
    let mut body = Vec::new();
    DeflateDecoder::new(packed.as_slice())
        .read_to_end(&mut body)
        .map_err(|_| VaultError::Sealed)?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use domain::vault::{Encoding, Vault, VaultError};

    use super::{WORTH_IT, open, seal};

    #[test]
    fn bodies_of_every_length_open_as_they_were() {
        let vault = Vault::new(&"0a".repeat(32).into()).unwrap();
        for length in [0, 1, WORTH_IT - 1, WORTH_IT, 100_000] {
            let body = b"{\"seat\":1}".iter().copied().cycle().take(length).collect::<Vec<_>>();
            let sealed = seal(&vault, &[1; 32], &body).unwrap();
            assert_eq!(open(&vault, &[1; 32], &sealed).unwrap(), body);
            assert_eq!(open(&vault, &[2; 32], &sealed), Err(VaultError::Sealed));
            assert_eq!(sealed.len() < length, length >= WORTH_IT, "{length}");
        }
    }

    #[test]
    fn a_body_that_an_earlier_release_kept_opens() {
        let vault = Vault::new(&"0a".repeat(32).into()).unwrap();
        let sealed = vault.seal_answer(&[1; 32], Encoding::Plain, &[b'a'; 1000]).unwrap();
        assert_eq!(open(&vault, &[1; 32], &sealed).unwrap(), [b'a'; 1000]);
    }
}
