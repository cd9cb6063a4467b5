//! `Idempotency-Key` in the document: which operations take it, and its description.

use serde_json::{Value, json};

/// The effect of an `Idempotency-Key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Idempotency {
    /// The operation is carried out once.
    Kept,
    /// None: the responses contain sessions.
    Unused,
}

impl Idempotency {
    /// The reference to the parameter in an operation.
    pub(super) fn parameter(self) -> Value {
        let name = match self {
            Self::Kept => "IdempotencyKey",
            Self::Unused => "IdempotencyKeyUnused",
        };
        json!({ "$ref": format!("#/components/parameters/{name}") })
    }
}

/// Parameters that operations share, by name.
pub(super) fn parameters() -> Value {
    let parameter = |description: &str| {
        json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": description,
            "required": false,
            // A header begins and ends with no blank.
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
