//! The body of a kept response: compressed, then encrypted. Encrypted bytes cannot be compressed later, and each row is
//! also written to the WAL of the database: compression reduces a booking to a third.

use std::cell::Cell;
use std::io::Read;

use domain::vault::{Encoding, Vault, VaultError};
use flate2::read::DeflateDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};

/// Minimum size in bytes of a body that is compressed.
const WORTH_IT: usize = 512;

thread_local! {
    /// For the next body of this thread: making one allocates over 350 kB and zeroes most of them, and a booking has a
    /// few kB.
    static COMPRESSOR: Cell<Option<Compress>> = const { Cell::new(None) };
}

/// Encrypts a body for its place.
///
/// # Errors
/// When it is too long to encrypt.
pub(super) fn seal(vault: &Vault, place: &[u8; 32], body: &[u8]) -> Result<Vec<u8>, VaultError> {
    match packed(body) {
        Some(packed) => vault.seal_answer(place, Encoding::Deflate, &packed),
        None => vault.seal_answer(place, Encoding::Plain, body),
    }
}

/// The body compressed, if that is worth it and makes it shorter.
fn packed(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < WORTH_IT {
        return None;
    }
    let kept = COMPRESSOR.take();
    let mut compressor = kept.unwrap_or_else(|| Compress::new(Compression::fast(), false));
    // The stream does not come to its end if it would be longer.
    let mut packed = Vec::with_capacity(body.len());
    let compressed = compressor.compress_vec(body, &mut packed, FlushCompress::Finish);
    if !matches!(compressed, Ok(Status::StreamEnd)) {
        // The compressor is not kept: resetting one in the middle of a stream leaves some of its state as it was.
        return None;
    }
    compressor.reset();
    COMPRESSOR.set(Some(compressor));
    Some(packed)
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
    fn a_body_that_compression_would_lengthen_is_kept_as_it_is_and_does_not_spoil_the_next() {
        let vault = Vault::new(&"0a".repeat(32).into()).unwrap();
        // Encrypted bytes are as good as random.
        let noise = vault.seal_answer(&[1; 32], Encoding::Plain, &[0; 100_000]).unwrap();
        let text = b"{\"seat\":1}".repeat(100);
        for body in [&text, &noise, &text, &text, &noise, &noise, &text] {
            let sealed = seal(&vault, &[1; 32], body).unwrap();
            assert_eq!(&open(&vault, &[1; 32], &sealed).unwrap(), body);
            assert_eq!(sealed.len() < body.len(), *body == text);
        }
    }

    #[test]
    fn a_body_that_an_earlier_release_kept_opens() {
        let vault = Vault::new(&"0a".repeat(32).into()).unwrap();
        let sealed = vault.seal_answer(&[1; 32], Encoding::Plain, &[b'a'; 1000]).unwrap();
        assert_eq!(open(&vault, &[1; 32], &sealed).unwrap(), [b'a'; 1000]);
    }
}
