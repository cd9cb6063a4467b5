//! Examples of the refusals of operations. They are the errors that handlers and use cases return, so their messages
//! and details are those that callers receive.

use app::error::{AppError, Noun};
use app::{legacy, permission};
use domain::id::{CompanyId, PartnerId, TicketId};

use super::unfinished::Unfinished;
use crate::auth::{csrf, person};
use crate::error::ApiError;
use crate::route::Operation;
use crate::route::policy::Caller;
use crate::wire::value::EXAMPLE_ID;

/// An error with this code that the operation can respond with; if there are several, one of them. Where the message
/// depends on the operation, its row in the table of routes has the example.
pub(super) fn example(code: &str, operation: &Operation) -> Result<ApiError, Unfinished> {
    let mut own = operation.refusals.iter().map(|refusal| refusal());
    // As text, an error is its code.
    if let Some(error) = own.find(|error| error.to_string() == code) {
        return Ok(error);
    }
    let error = not_found(code).or_else(|| alike(code)).or_else(|| match code {
        "FORBIDDEN" => Some(forbidden(operation)),
        "GONE" if operation.policy.deprecated => Some(legacy::CLOSED),
        _ => None,
    });
    let error = error.ok_or_else(|| Unfinished::Refusal(format!("{code} of {}", operation.id)))?;
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

/// Errors that have one message, whichever operation responds with them, unless the operation's row has an example.
fn alike(code: &str) -> Option<AppError> {
    Some(match code {
        "CANCELLATION_CLOSED" => AppError::CancellationClosed,
        "COMPANY_REQUIRED" => AppError::CompanyRequired {
            companies: vec![(CompanyId::from(EXAMPLE_ID), "SYNTHETIC Karpaty Express".to_owned())],
            partners: vec![(PartnerId::from(EXAMPLE_ID), "SYNTHETIC Demo Partner".to_owned())],
        },
        "DEPARTURE_CLOSED" => AppError::DepartureClosed,
        "INVALID_CREDENTIALS" => AppError::InvalidCredentials,
        "JOB_CONFLICT" => AppError::JobConflict { jobs: 0 },
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
        Caller::Partner => permission::MAY_NOT_BOOK,
        Caller::Guest | Caller::Visitor | Caller::Refresh | Caller::Person => AppError::Forbidden(csrf::FOREIGN),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::openapi::{document, ops_document};
    use crate::routes::TABLE;

    #[test]
    fn the_document_shows_every_example_that_a_row_has() {
        let (public, ops) = (document("/").unwrap(), ops_document("/").unwrap());
        for operation in TABLE.operations() {
            let paths = if operation.is_ops() {
                &ops["paths"]
            } else {
                &public["paths"]
            };
            let method = operation.method.name().to_lowercase();
            let responses = paths[operation.path][method.as_str()]["responses"].as_object().unwrap();
            let shown = |example: &Value| {
                let mut contents = responses
                    .values()
                    .map(|response| &response["content"]["application/json"]);
                contents.any(|content| content["example"] == *example)
            };
            for refusal in operation.refusals {
                let error = refusal();
                let example = serde_json::to_value(error.body()).unwrap();
                assert!(shown(&example), "{}: no response shows this {error}", operation.id);
            }
        }
    }
}
