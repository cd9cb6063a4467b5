//! When a certificate ends: the `notAfter` of its `Validity` (RFC 5280, section 4.1). rustls checks certificates, but
//! does not expose this field.

use chrono::{DateTime, NaiveDateTime, Utc};

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The last instant at which a certificate (DER) is valid; `None` when it cannot be read.
pub fn not_after(certificate: &[u8]) -> Option<DateTime<Utc>> {
    let (certificate, _) = expect(SEQUENCE, certificate)?;
    let (signed, _) = expect(SEQUENCE, certificate)?;
    // Version 1 has no version field.
    let rest = expect(VERSION, signed).map_or(signed, |(_, rest)| rest);
    let (_serial, rest) = expect(INTEGER, rest)?;
    let (_signature, rest) = expect(SEQUENCE, rest)?;
    let (_issuer, rest) = expect(SEQUENCE, rest)?;
    let (validity, _) = expect(SEQUENCE, rest)?;
    let (_, _, rest) = element(validity)?;
    let (tag, time, _) = element(rest)?;
    let text = std::str::from_utf8(time).ok()?;
    let instant = match tag {
        // Two digits of the year, from 1950 to 2049; chrono uses another pivot.
        UTC_TIME => {
            let century = if text.get(..2)?.parse::<u8>().ok()? < 50 {
                "20"
            } else {
                "19"
            };
            NaiveDateTime::parse_from_str(&format!("{century}{text}"), "%Y%m%d%H%M%SZ")
        }
        GENERALIZED_TIME => NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%SZ"),
        _ => return None,
    };
    Some(instant.ok()?.and_utc())
}

/// The contents of an element with this tag, and what follows it.
fn expect(wanted: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (tag, contents, rest) = element(der)?;
    (tag == wanted).then_some((contents, rest))
}

/// The first element: its tag, its contents, and what follows it.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, der) = der.split_first()?;
    let (length, der) = der.split_first()?;
    let (length, der) = match length {
        0..=0x7f => (usize::from(*length), der),
        // The number of bytes of the length.
        0x81..=0x83 => {
            let (bytes, der) = der.split_at_checked(usize::from(length & 0x7f))?;
            (
                bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
                der,
            )
        }
        _ => return None,
    };
    let (contents, rest) = der.split_at_checked(length)?;
    Some((*tag, contents, rest))
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject;

    use super::not_after;

    #[test]
    fn the_expiry_is_read_from_whole_certificates_only() {
        let pem = include_bytes!("../../tests/it/http/tls/first.pem");
        let certificate = CertificateDer::from_pem_slice(pem).unwrap();
        assert_eq!(
            not_after(&certificate).unwrap().to_rfc3339(),
            "2120-01-01T00:00:00+00:00"
        );
        for length in 0..certificate.len().min(200) {
            assert_eq!(not_after(&certificate[..length]), None);
        }
        assert_eq!(not_after(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]), None);
    }
}
