//! Decodes the bytes of a file to text.

use std::collections::HashSet;

use super::clause::Clause;
use super::findings::Refusal;

/// Checks that a file is text in UTF-8 and strips the byte order mark.
///
/// # Errors
/// Names the line of the first offending byte and the encoding it looks like.
pub fn text<'a>(file: &'static str, bytes: &'a [u8]) -> Result<&'a str, Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let refuse = |at: usize, reason: Clause| Refusal::Malformed {
        file,
        line: 1 + newlines(&bytes[..at]),
        reason: reason.into(),
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(refuse(0, Clause::Utf16 {}));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => match text.bytes().position(|b| b == 0) {
            Some(at) => Err(refuse(at, Clause::NulBytes {})),
            None => Ok(text),
        },
        Err(e) => Err(refuse(e.valid_up_to(), Clause::SingleByteEncoding {})),
    }
}

/// Line feeds in a piece of a file.
#[expect(
    clippy::naive_bytecount,
    reason = "the compiler vectorises it; no crate for one line"
)]
pub fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

/// Every field of a file that cannot be read as a table: the ids that it may refer to. Ids are usually plain enough to
/// survive a wrong encoding, a wrong delimiter or a quote that is not closed.
pub fn fields(bytes: &[u8]) -> HashSet<String> {
    let wide = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    text.split([',', ';', '\t', '\n', '\r', '"', '\0', '\u{feff}'])
        .map(str::trim)
        .filter(|field| !field.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{fields, text};

    #[test]
    fn names_line_and_likely_encoding_of_foreign_text() {
        let latin = text("stops.txt", b"stop_id,stop_name\n1,Plain\n2,M\xfcnchen\n").unwrap_err();
        assert!(
            latin
                .to_string()
                .starts_with("stops.txt:3 is not UTF-8: it looks like a single-byte"),
            "{latin}"
        );
        let wide = text("stops.txt", b"\xff\xfes\0t\0").unwrap_err();
        assert!(wide.to_string().contains("UTF-16"), "{wide}");
        assert!(
            text("stops.txt", b"a\n\0\n")
                .unwrap_err()
                .to_string()
                .starts_with("stops.txt:2")
        );
    }

    #[test]
    fn finds_the_fields_of_a_file_that_is_no_table() {
        let expected = ["id", "a b", "7"].map(str::to_owned).into();
        let plain = "\u{feff}id;\"a b\";7\r\n";
        assert_eq!(fields(plain.as_bytes()), expected);
        let little: Vec<u8> = plain.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(fields(&little), expected);
        let big: Vec<u8> = plain.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(fields(&big), expected);
        assert!(fields(b"trip\tK\xf6ln\n").contains("trip"));
    }
}
