//! Errors of use cases and of poem as responses: which code each becomes, and its message.

use app::error::{AppError, FieldError, Noun, chain};
use poem::error::{MethodNotAllowedError, NotFoundError, ReadBodyError};
use poem::http::{HeaderValue, header};
use poem_openapi::error::{ContentTypeError, ParseParamError, ParsePathError, ParseRequestPayloadError};
use serde::Serialize;
use serde_json::{Value, json};

use super::{ApiError, Code, KEY, SESSION};

/// The workplaces to choose from.
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
                "The user has several workplaces; companyId is required",
                Some(json!({ "companies": named(companies), "partners": named(partners) })),
            ),
            AppError::RateLimited(seconds) => Self::new(Code::RateLimited, "Too many attempts; try again later")
                .header(header::RETRY_AFTER, seconds.into()),
            AppError::Forbidden(reason) => Self::new(Code::Forbidden, reason),
            AppError::NotFound(noun) => Self::new(
                noun.into(),
                match noun {
                    Noun::City => "City not found",
                    Noun::Stop => "Stop not found",
                    Noun::Booking => "Booking not found",
                    Noun::Ticket => "Order not found",
                    Noun::Company => "Company not found",
                    Noun::Report => "Report not found",
                    Noun::Tracker => "Tracked object not found",
                    Noun::Job => "Job not found",
                    Noun::Queue => "Queue not found",
                    Noun::Resource => "Not found",
                },
            ),
            AppError::OfferExpired => Self::new(Code::OfferExpired, "Offer expired"),
            AppError::CancellationClosed => Self::new(Code::CancellationClosed, "The cancellation deadline has passed"),
            AppError::TicketConflict(ids) => Self::with_details(
                Code::OrderConflict,
                "Some orders do not allow this action in their current state",
                Some(json!({ "orderIds": ids })),
            ),
            AppError::JobConflict { jobs } => Self::with_details(
                Code::JobConflict,
                "No matching job allows this action, or the number of matching jobs has changed",
                Some(json!({ "jobs": jobs })),
            ),
            AppError::TimetableConflict(reason) => Self::new(Code::TimetableConflict, reason),
            AppError::LastAdministrator => Self::new(
                Code::LastAdministrator,
                "This is the only administrator who can sign in: make another user an administrator first",
            ),
            AppError::SeatsUnavailable { seats_left } => Self::with_details(
                Code::SeatsUnavailable,
                "Not enough seats left",
                Some(json!({ "seatsLeft": seats_left })),
            ),
            AppError::DepartureClosed => Self::new(Code::DepartureClosed, "The departure is closed for sale"),
            AppError::IdempotencyInFlight => Self::new(
                Code::IdempotencyInFlight,
                "A request with this Idempotency-Key is in progress; try again",
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
            Self::not_json()
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
