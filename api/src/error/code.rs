//! The codes of error responses.

use app::error::Noun;
use poem::http::StatusCode;

/// Stable codes of the contract (section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The request breaks a rule of its schema.
    ValidationError,
    /// The offer token is older than 20 minutes.
    OfferExpired,
    /// The user works in several places and must name one.
    CompanyRequired,
    /// The carrier's cancellation cutoff has passed.
    CancellationClosed,
    /// A missing or unknown credential.
    Unauthorized,
    /// An unknown user, or a wrong password.
    InvalidCredentials,
    /// The access token or the session has ended.
    SessionExpired,
    /// A refresh token was used long after it was superseded.
    SessionReplayed,
    /// The credential does not allow this.
    Forbidden,
    /// The user works nowhere.
    NoAccess,
    /// Unknown route or resource.
    NotFound,
    /// Unknown city.
    CityNotFound,
    /// Unknown stop.
    StopNotFound,
    /// Unknown booking, or another partner's.
    BookingNotFound,
    /// Unknown ticket, or one of another booking.
    OrderNotFound,
    /// Unknown report, or another company's.
    ReportNotFound,
    /// Unknown tracker, or another company's.
    FmsObjectNotFound,
    /// Unknown company.
    CompanyNotFound,
    /// Unknown job.
    JobNotFound,
    /// Unknown queue.
    QueueNotFound,
    /// The route exists for other methods.
    MethodNotAllowed,
    /// Tickets whose state does not allow the action.
    OrderConflict,
    /// A job whose state does not allow the action, or the number of matching jobs differs from `count`.
    JobConflict,
    /// The timetables of the company do not allow it at present.
    TimetableConflict,
    /// The company or the partner would have no administrator.
    LastAdministrator,
    /// Not enough seats.
    SeatsUnavailable,
    /// The departure has left or is withdrawn.
    DepartureClosed,
    /// A request with the same idempotency key is being served.
    IdempotencyInFlight,
    /// The idempotency key came with another request before.
    IdempotencyKeyReused,
    /// The report has no file yet, or it failed.
    ReportNotReady,
    /// The resource no longer exists.
    Gone,
    /// The body exceeds the limit.
    PayloadTooLarge,
    /// The body is not JSON.
    UnsupportedMediaType,
    /// Too many attempts.
    RateLimited,
    /// An internal error.
    InternalError,
    /// Try again later.
    Unavailable,
}

impl Code {
    /// Status and name on the wire.
    #[must_use]
    pub const fn wire(self) -> (StatusCode, &'static str) {
        match self {
            Self::ValidationError => (StatusCode::BAD_REQUEST, "VALIDATION_ERROR"),
            Self::OfferExpired => (StatusCode::BAD_REQUEST, "OFFER_EXPIRED"),
            Self::CompanyRequired => (StatusCode::BAD_REQUEST, "COMPANY_REQUIRED"),
            Self::CancellationClosed => (StatusCode::BAD_REQUEST, "CANCELLATION_CLOSED"),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"),
            Self::InvalidCredentials => (StatusCode::UNAUTHORIZED, "INVALID_CREDENTIALS"),
            Self::SessionExpired => (StatusCode::UNAUTHORIZED, "SESSION_EXPIRED"),
            Self::SessionReplayed => (StatusCode::UNAUTHORIZED, "SESSION_REPLAYED"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "FORBIDDEN"),
            Self::NoAccess => (StatusCode::FORBIDDEN, "NO_ACCESS"),
            Self::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Self::CityNotFound => (StatusCode::NOT_FOUND, "CITY_NOT_FOUND"),
            Self::StopNotFound => (StatusCode::NOT_FOUND, "STOP_NOT_FOUND"),
            Self::BookingNotFound => (StatusCode::NOT_FOUND, "BOOKING_NOT_FOUND"),
            Self::OrderNotFound => (StatusCode::NOT_FOUND, "ORDER_NOT_FOUND"),
            Self::ReportNotFound => (StatusCode::NOT_FOUND, "REPORT_NOT_FOUND"),
            Self::FmsObjectNotFound => (StatusCode::NOT_FOUND, "FMS_OBJECT_NOT_FOUND"),
            Self::CompanyNotFound => (StatusCode::NOT_FOUND, "COMPANY_NOT_FOUND"),
            Self::JobNotFound => (StatusCode::NOT_FOUND, "JOB_NOT_FOUND"),
            Self::QueueNotFound => (StatusCode::NOT_FOUND, "QUEUE_NOT_FOUND"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
            Self::OrderConflict => (StatusCode::CONFLICT, "ORDER_CONFLICT"),
            Self::JobConflict => (StatusCode::CONFLICT, "JOB_CONFLICT"),
            Self::TimetableConflict => (StatusCode::CONFLICT, "TIMETABLE_CONFLICT"),
            Self::LastAdministrator => (StatusCode::CONFLICT, "LAST_ADMINISTRATOR"),
            Self::SeatsUnavailable => (StatusCode::CONFLICT, "SEATS_UNAVAILABLE"),
            Self::DepartureClosed => (StatusCode::CONFLICT, "DEPARTURE_CLOSED"),
            Self::IdempotencyInFlight => (StatusCode::CONFLICT, "IDEMPOTENCY_IN_FLIGHT"),
            Self::IdempotencyKeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "IDEMPOTENCY_KEY_REUSED"),
            Self::ReportNotReady => (StatusCode::CONFLICT, "REPORT_NOT_READY"),
            Self::Gone => (StatusCode::GONE, "GONE"),
            Self::PayloadTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE"),
            Self::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"),
            Self::InternalError => (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
        }
    }
}

impl From<Noun> for Code {
    fn from(noun: Noun) -> Self {
        match noun {
            Noun::City => Self::CityNotFound,
            Noun::Stop => Self::StopNotFound,
            Noun::Booking => Self::BookingNotFound,
            Noun::Ticket => Self::OrderNotFound,
            Noun::Company => Self::CompanyNotFound,
            Noun::Report => Self::ReportNotFound,
            Noun::Tracker => Self::FmsObjectNotFound,
            Noun::Job => Self::JobNotFound,
            Noun::Queue => Self::QueueNotFound,
            Noun::Resource => Self::NotFound,
        }
    }
}
