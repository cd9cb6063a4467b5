//! Answers that operations share: which of them an operation can give follows from what it takes.

use serde_json::{Value, json};

/// An answer that operations share.
pub(super) struct Shared {
    /// Name of the component.
    name: &'static str,
    /// Its status.
    pub status: &'static str,
    /// Which operations can answer with it.
    applies: fn(&Traits) -> bool,
    /// Its code and what it means.
    pub meaning: &'static str,
    /// An example of its message.
    message: &'static str,
}

/// What decides about the shared answers of an operation.
pub(super) struct Traits {
    has_body: bool,
    /// A body, query parameters or an `Idempotency-Key`.
    has_input: bool,
    /// It takes the key of a partner.
    pub key: bool,
    /// It takes the session of a person.
    session: bool,
    /// It takes a refresh token.
    refresh: bool,
    /// It is about the person's own sessions and asks for no role.
    own: bool,
    /// It is of the old API, where a key that is missing or unknown is a 403.
    old: bool,
    /// It takes an `Idempotency-Key`, and whether that does anything.
    pub idempotency: Option<Idempotency>,
}

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

impl Traits {
    /// Those of an operation of that method, as it was generated.
    pub(super) fn of(method: &str, operation: &Value) -> Self {
        let list = |name: &str| operation[name].as_array().into_iter().flatten();
        let takes = |scheme: &str| list("security").any(|choice| choice.get(scheme).is_some());
        let has_body = operation.get("requestBody").is_some();
        let old = operation["deprecated"] == true;
        let own = list("tags").any(|tag| tag == "Sessions");
        let idempotency = match own {
            true => Idempotency::Unused,
            false => Idempotency::Kept,
        };
        let idempotency = Some(idempotency).filter(|_| method == "post" && !old);
        Self {
            has_body,
            has_input: has_body
                || idempotency.is_some()
                || list("parameters").any(|parameter| parameter["in"] == "query"),
            key: takes("apiKey"),
            session: takes("session"),
            refresh: takes("refresh"),
            own,
            old,
            idempotency,
        }
    }
}

const SHARED: [Shared; 12] = [
    Shared {
        name: "ValidationError",
        status: "400",
        applies: |traits| traits.has_input,
        meaning: "`VALIDATION_ERROR`: one item per offending field, `details` names the field and the rule.",
        message: "take: must be at most 100",
    },
    Shared {
        name: "Unauthorized",
        status: "401",
        applies: |traits| traits.key && !traits.session && !traits.old,
        meaning: "`UNAUTHORIZED`: the key is missing or unknown.",
        message: "API key missing or unknown",
    },
    Shared {
        name: "UnauthorizedVisitor",
        status: "401",
        applies: |traits| traits.key && traits.session,
        meaning: "`UNAUTHORIZED`: the key is unknown; or there is no key and no session, where one is asked for. `SESSION_EXPIRED`: the session has ended.",
        message: "API key missing or unknown",
    },
    Shared {
        name: "NotSignedIn",
        status: "401",
        applies: |traits| !traits.key && (traits.session || traits.refresh),
        meaning: "`UNAUTHORIZED`: there is no token, or it is none of ours. `SESSION_EXPIRED`: the token or its session has ended.",
        message: "Not signed in",
    },
    Shared {
        name: "Forbidden",
        status: "403",
        applies: |traits| !traits.key && traits.session && !traits.own,
        meaning: "`FORBIDDEN`: this is not for the person's role, or the request does not come from a page of ours.",
        message: "this is not for your role",
    },
    Shared {
        name: "IdempotencyInFlight",
        status: "409",
        applies: |traits| traits.idempotency == Some(Idempotency::Kept),
        meaning: "`IDEMPOTENCY_IN_FLIGHT`: a request with this `Idempotency-Key` is being served; try again after `Retry-After` seconds.",
        message: "A request with this Idempotency-Key is being served, try again",
    },
    Shared {
        name: "PayloadTooLarge",
        status: "413",
        applies: |traits| traits.has_body,
        meaning: "`PAYLOAD_TOO_LARGE`: the body is over 1 MiB.",
        message: "The body is over 1048576 bytes",
    },
    Shared {
        name: "UnsupportedMediaType",
        status: "415",
        applies: |traits| traits.has_body,
        meaning: "`UNSUPPORTED_MEDIA_TYPE`: the body is not `application/json`, or is compressed.",
        message: "Content-Type must be application/json",
    },
    Shared {
        name: "IdempotencyKeyReused",
        status: "422",
        applies: |traits| traits.idempotency == Some(Idempotency::Kept),
        meaning: "`IDEMPOTENCY_KEY_REUSED`: this `Idempotency-Key` came with another path or body before.",
        message: "This Idempotency-Key was used for another request",
    },
    Shared {
        name: "RateLimited",
        status: "429",
        applies: |traits| traits.key,
        meaning: "`RATE_LIMITED`: over the limit of the key, or of the address without one; try again after `Retry-After` seconds.",
        message: "Too many requests, try again later",
    },
    Shared {
        name: "InternalError",
        status: "500",
        applies: |_| true,
        meaning: "`INTERNAL_ERROR`: a fault of ours; tell us the `x-request-id`.",
        message: "Internal error",
    },
    Shared {
        name: "Unavailable",
        status: "503",
        applies: |_| true,
        meaning: "`UNAVAILABLE`: try again after `Retry-After` seconds.",
        message: "Temporarily unavailable, try again",
    },
];

