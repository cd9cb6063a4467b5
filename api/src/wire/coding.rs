//! Which content codings a client accepts (RFC 9110 section 12.5.3), and which bodies are worth one.

use poem::http::{HeaderMap, header};

/// Size in bytes from which a response is compressed.
pub const WORTH_IT: usize = 1024;

/// Whether a client accepts gzip.
#[must_use]
pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    accepts(headers, "gzip")
}

/// Whether a client accepts a content coding.
#[must_use]
pub fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let refused = |weight: &str| weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|entry| {
            let mut parts = entry.split(';');
            let name = parts.next().unwrap_or_default().trim();
            name.eq_ignore_ascii_case(coding) && !parts.any(refused)
        })
}
