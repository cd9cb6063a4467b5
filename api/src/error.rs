//! Conversion of errors to responses: errors of use cases, of poem and our own all become the envelope of contract
//! section 1, with a code of section 9. Internal details are not sent: they are attached to the response as a [`Fault`]
//! and logged once, with the request's id.

mod code;
mod text;

use app::error::{AppError, FieldError, Noun, chain};
use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError, ResponseError};
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

pub use code::Code;
use text::printable;

/// `WWW-Authenticate` where a key would help.
const KEY: &str = "ApiKey";

/// `WWW-Authenticate` where signing in would help.
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
    /// `orderIds` of `ORDER_CONFLICT`, `companies` and `partners` of `COMPANY_REQUIRED`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "serde_json::Map<String, Value>")]
    #[schemars(example = &json!({ "field": "passengers[0].email", "constraint": "email" }))]
    details: Option<Value>,
}

/// What went wrong inside, for the log; set as data of the response.
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
    /// An error of one item.
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

    /// A 401, with the credential that would help (RFC 9110 asks for it).
    fn challenge(code: Code, message: &str, credential: &'static str) -> Self {
        Self::new(code, message).header(header::WWW_AUTHENTICATE, HeaderValue::from_static(credential))
    }

    /// A fault of ours: the caller learns nothing of the cause, the log everything.
    #[must_use]
    pub fn fault(cause: impl Into<String>) -> Self {
        Self {
            fault: Some(cause.into()),
            ..Self::new(Code::InternalError, "Internal error")
        }
    }

    /// The request took longer than the server lets it, or a resource did not become free.
    #[must_use]
    pub fn unavailable(cause: impl Into<String>) -> Self {
        Self {
            fault: Some(cause.into()),
            ..Self::new(Code::Unavailable, "Temporarily unavailable, try again")
        }
    }

    /// One item per field that breaks a rule; there is at least one.
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

    /// The answer.
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

/// Places to choose from.
fn named(places: Vec<(impl Serialize, String)>) -> Value {
    let places = places.into_iter().map(|(id, name)| json!({ "id": id, "name": name }));
    places.collect()
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Validation(fields) => Self::validation(fields),
            AppError::Unauthorized => Self::challenge(Code::Unauthorized, "API key missing or unknown", KEY),
            AppError::NoSession => Self::challenge(Code::Unauthorized, "Not signed in", SESSION),
            AppError::SessionExpired => Self::challenge(Code::SessionExpired, "The session has ended", SESSION),
            AppError::SessionReplayed => Self::challenge(
                Code::SessionReplayed,
                "The session was revoked because its refresh token was reused",
                SESSION,
            ),
            AppError::InvalidCredentials => {
                Self::challenge(Code::InvalidCredentials, "E-mail address or password is wrong", SESSION)
            }
            AppError::NoAccess => Self::new(Code::NoAccess, "The user has no workplace"),
            AppError::CompanyRequired { companies, partners } => Self::with_details(
                Code::CompanyRequired,
                "The user has several workplaces, companyId is required",
                Some(json!({ "companies": named(companies), "partners": named(partners) })),
            ),
            AppError::RateLimited(seconds) => Self::new(Code::RateLimited, "Too many attempts, try again later")
                .header(header::RETRY_AFTER, seconds.into()),
            AppError::Forbidden(reason) => Self::new(Code::Forbidden, reason),
            AppError::NotFound(noun) => Self::new(
                noun.into(),
                match noun {
                    Noun::City => "City not found",
                    Noun::Stop => "Stop not found",
                    Noun::Booking => "Booking not found",
                    Noun::Order => "Order not found",
                    Noun::Company => "Company not found",
                    Noun::Report => "Report not found",
                    Noun::Tracker => "FMS object not found",
                    Noun::Job => "Job not found",
                    Noun::Queue => "Queue not found",
                    Noun::Resource => "Not found",
                },
            ),
            AppError::OfferExpired => Self::new(Code::OfferExpired, "Offer expired"),
            AppError::CancellationClosed => Self::new(Code::CancellationClosed, "The cancellation deadline has passed"),
            AppError::OrderConflict(ids) => Self::with_details(
                Code::OrderConflict,
                "Some orders do not allow this action in their current state",
                Some(json!({ "orderIds": ids })),
            ),
            AppError::JobConflict { jobs } => Self::with_details(
                Code::JobConflict,
                "The jobs do not allow this act, or their number is another one",
                Some(json!({ "jobs": jobs })),
            ),
            AppError::TimetableConflict(reason) => Self::new(Code::TimetableConflict, reason),
            AppError::LastAdministrator => Self::new(
                Code::LastAdministrator,
                "This is the only administrator who can sign in: make somebody else one first",
            ),
            AppError::SeatsUnavailable { seats_left } => Self::with_details(
                Code::SeatsUnavailable,
                "Not enough seats left",
                Some(json!({ "seatsLeft": seats_left })),
            ),
            AppError::DepartureClosed => Self::new(Code::DepartureClosed, "The departure is closed for sale"),
            AppError::IdempotencyInFlight => Self::new(
                Code::IdempotencyInFlight,
                "A request with this Idempotency-Key is in progress, try again",
            )
            .header(header::RETRY_AFTER, HeaderValue::from_static("1")),
            AppError::IdempotencyKeyReused => Self::new(
                Code::IdempotencyKeyReused,
                "This Idempotency-Key was used for another request",
            ),
            AppError::ReportNotReady => Self::new(Code::ReportNotReady, "The report has no file to download"),
            AppError::Gone(reason) => Self::new(Code::Gone, reason),
            AppError::Unavailable(reason) => Self::unavailable(reason),
            error @ AppError::DatabaseUnavailable { .. } => Self::unavailable(chain(&error)),
            error @ (AppError::Database(_) | AppError::Internal(_) | AppError::Answered) => Self::fault(chain(&error)),
        }
    }
}

impl From<poem::Error> for ApiError {
    fn from(error: poem::Error) -> Self {
        let field = |field: &str, constraint: &str, message: &str| {
            Self::validation(vec![FieldError::new(field, constraint, message)])
        };
        let error = match error.downcast::<Self>() {
            Ok(ours) => return ours,
            Err(error) => error,
        };
        // poem cannot match a path that is not percent-encoded UTF-8.
        if error.is::<NotFoundError>() || error.is::<poem::error::ParsePathError>() {
            Self::new(Code::NotFound, "No such route")
        } else if error.is::<MethodNotAllowedError>() {
            Self::method_not_allowed(None)
        } else if error.is::<ContentTypeError>() {
            Self::new(Code::UnsupportedMediaType, "Content-Type must be application/json")
        } else if let Some(ParseParamError { name, reason }) = error.downcast_ref() {
            field(name, "type", reason)
        } else if let Some(ParsePathError { name, reason }) = error.downcast_ref() {
            field(name, "type", reason)
        } else if let Some(ParseRequestPayloadError { reason }) = error.downcast_ref() {
            field("body", "json", reason)
        } else if let Some(ReadBodyError::PayloadTooLarge) = error.downcast_ref() {
            Self::new(Code::PayloadTooLarge, "The body is too large")
        } else if error.status().is_client_error() {
            field("request", "format", "cannot be read")
        } else {
            Self::fault(chain(&error))
        }
    }
}