/// The shared answers of an operation.
pub(super) fn of(traits: &Traits) -> impl Iterator<Item = &'static Shared> {
    SHARED.iter().filter(|shared| (shared.applies)(traits))
}

impl Shared {
    /// What stands for it in an operation.
    pub(super) fn reference(&self) -> Value {
        json!({ "$ref": format!("#/components/responses/{}", self.name) })
    }
}

/// The envelope with an example; the code is the first that `meaning` names.
pub(super) fn error_content(meaning: &str, message: &str, details: Option<Value>) -> Value {
    let code = meaning.split('`').nth(1).unwrap_or_default();
    let mut item = json!({ "message": message, "errorCode": code, "code": code });
    if let Some(details) = details {
        item["details"] = details;
    }
    json!({ "application/json": {
        "schema": { "$ref": "#/components/schemas/Errors" },
        "example": { "errors": [item] },
    }})
}

/// Every shared answer, under its name.
pub(super) fn components() -> Value {
    let responses = SHARED.map(
        |Shared {
             name,
             status,
             meaning,
             message,
             ..
         }| {
            let details = (status == "400").then(|| json!({ "field": "take", "constraint": "max" }));
            let mut headers = json!({ "x-request-id": { "$ref": "#/components/headers/RequestId" } });
            // The others are of people, who have no rate limits.
            if !matches!(name, "NotSignedIn" | "Forbidden") {
                add_limits(&mut headers);
            }
            if matches!(status, "400" | "415") {
                add_replayed(&mut headers);
            }
            if matches!(status, "409" | "429" | "503") {
                headers["retry-after"] = retry_after();
            }
            let content = error_content(meaning, message, details);
            (
                name.to_owned(),
                json!({ "description": meaning, "headers": headers, "content": content }),
            )
        },
    );
    Value::Object(responses.into_iter().collect())
}

/// The headers of rate limits.
pub(super) fn add_limits(headers: &mut Value) {
    for (name, component) in [("ratelimit-policy", "RateLimitPolicy"), ("ratelimit", "RateLimit")] {
        headers[name] = json!({ "$ref": format!("#/components/headers/{component}") });
    }
}

/// The header of answers that were given before.
pub(super) fn add_replayed(headers: &mut Value) {
    headers["idempotent-replayed"] = json!({ "$ref": "#/components/headers/IdempotentReplayed" });
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

/// Headers that answers share, under their names.
pub(super) fn headers() -> Value {
    json!({
        "RequestId": {
            "description": "The caller's `x-request-id` if it sent a valid one, else a new one.",
            "schema": { "type": "string", "example": "0198c6a5f0e7d8c9b3a2f1e0d4c5b6a" },
        },
        "RateLimitPolicy": {
            "description": "The limit that the request counted against: `q` requests at once, and as many again within \
                            `w` seconds. On everything that partners call; absent while nothing can be counted.",
            "schema": { "type": "string", "example": "\"search\";q=20000;w=10" },
        },
        "RateLimit": {
            "description": "What is left of it: `r` requests can follow at once, one more than these in `t` seconds.",
            "schema": { "type": "string", "example": "\"search\";r=19999;t=1" },
        },
        "IdempotentReplayed": {
            "description": "`true` on an answer that was given to this `Idempotency-Key` before; absent on the first.",
            "schema": { "type": "string", "enum": ["true"] },
        },
        "Deprecation": {
            "description": "Since when it is deprecated (RFC 9745).",
            "schema": { "type": "string", "example": "@1796083200" },
        },
        "Sunset": {
            "description": "When it ends at the earliest (RFC 8594).",
            "schema": { "type": "string", "example": "Mon, 01 Mar 2027 00:00:00 GMT" },
        },
        "DeprecationLink": {
            "description": "The guide to what replaces it.",
            "schema": {
                "type": "string",
                "example": "<https://api.example.com/guides/rest-to-v2-migration>; rel=\"deprecation\"",
            },
        },
    })
}

/// The header that says when to try again.
pub(super) fn retry_after() -> Value {
    json!({ "description": "Seconds to wait.", "schema": { "type": "integer" } })
}
