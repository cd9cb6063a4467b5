//! Responses that operations share. The policy of an operation determines which of them it can give.

use app::error::{AppError, FieldError};
use serde_json::{Map, Value, json};

use super::header;
use super::unfinished::Unfinished;
use crate::auth::person;
use crate::error::{ApiError, Code};
use crate::middleware::body::{self, BodyCapacity};
use crate::middleware::rate_limit;
use crate::route::policy::{Body, Caller, Idempotency, Policy};
use crate::wire::archive;

/// A response that operations share.
pub(super) struct Shared {
    /// Name of the component.
    name: &'static str,
    /// Its status.
    pub status: &'static str,
    /// Which operations can give it.
    applies: fn(&Policy) -> bool,
    /// Its code and what it means.
    pub meaning: &'static str,
    /// An example: the error of its first code, as the API makes it.
    error: fn() -> ApiError,
}

/// Prefix of the name of a response of the old API, which has other headers.
const OLD: &str = "Old";

const SHARED: [Shared; 14] = [
    Shared {
        name: "ValidationError",
        status: "400",
        applies: |_| true,
        meaning: "`VALIDATION_ERROR`: one item per invalid field; `details` contains the field and the rule that it \
                  violates.",
        error: || ApiError::validation(vec![FieldError::new("take", "max", "must be at most 100")]),
    },
    Shared {
        name: "Unauthorized",
        status: "401",
        applies: |policy| policy.caller == Caller::Partner && !policy.deprecated,
        meaning: "`UNAUTHORIZED`: the API key is missing or unknown.",
        error: || ApiError::from(AppError::Unauthorized),
    },
    Shared {
        name: "UnauthorizedVisitor",
        status: "401",
        applies: |policy| matches!(policy.caller, Caller::Visitor | Caller::PartnerOrStaff(_)),
        meaning: "`UNAUTHORIZED`: the API key is unknown, or a key or session is required and both are missing. \
                  `SESSION_EXPIRED`: the session has ended.",
        error: || ApiError::from(AppError::Unauthorized),
    },
    Shared {
        name: "NotSignedIn",
        status: "401",
        applies: |policy| matches!(policy.caller, Caller::Refresh | Caller::Person | Caller::Staff(_)),
        meaning: "`UNAUTHORIZED`: the token is missing or was not issued by us. `SESSION_EXPIRED`: the token has \
                  expired or its session has ended.",
        error: || ApiError::from(AppError::NoSession),
    },
    Shared {
        name: "Forbidden",
        status: "403",
        applies: |policy| matches!(policy.caller, Caller::Staff(_)),
        meaning: "`FORBIDDEN`: the role of the user does not allow this, or the request does not come from a page of \
                  this origin.",
        error: || ApiError::from(AppError::Forbidden(person::NO_RIGHT)),
    },
    Shared {
        name: "IdempotencyInFlight",
        status: "409",
        applies: |policy| policy.idempotency == Idempotency::Kept,
        meaning: "`IDEMPOTENCY_IN_FLIGHT`: a request with this `Idempotency-Key` is in progress; try again after \
                  `Retry-After` seconds.",
        error: || ApiError::from(AppError::IdempotencyInFlight),
    },
    Shared {
        name: "PayloadTooLarge",
        status: "413",
        applies: |policy| policy.body == Body::Json,
        meaning: "`PAYLOAD_TOO_LARGE`: the body is larger than 1 MiB.",
        error: || body::too_large(BodyCapacity::default().known.body),
    },
    Shared {
        name: "ArchiveTooLarge",
        status: "413",
        applies: |policy| policy.body == Body::Archive,
        meaning: "`PAYLOAD_TOO_LARGE`: the archive is larger than 256 MiB.",
        error: archive::too_large,
    },
    Shared {
        name: "NoArchive",
        status: "415",
        applies: |policy| policy.body == Body::Archive,
        meaning: "`UNSUPPORTED_MEDIA_TYPE`: the body is not `application/zip`, or it has a `Content-Encoding`.",
        error: archive::not_an_archive,
    },
    Shared {
        name: "UnsupportedMediaType",
        status: "415",
        applies: |policy| policy.body == Body::Json,
        meaning: "`UNSUPPORTED_MEDIA_TYPE`: the body is not `application/json`, or it is compressed.",
        error: ApiError::not_json,
    },
    Shared {
        name: "IdempotencyKeyReused",
        status: "422",
        applies: |policy| policy.idempotency == Idempotency::Kept,
        meaning: "`IDEMPOTENCY_KEY_REUSED`: this `Idempotency-Key` was used before with another path, query or body.",
        error: || ApiError::from(AppError::IdempotencyKeyReused),
    },
    Shared {
        name: "RateLimited",
        status: "429",
        applies: |_| true,
        meaning: "`RATE_LIMITED`: the rate limit of the key, or of the client's address if no valid key counts, is \
                  exceeded; try again after `Retry-After` seconds.",
        error: || ApiError::new(Code::RateLimited, rate_limit::TOO_MANY),
    },
    Shared {
        name: "InternalError",
        status: "500",
        applies: |_| true,
        meaning: "`INTERNAL_ERROR`: an error on our side. Contact us with the `x-request-id`.",
        error: || ApiError::fault("an example"),
    },
    Shared {
        name: "Unavailable",
        status: "503",
        applies: |_| true,
        meaning: "`UNAVAILABLE`: the service is temporarily unavailable; try again after `Retry-After` seconds.",
        error: || ApiError::unavailable("an example"),
    },
];

/// The shared responses of an operation.
pub(super) fn of(policy: &Policy) -> impl Iterator<Item = &'static Shared> {
    SHARED.iter().filter(|shared| (shared.applies)(policy))
}

impl Shared {
    /// The reference to it in an operation.
    pub(super) fn reference(&self, policy: &Policy) -> Value {
        let old = if policy.deprecated { OLD } else { "" };
        json!({ "$ref": format!("#/components/responses/{old}{}", self.name) })
    }

    /// The codes that `meaning` explains.
    pub(super) fn codes(&self) -> impl Iterator<Item = &'static str> {
        let quoted = self.meaning.split('`').skip(1).step_by(2);
        quoted.filter(|quoted| self.meaning.contains(&format!("`{quoted}`:")))
    }

    /// The response itself.
    fn component(&self) -> Result<Value, Unfinished> {
        let mut headers = json!({});
        header::add(&mut headers);
        if matches!(self.status, "400" | "415") {
            header::add_replayed(&mut headers);
        }
        if matches!(self.status, "409" | "429" | "503") {
            headers["Retry-After"] = header::retry_after();
        }
        let content = error_content(&(self.error)())?;
        Ok(json!({ "description": self.meaning, "headers": headers, "content": content }))
    }
}

/// The envelope, with `error` as its example.
pub(super) fn error_content(error: &ApiError) -> Result<Value, Unfinished> {
    let example = serde_json::to_value(error.body())?;
    Ok(json!({ "application/json": {
        "schema": { "$ref": "#/components/schemas/Errors" },
        "example": example,
    }}))
}

/// Every shared response that some operation can give, by name. `is_used` says whether a reference is used.
pub(super) fn components(is_used: impl Fn(&str) -> bool) -> Result<Value, Unfinished> {
    let mut components = Map::new();
    for shared in &SHARED {
        let component = shared.component()?;
        let mut old = component.clone();
        header::add_old(&mut old["headers"]);
        for (prefix, response) in [("", component), (OLD, old)] {
            let name = format!("{prefix}{}", shared.name);
            if is_used(&format!("\"#/components/responses/{name}\"")) {
                components.insert(name, response);
            }
        }
    }
    Ok(components.into())
}
