//! Headers that tell browsers what they must not do with an answer. A header that the answer has already stays.

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// On every answer.
const ALWAYS: [(HeaderName, &str); 6] = [
    // What we call JSON is never taken for a script.
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Nothing of ours is shown inside another page; the second is for browsers that do not know the first's
    // `frame-ancestors`.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Addresses hold ids.
    (header::REFERRER_POLICY, "no-referrer"),
    // Other sites do not load our answers as images or scripts. What CORS lets a page read is not held to it.
    (RESOURCE_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// On pages as well.
const PAGES: [(HeaderName, &str); 2] = [
    (OPENER_POLICY, "same-origin"),
    (
        PERMISSIONS,
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// A year. Without subdomains, which are not ours.
const TRANSPORT: &str = "max-age=31536000";

/// Sets them; `https` is whether people reach us by HTTPS, in which case they never should otherwise.
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
