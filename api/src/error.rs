//! Conversion of errors to responses: errors of use cases, of poem and our own all become the envelope of contract
//! section 1, with a code of section 9. Internal details are not sent: they are attached to the response as a [`Fault`]
//! and logged once, with the request's id.

mod code;
mod convert;
mod text;

use app::error::FieldError;
use poem::error::ResponseError;
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

pub use code::Code;
use text::printable;

/// `WWW-Authenticate` if a key is needed.
const KEY: &str = "ApiKey";

/// `WWW-Authenticate` if a session is needed.
const SESSION: &str = "Session";

/// Body of an error response.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Errors")]
pub struct ErrorBody {
    /// One item, or one item per invalid field.
    #[schemars(length(min = 1, max = 100))]
    errors: Vec<ErrorItem>,
}

/// An error.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Error")]
struct ErrorItem {
    /// Human-readable message. It may change.
    #[schemars(example = &"must be an e-mail address")]
    message: String,
    /// Machine-readable code. It does not change.
    #[schemars(length(max = 50), regex(pattern = r"^[A-Z_]+$"))]
    #[schemars(example = &"VALIDATION_ERROR")]
    error_code: &'static str,
    /// The same code as `errorCode`, for clients that read `code`.
    #[schemars(length(max = 50), regex(pattern = r"^[A-Z_]+$"))]
    #[schemars(example = &"VALIDATION_ERROR")]
    code: &'static str,
    /// Details of the error: `field` and `constraint` of a `VALIDATION_ERROR`, `seatsLeft` of `SEATS_UNAVAILABLE`,
    /// `orderIds` of `ORDER_CONFLICT`, `companies` and `partners` of `COMPANY_REQUIRED`, `jobs` of `JOB_CONFLICT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "serde_json::Map<String, Value>")]
    #[schemars(example = &json!({ "field": "passengers[0].email", "constraint": "email" }))]
    details: Option<Value>,
}

/// The internal cause of an error, for the log; attached to the response as data.
#[derive(Debug, Clone)]
pub struct Fault(pub String);

/// A refusal or failure, as a response.
#[derive(Debug, thiserror::Error)]
#[error("{}", code.wire().1)]
pub struct ApiError {
    code: Code,
    body: ErrorBody,
    headers: Vec<(HeaderName, HeaderValue)>,
    fault: Option<String>,
}

impl ApiError {
    /// An error with one item.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self::with_details(code, message, None)
    }

    fn with_details(code: Code, message: impl Into<String>, details: Option<Value>) -> Self {
        let (_, name) = code.wire();
        let item = ErrorItem {
            message: printable(message.into()),
            error_code: name,
            code: name,
            details,
        };
        Self {
            code,
            body: ErrorBody { errors: vec![item] },
            headers: match code {
                Code::Unavailable => vec![(header::RETRY_AFTER, HeaderValue::from_static("1"))],
                _ => Vec::new(),
            },
            fault: None,
        }
    }

    /// The same error with a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// A 401 that names the credential that is needed (RFC 9110 requires this).
    fn challenge(code: Code, message: &str, credential: &'static str) -> Self {
        Self::new(code, message).header(header::WWW_AUTHENTICATE, HeaderValue::from_static(credential))
    }

    /// An internal error: the cause is logged, and hidden from the caller.
    #[must_use]
    pub fn fault(cause: impl Into<String>) -> Self {
        Self {
            fault: Some(cause.into()),
            ..Self::new(Code::InternalError, "Internal error")
        }
    }

    /// The request took longer than the server allows, or a resource did not become free.
    #[must_use]
    pub fn unavailable(cause: impl Into<String>) -> Self {
        Self {
            fault: Some(cause.into()),
            ..Self::new(Code::Unavailable, "Temporarily unavailable; try again")
        }
    }

    /// More requests arrive than the process can serve.
    #[must_use]
    pub fn too_busy() -> Self {
        Self::new(Code::Unavailable, "Too many concurrent requests; try again")
    }

    /// An error with one item for each field that breaks a rule; there is at least one.
    #[must_use]
    pub fn validation(fields: Vec<FieldError>) -> Self {
        let (_, name) = Code::ValidationError.wire();
        let errors = fields
            .into_iter()
            .map(
                |FieldError {
                     field,
                     constraint,
                     message,
                 }| ErrorItem {
                    message: printable(format!("{field}: {message}")),
                    error_code: name,
                    code: name,
                    details: Some(json!({ "field": field, "constraint": constraint })),
                },
            )
            .collect();
        Self {
            code: Code::ValidationError,
            body: ErrorBody { errors },
            headers: Vec::new(),
            fault: None,
        }
    }

    /// The body is of another media type than JSON.
    #[must_use]
    pub fn not_json() -> Self {
        Self::new(Code::UnsupportedMediaType, "Content-Type must be application/json")
    }

    /// The route exists, but not for this method; `allow` lists those it exists for.
    #[must_use]
    pub fn method_not_allowed(allow: Option<HeaderValue>) -> Self {
        let error = Self::new(Code::MethodNotAllowed, "Method not allowed");
        match allow {
            Some(allow) => error.header(header::ALLOW, allow),
            None => error,
        }
    }

    /// The envelope.
    #[must_use]
    pub const fn body(&self) -> &ErrorBody {
        &self.body
    }

    /// The response.
    #[must_use]
    pub fn response(&self) -> Response {
        let (status, _) = self.code.wire();
        let mut response = match serde_json::to_vec(&self.body) {
            Ok(body) => Response::builder()
                .status(status)
                .content_type("application/json")
                .body(body),
            Err(error) => {
                let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
                response.set_data(Fault(error.to_string()));
                return response;
            }
        };
        response.headers_mut().extend(self.headers.clone());
        if let Some(fault) = &self.fault {
            response.set_data(Fault(fault.clone()));
        }
        response
    }
}

impl ResponseError for ApiError {
    fn status(&self) -> StatusCode {
        self.code.wire().0
    }

    fn as_response(&self) -> Response {
        self.response()
    }
}
