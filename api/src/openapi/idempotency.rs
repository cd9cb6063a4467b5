//! `Idempotency-Key` in the document: which operations take it, and what is said of it.

use serde_json::{Value, json};

/// What an `Idempotency-Key` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Idempotency {
    /// The operation is carried out once.
    Kept,
    /// Nothing: the answers hold sessions.
    Unused,
}

impl Idempotency {
    /// What stands for the parameter in an operation.
    pub(super) fn parameter(self) -> Value {
        let name = match self {
            Self::Kept => "IdempotencyKey",
            Self::Unused => "IdempotencyKeyUnused",
        };
        json!({ "$ref": format!("#/components/parameters/{name}") })
    }
}

/// Parameters that operations share, under their names.
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
            "Makes it safe to send the request again: it is carried out once, and for 24 hours its first answer is \
             given again to the same caller, with `Idempotent-Replayed: true`. Make a new one, a UUID for example, for \
             each thing that is to be done. Conflicts (409), limits (429) and faults (5xx) are not kept: the same \
             request may be sent again with the same key.",
        ),
        "IdempotencyKeyUnused": parameter(
            "Accepted as by every POST, and not used: answers that hold or end sessions are not kept.",
        ),
    })
}
