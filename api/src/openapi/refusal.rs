//! Examples of the refusals of operations. They are the errors that handlers and use cases return, so their messages
//! and details are those that callers receive.

use app::error::{AppError, Noun};
use app::timetable::upload;
use app::{google, invitation, legacy, permission, report};
use domain::id::{CompanyId, PartnerId, TicketId};

use super::unfinished::Unfinished;
use crate::auth::{csrf, person};
use crate::backoffice::auth::password;
use crate::error::{ApiError, Code};
use crate::middleware::rate_limit;
use crate::route::Operation;
use crate::route::policy::Caller;
use crate::wire::value::EXAMPLE_ID;

/// An error with this code that the operation can respond with; if there are several, one of them.
pub(super) fn example(code: &str, operation: &Operation) -> Result<ApiError, Unfinished> {
    let id = operation.id;
    // The one operation whose limit is not that of attempts or messages.
    if (code, id) == ("RATE_LIMITED", "getConfiguration") {
        return Ok(ApiError::new(Code::RateLimited, rate_limit::TOO_MANY));
    }
    let error = not_found(code).or_else(|| alike(code)).or_else(|| match code {
        "FORBIDDEN" => Some(forbidden(operation)),
        "GONE" => gone(operation),
        "JOB_CONFLICT" => Some(AppError::JobConflict {
            jobs: if id == "createJobBatch" { 3 } else { 0 },
        }),
        "TIMETABLE_CONFLICT" => timetable_conflict(id),
        "VALIDATION_ERROR" => invalid(id),
        _ => None,
    });
    let error = error.ok_or_else(|| Unfinished::Refusal(format!("{code} of {id}")))?;
    Ok(error.into())
}

fn not_found(code: &str) -> Option<AppError> {
    Some(AppError::NotFound(match code {
        "BOOKING_NOT_FOUND" => Noun::Booking,
        "CITY_NOT_FOUND" => Noun::City,
        "COMPANY_NOT_FOUND" => Noun::Company,
        "FMS_OBJECT_NOT_FOUND" => Noun::Tracker,
        "JOB_NOT_FOUND" => Noun::Job,
        "NOT_FOUND" => Noun::Resource,
        "ORDER_NOT_FOUND" => Noun::Ticket,
        "QUEUE_NOT_FOUND" => Noun::Queue,
        "REPORT_NOT_FOUND" => Noun::Report,
        "STOP_NOT_FOUND" => Noun::Stop,
        _ => return None,
    }))
}

/// Errors that have one message, whichever operation responds with them.
fn alike(code: &str) -> Option<AppError> {
    Some(match code {
        "CANCELLATION_CLOSED" => AppError::CancellationClosed,
        "COMPANY_REQUIRED" => AppError::CompanyRequired {
            companies: vec![(CompanyId::from(EXAMPLE_ID), "SYNTHETIC Karpaty Express".to_owned())],
            partners: vec![(PartnerId::from(EXAMPLE_ID), "SYNTHETIC Demo Partner".to_owned())],
        },
        "DEPARTURE_CLOSED" => AppError::DepartureClosed,
        "INVALID_CREDENTIALS" => AppError::InvalidCredentials,
        "LAST_ADMINISTRATOR" => AppError::LastAdministrator,
        "NO_ACCESS" => AppError::NoAccess,
        "OFFER_EXPIRED" => AppError::OfferExpired,
        "ORDER_CONFLICT" => AppError::TicketConflict(vec![TicketId::from(EXAMPLE_ID)]),
        "RATE_LIMITED" => AppError::RateLimited(60),
        "REPORT_NOT_READY" => AppError::ReportNotReady,
        "SEATS_UNAVAILABLE" => AppError::SeatsUnavailable { seats_left: 1 },
        "SESSION_REPLAYED" => AppError::SessionReplayed,
        "UNAUTHORIZED" => AppError::Unauthorized,
        _ => return None,
    })
}

fn forbidden(operation: &Operation) -> AppError {
    match operation.policy.caller {
        Caller::Staff(_) | Caller::PartnerOrStaff(_) => AppError::Forbidden(person::NO_RIGHT),
        Caller::Partner if operation.id == "cancelBooking" => permission::MAY_NOT_CANCEL,
        Caller::Partner => permission::MAY_NOT_BOOK,
        Caller::Guest | Caller::Visitor | Caller::Refresh | Caller::Person => AppError::Forbidden(csrf::FOREIGN),
    }
}

fn gone(operation: &Operation) -> Option<AppError> {
    match operation.id {
        _ if operation.policy.deprecated => Some(legacy::CLOSED),
        "acceptInvitation" => Some(invitation::ENDED),
        "checkTimetableUpload" | "publishTimetableUpload" => Some(upload::ARCHIVE_REMOVED),
        "downloadOrdersReport" => Some(report::FILE_REMOVED),
        _ => None,
    }
}

fn timetable_conflict(id: &str) -> Option<AppError> {
    match id {
        "uploadTimetable" => Some(upload::TOO_MANY),
        "checkTimetableUpload" => Some(upload::NOT_CHECKABLE),
        "publishTimetableUpload" => Some(upload::NOT_READY),
        "checkTimetableUndo" | "undoTimetable" => Some(upload::NO_FORMER),
        _ => None,
    }
}

/// Errors of one field that the description of the operation explains.
fn invalid(id: &str) -> Option<AppError> {
    match id {
        "changePassword" => Some(password::wrong_password()),
        "googleExchange" => Some(google::unknown_state()),
        _ => None,
    }
}
