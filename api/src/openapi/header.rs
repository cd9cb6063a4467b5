//! Headers that responses share.

use domain::rate_limit::MAX_WINDOW;
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

/// The headers that every response can have.
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

/// The header of repeated responses.
pub(super) fn add_replayed(headers: &mut Value) {
    headers["Idempotent-Replayed"] = json!({ "$ref": "#/components/headers/IdempotentReplayed" });
}

/// Headers that responses share, by name.
pub(super) fn components() -> Value {
    json!({
        "RequestId": {
            "description": "The `x-request-id` of the request if it is valid, otherwise a new one.",
            "schema": {
                "type": "string", "pattern": "^[A-Za-z0-9._-]+$", "maxLength": 128,
                "example": "0198c6a5f0e7d8c9b3a2f1e0d4c5b6a",
            },
        },
        "RateLimitPolicy": {
            "description": "Rate limit that the request counted against: `q` requests at once, and as many again \
                            within `w` seconds. Absent while requests cannot be counted.",
            "schema": text("\"search\";q=20000;w=10"),
        },
        "RateLimit": {
            "description": "Remaining requests: `r` requests can follow at once, and one more in `t` seconds.",
            "schema": text("\"search\";r=19999;t=1"),
        },
        "Access-Control-Allow-Origin": {
            "description": "Origin of the requesting page, if the operator allows pages of that origin to read the \
                            response. Absent for all other origins, and always absent from operations of the \
                            back office, which is only for pages of its own origin.",
            "schema": text("https://tickets.example"),
        },
        "IdempotentReplayed": {
            "description": "`true` if this response was already given to this `Idempotency-Key`. Absent on the first \
                            response.",
            "schema": { "type": "string", "enum": ["true"] },
        },
        "Deprecation": {
            "description": "Time from which the old API is deprecated (RFC 9745).",
            "schema": text("@1796083200"),
        },
        "Sunset": {
            "description": "Earliest time at which the old API ends (RFC 8594).",
            "schema": text("Mon, 01 Mar 2027 00:00:00 GMT"),
        },
        "DeprecationLink": {
            "description": "Link to the migration guide.",
            "schema": text("<https://api.example.com/guides/rest-to-v2-migration>; rel=\"deprecation\""),
        },
    })
}

/// The text of a header (RFC 9110: no control characters).
fn text(example: &str) -> Value {
    json!({ "type": "string", "pattern": "^[^\\x00-\\x1f]*$", "maxLength": LONGEST_TEXT, "example": example })
}

/// The header with the time to wait.
pub(super) fn retry_after() -> Value {
    json!({
        "description": "Seconds to wait before the next attempt.",
        "schema": { "type": "integer", "format": "int32", "minimum": 0, "maximum": MAX_WINDOW, "example": 1 },
    })
}
