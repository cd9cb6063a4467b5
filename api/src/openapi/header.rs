//! Headers that answers share.

use common::domain::rate_limit::MAX_WINDOW;
use serde_json::{Value, json};

use crate::wire::bounds::LONGEST_TEXT;
/// The headers of the old API.
pub(super) fn add_old(headers: &mut Value) {
    for (name, component) in [
        ("Deprecation", "Deprecation"),
        ("Sunset", "Sunset"),
        ("Link", "DeprecationLink"),
    ] {
        headers[name] = json!({ "$ref": format!("#/components/headers/{component}") });
    }
}

/// The headers that every answer can have.
pub(super) fn add(headers: &mut Value) {
    for (name, component) in [
        ("X-Request-Id", "RequestId"),
        ("RateLimit-Policy", "RateLimitPolicy"),
        ("RateLimit", "RateLimit"),
        ("Access-Control-Allow-Origin", "Access-Control-Allow-Origin"),
    ] {
        headers[name] = json!({ "$ref": format!("#/components/headers/{component}") });
    }
}

/// The header of answers that were given before.
pub(super) fn add_replayed(headers: &mut Value) {
    headers["Idempotent-Replayed"] = json!({ "$ref": "#/components/headers/IdempotentReplayed" });
}

/// Headers that answers share, under their names.
pub(super) fn components() -> Value {
    json!({
        "RequestId": {
            "description": "The caller's `x-request-id` if it sent a valid one, else a new one.",
            "schema": {
                "type": "string", "pattern": "^[A-Za-z0-9._-]+$", "maxLength": 128,
                "example": "0198c6a5f0e7d8c9b3a2f1e0d4c5b6a",
            },
        },
        "RateLimitPolicy": {
            "description": "The limit that the request counted against: `q` requests at once, and as many again within \
                            `w` seconds. Absent while nothing can be counted.",
            "schema": text("\"search\";q=20000;w=10"),
        },
        "RateLimit": {
            "description": "What is left of it: `r` requests can follow at once, one more than these in `t` seconds.",
            "schema": text("\"search\";r=19999;t=1"),
        },
        "Access-Control-Allow-Origin": {
            "description": "The origin of the page that asks, where the operator lets pages of that origin read the \
                            answer. Absent for all others, and always where a session is taken: the backoffice is for \
                            pages of its own origin.",
            "schema": text("https://tickets.example"),
        },
        "IdempotentReplayed": {
            "description": "`true` on an answer that was given to this `Idempotency-Key` before; absent on the first.",
            "schema": { "type": "string", "enum": ["true"] },
        },
        "Deprecation": {
            "description": "Since when it is deprecated (RFC 9745).",
            "schema": text("@1796083200"),
        },
        "Sunset": {
            "description": "When it ends at the earliest (RFC 8594).",
            "schema": text("Mon, 01 Mar 2027 00:00:00 GMT"),
        },
        "DeprecationLink": {
            "description": "The guide to what replaces it.",
            "schema": text("<https://api.example.com/guides/rest-to-v2-migration>; rel=\"deprecation\""),
        },
    })
}

/// The text of a header (RFC 9110: no control characters).
fn text(example: &str) -> Value {
    json!({ "type": "string", "pattern": "^[^\\x00-\\x1f]*$", "maxLength": LONGEST_TEXT, "example": example })
}

/// The header that says when to try again.
pub(super) fn retry_after() -> Value {
    json!({
        "description": "Seconds to wait.",
        "schema": { "type": "integer", "format": "int32", "minimum": 0, "maximum": MAX_WINDOW, "example": 1 },
    })
}
