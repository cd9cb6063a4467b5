//! Every code of the contract (section 9), provoked.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::operation::Operation;
use crate::operations::judge::{DOCUMENT, refused};
use crate::operations::provoke::{Act, provoke};
use crate::operations::stage::Stage;

/// The codes and their statuses, as the contract lists them.
pub const STATUSES: [(&str, u16); 36] = [
    ("VALIDATION_ERROR", 400),
    ("OFFER_EXPIRED", 400),
    ("COMPANY_REQUIRED", 400),
    ("CANCELLATION_CLOSED", 400),
    ("UNAUTHORIZED", 401),
    ("INVALID_CREDENTIALS", 401),
    ("SESSION_EXPIRED", 401),
    ("SESSION_REPLAYED", 401),
    ("FORBIDDEN", 403),
    ("NO_ACCESS", 403),
    ("NOT_FOUND", 404),
    ("CITY_NOT_FOUND", 404),
    ("STOP_NOT_FOUND", 404),
    ("BOOKING_NOT_FOUND", 404),
    ("ORDER_NOT_FOUND", 404),
    ("REPORT_NOT_FOUND", 404),
    ("FMS_OBJECT_NOT_FOUND", 404),
    ("COMPANY_NOT_FOUND", 404),
    ("JOB_NOT_FOUND", 404),
    ("QUEUE_NOT_FOUND", 404),
    ("METHOD_NOT_ALLOWED", 405),
    ("ORDER_CONFLICT", 409),
    ("JOB_CONFLICT", 409),
    ("LAST_ADMINISTRATOR", 409),
    ("TIMETABLE_CONFLICT", 409),
    ("SEATS_UNAVAILABLE", 409),
    ("DEPARTURE_CLOSED", 409),
    ("REPORT_NOT_READY", 409),
    ("IDEMPOTENCY_IN_FLIGHT", 409),
    ("GONE", 410),
    ("PAYLOAD_TOO_LARGE", 413),
    ("UNSUPPORTED_MEDIA_TYPE", 415),
    ("IDEMPOTENCY_KEY_REUSED", 422),
    ("RATE_LIMITED", 429),
    ("INTERNAL_ERROR", 500),
    ("UNAVAILABLE", 503),
];

/// Codes for which the clock is moved: each has its own stage.
const MOVING: [&str; 5] = [
    "OFFER_EXPIRED",
    "CANCELLATION_CLOSED",
    "SESSION_EXPIRED",
    "SESSION_REPLAYED",
    "DEPARTURE_CLOSED",
];

#[tokio::test]
async fn every_code_of_the_contract_is_answered_by_some_operation() {
    let operations = Operation::all();
    // A 405 belongs to no operation: `method` provokes it on every path.
    let not_here = ["METHOD_NOT_ALLOWED"];
    let codes = STATUSES.iter().filter(|(code, _)| !not_here.contains(code));
    let act = Act(Stage::open().await);
    for (code, status) in codes {
        let (name, answer) = if MOVING.contains(code) {
            provoke(code, &Act(Stage::open().await)).await
        } else {
            provoke(code, &act).await
        };
        let operation = operations.iter().find(|operation| operation.name == name).unwrap();
        refused(operation, &answer, (*status, code), "provoked");
    }
}

#[test]
fn the_document_names_codes_of_the_contract_only_and_all_of_them() {
    let mut named = BTreeSet::new();
    let mut note = |response: &Value| {
        let meaning = response["description"].as_str().unwrap_or_default();
        let codes = meaning.split('`').skip(1).step_by(2);
        let is_code = |text: &&str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
        named.extend(codes.filter(is_code).map(str::to_owned));
    };
    for response in DOCUMENT["components"]["responses"].as_object().unwrap().values() {
        note(response);
    }
    for operation in Operation::all() {
        for (status, response) in operation.declared()["responses"].as_object().unwrap() {
            if !status.starts_with('2') {
                note(response);
            }
        }
    }
    let of_contract: BTreeSet<String> = STATUSES
        .iter()
        .filter(|(_, status)| *status != 405)
        .map(|(code, _)| (*code).to_owned())
        .collect();
    assert_eq!(named, of_contract, "the document names what the contract does");
}
