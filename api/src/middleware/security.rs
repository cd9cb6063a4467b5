//! Headers that tell browsers what they must not do with a response. Headers that the response already has are kept.

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// Headers of every response.
const ALWAYS: [(HeaderName, &str); 6] = [
    // JSON is never interpreted as a script.
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // No response is shown inside a page of another site; the second header is for browsers that do not support
    // `frame-ancestors` in the first.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
    // URLs contain ids.
    (header::REFERRER_POLICY, "no-referrer"),
    // Other sites cannot load responses as images or scripts. Responses that CORS allows a page to read are not
    // affected.
    (RESOURCE_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Additional headers of pages.
const PAGES: [(HeaderName, &str); 2] = [
    (OPENER_POLICY, "same-origin"),
    (
        PERMISSIONS,
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// A year. Subdomains are not included, since they are not ours.
const TRANSPORT: &str = "max-age=31536000";

/// Sets the headers; with `https`, they instruct browsers to use only HTTPS from now on.
pub fn set(headers: &mut HeaderMap, https: bool) {
    let mut or_insert = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    for (name, value) in ALWAYS {
        or_insert(name, value);
    }
    if https {
        or_insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT);
    }
    let is_page = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if is_page {
        for (name, value) in PAGES {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
    }
}
