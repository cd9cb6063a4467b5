//! Sessions that are not accepted: from a page of another site, of a user of another workplace, or ended. Which role
//! may do what is tested in `tests/it/backoffice/authorisation.rs`.

use api::auth::cookie;
use chrono::TimeDelta;

use crate::harness::operation::Operation;
use crate::operations::judge::refused;
use crate::operations::stage::Stage;

const FORBIDDEN: (u16, &str) = (403, "FORBIDDEN");

/// Whether an operation is about one's own sessions: every signed-in user may call it.
fn is_own(operation: &Operation) -> bool {
    operation.declared()["tags"][0] == "Sessions"
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing_by_any_operation() {
    let stage = Stage::open().await;
    let before = stage.fingerprint().await;
    let mut refusals = 0;
    let operations = Operation::all().into_iter();
    for operation in operations.filter(|operation| operation.changes() && !operation.takes("apiKey")) {
        let call = stage.call(&operation);
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "null"),
            ("origin", ""),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let answer = stage.send(&call.clone().with(name, value)).await;
            refused(&operation, &answer, FORBIDDEN, &format!("{name}: {value}"));
            refusals += 1;
        }
        if !operation.schemes.is_empty() {
            let answer = stage.send(&call.without("origin")).await;
            refused(&operation, &answer, FORBIDDEN, "without an origin");
        }
    }
    assert!(refusals > 50, "{refusals}");
    assert_eq!(stage.fingerprint().await, before);
}

#[tokio::test]
async fn a_user_of_another_workplace_may_call_nothing_here() {
    let stage = Stage::open().await;
    let before = stage.fingerprint().await;
    let operations = Operation::all().into_iter();
    for operation in operations.filter(|operation| operation.takes("session") && !operation.takes("apiKey")) {
        let other = if operation.path.starts_with("/v2/partner/") {
            &stage.at_company
        } else if operation.path.starts_with("/v2/people") {
            &stage.at_platform
        } else {
            &stage.at_partner
        };
        let call = stage.call(&operation);
        let elsewhere = call.with("cookie", &format!("{}={}", cookie::ACCESS, other.access));
        if !is_own(&operation) {
            refused(&operation, &stage.send(&elsewhere).await, FORBIDDEN, "elsewhere");
        }
    }
    assert_eq!(stage.fingerprint().await, before);
}

#[tokio::test]
async fn a_session_that_is_over_opens_nothing() {
    let stage = Stage::open().await;
    stage.clock.advance(TimeDelta::minutes(16));
    let operations = Operation::all().into_iter();
    for operation in operations.filter(|operation| operation.takes("session") && !operation.takes("apiKey")) {
        let answer = stage.send(&stage.call(&operation)).await;
        refused(&operation, &answer, (401, "SESSION_EXPIRED"), "over");
    }
    stage.clock.advance(TimeDelta::days(31));
    for operation in Operation::all()
        .into_iter()
        .filter(|operation| operation.takes("refresh"))
    {
        let answer = stage.send(&stage.call(&operation)).await;
        refused(&operation, &answer, (401, "SESSION_EXPIRED"), "over");
    }
}
