//! Entity tags (RFC 9110 section 8.8.3).

use std::fmt::Write as _;

use poem::http::HeaderValue;
use sha2::{Digest, Sha256};

/// Bytes of the hash in a tag: enough to distinguish the bodies of one address.
const TOLD: usize = 16;

/// The weak tag of a body.
#[must_use]
pub fn of(body: &[u8]) -> HeaderValue {
    let mut text = String::with_capacity(4 + 2 * TOLD);
    text.push_str("W/\"");
    for byte in &Sha256::digest(body)[..TOLD] {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('"');
    // Hex digits and quotes are always a header's value.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether `If-None-Match`, given in these lines, names the tag, by weak comparison. `*` names any tag. A malformed
/// list is read up to the error.
#[must_use]
pub fn any_is(lines: &[HeaderValue], tag: &HeaderValue) -> bool {
    let opaque = opaque(tag.as_bytes());
    lines.iter().any(|line| {
        let line = line.as_bytes();
        line.trim_ascii() == b"*" || Tags(line).any(|known| Some(known) == opaque)
    })
}

/// The text between the quotes of the first tag.
fn opaque(tag: &[u8]) -> Option<&[u8]> {
    Tags(tag).next()
}

/// The tags of a list, without quotes and weakness marks.
struct Tags<'a>(&'a [u8]);

impl<'a> Iterator for Tags<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let start = self.0.iter().position(|byte| !b", \t".contains(byte))?;
        let rest = &self.0[start..];
        let quoted = rest.strip_prefix(b"W/").unwrap_or(rest).strip_prefix(b"\"")?;
        let end = quoted.iter().position(|&byte| byte == b'"')?;
        self.0 = &quoted[end + 1..];
        Some(&quoted[..end])
    }
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;
    use rstest::rstest;

    use super::{any_is, of};

    #[rstest]
    #[case(&["\"a\""], true)]
    #[case(&["W/\"a\""], true)]
    #[case(&["*"], true)]
    #[case(&[" * "], true)]
    #[case(&["\"b\", W/\"a\""], true)]
    #[case(&["\"b\",\"a,c\" ,\t\"a\""], true)]
    #[case(&["\"b\"", "\"a\""], true)]
    #[case(&[",, \"a\""], true)]
    #[case(&["\"a,b\""], false)]
    #[case(&["a"], false)]
    #[case(&["w/\"a\""], false)]
    #[case(&["\"a"], false)]
    #[case(&["\"b\" nonsense \"a\""], false)]
    #[case(&["\"A\""], false)]
    #[case(&["\"*\""], false)]
    #[case(&[""], false)]
    #[case(&[], false)]
    fn a_list_names_a_tag(#[case] lines: &[&'static str], #[case] named: bool) {
        let lines: Vec<_> = lines.iter().copied().map(HeaderValue::from_static).collect();
        for tag in ["\"a\"", "W/\"a\""] {
            assert_eq!(any_is(&lines, &HeaderValue::from_static(tag)), named, "{tag}");
        }
    }

    #[test]
    fn another_body_has_another_tag() {
        assert_eq!(of(b"a"), of(b"a"));
        assert_ne!(of(b"a"), of(b"b"));
        assert_eq!(of(b"").len(), 36);
    }
}
