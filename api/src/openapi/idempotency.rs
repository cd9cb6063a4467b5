//! `Idempotency-Key` in the document.

use serde_json::{Value, json};

use crate::route::policy::Idempotency;

/// The reference to the parameter in an operation, if it takes one.
pub(super) fn parameter(effect: Idempotency) -> Option<Value> {
    let name = match effect {
        Idempotency::Ignored => return None,
        Idempotency::Unused => "IdempotencyKeyUnused",
        Idempotency::Kept => "IdempotencyKey",
    };
    Some(json!({ "$ref": format!("#/components/parameters/{name}") }))
}

/// Parameters that operations share, by name.
pub(super) fn parameters() -> Value {
    let parameter = |description: &str| {
        json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": description,
            "required": false,
            // A header value does not begin or end with a space.
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$" },
        })
    };
    json!({
        "IdempotencyKey": parameter(
            "Makes it safe to retry the request. The request is carried out once. For 24 hours, a retry by the same \
             caller returns the first response, with `Idempotent-Replayed: true`. Use a new key for each new request, \
             for example a UUID. Conflicts (409), exceeded limits (429) and server errors (5xx) are not stored: the \
             same request can be sent again with the same key.",
        ),
        "IdempotencyKeyUnused": parameter(
            "Accepted on every POST request, but not used here: responses that contain or end a session are not \
             stored.",
        ),
    })
}
