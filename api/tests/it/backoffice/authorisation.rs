//! Who may call what: every operation of the document that asks for a session, called by everybody.

use common::db::user::Context;
use common::domain::party::{ContextType, Role};
use common::domain::role::Right;

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::operation::Operation;

/// Every operation that asks for a session: the right that it asks for (`None`: to be signed in is enough), and the
/// prefix of the id in its path if that belongs to a company or partner (else empty).
const TABLE: [(&str, Option<Right>, &str); 21] = [
    ("getMe", None, ""),
    ("switchCompany", None, ""),
    ("logoutAll", None, ""),
    ("createOrdersReport", Some(Right::Reports), ""),
    ("listOrdersReports", Some(Right::Reports), ""),
    ("getOrdersReport", Some(Right::Reports), "rpt"),
    ("downloadOrdersReport", Some(Right::Reports), "rpt"),
    ("listFmsObjects", Some(Right::Buses), ""),
    ("toggleFmsObject", Some(Right::Buses), "fms"),
    ("listPositions", Some(Right::Buses), "fms"),
    ("listOrders", Some(Right::Orders), ""),
    ("getOrder", Some(Right::Orders), "ord"),
    ("confirmOrder", Some(Right::Orders), "ord"),
    ("rejectOrder", Some(Right::Orders), "ord"),
    ("prepayOrder", Some(Right::Orders), "ord"),
    ("moveOrder", Some(Right::Orders), "ord"),
    ("listPartnerPermissions", Some(Right::Permissions), ""),
    ("setPartnerPermission", Some(Right::Permissions), "prt"),
    ("listApiKeys", Some(Right::Keys), ""),
    ("createApiKey", Some(Right::Keys), ""),
    ("revokeApiKey", Some(Right::Keys), "key"),
];

/// Things that belong to nobody: any company may name any of them, so nobody's is foreign.
const COMMON: [&str; 1] = ["prt"];

/// Operations that name somebody's thing in their body: with the example of the document it is unknown to everybody.
/// What they answer to whom is tested where they are. This list may only become shorter.
const IN_BODY: [&str; 1] = ["switchCompany"];

/// Operations that ask for neither key nor session. This list may only become shorter, but for ways to sign in.
const OPEN: [&str; 5] = ["preLogin", "login", "googlePreLogin", "googleLogin", "logout"];

const ROLES: [Role; 4] = [Role::Admin, Role::Manager, Role::Dispatcher, Role::Accountant];

/// The row of every operation that asks for a session; panics when one is missing, and says what to add.
fn walked() -> Vec<(Operation, Option<Right>, &'static str)> {
    let operations = Operation::all();
    for operation in &operations {
        let open = OPEN.contains(&operation.name.as_str());
        assert_ne!(
            open,
            operation.schemes.iter().any(|scheme| !scheme.is_empty()),
            "{}: asks for neither key nor session: give it an extractor of api::auth, or add it to OPEN",
            operation.name
        );
    }
    let gone = OPEN
        .iter()
        .find(|name| operations.iter().all(|operation| operation.name != **name));
    assert_eq!(gone, None, "remove it from OPEN");
    let mut walked = Vec::new();
    for operation in operations.into_iter().filter(Operation::asks_for_a_session) {
        let row = TABLE.iter().find(|(name, ..)| *name == operation.name);
        let Some((_, right, thing)) = row else {
            panic!(
                "{0} asks for a session, but nobody says who may call it. Add to TABLE: (\"{0}\", Some(Right::...), \
                 \"prefix of the id in its path\"), and to Office::thing() how to make one",
                operation.name
            )
        };
        assert_eq!(
            thing.is_empty(),
            !operation.path.contains('{'),
            "{}: the id in its path",
            operation.name
        );
        walked.push((operation, *right, *thing));
    }
    let names: Vec<&str> = walked.iter().map(|(operation, ..)| operation.name.as_str()).collect();
    let gone: Vec<&str> = TABLE
        .iter()
        .map(|(name, ..)| *name)
        .filter(|name| !names.contains(name))
        .collect();
    assert!(
        gone.is_empty(),
        "no operation asks for a session under these names, remove them: {gone:?}"
    );
    assert_eq!(names.len(), TABLE.len(), "an operation has one row");
    walked
}

/// Where people work, and whether it is where the things belong.
fn places(office: &Office) -> [(Context, ContextType, bool); 4] {
    let (company, partner) = (ContextType::Company, ContextType::Partner);
    [
        (Context::Company(office.karpaty), company, true),
        (Context::Partner(office.website), partner, true),
        (Context::Company(office.wisla), company, false),
        (Context::Partner(office.reseller), partner, false),
    ]
}

fn assert_refused(seen: &Seen, (status, code): (u16, &str), who: &str) {
    assert_eq!(seen.status, status, "{who}: {}", seen.body);
    assert_eq!(seen.code(), code, "{who}");
}

#[test]
fn every_operation_that_asks_for_a_session_is_walked() {
    assert!(walked().len() >= 11);
}

#[tokio::test]
async fn nobody_comes_in_without_a_session_or_from_another_site() {
    let office = Office::open().await;
    let outsiders = office.outsiders().await;
    for (operation, right, thing) in walked() {
        let id = office.thing(thing).await;
        let before = office.fingerprint().await;
        for (who, browser, code) in &outsiders {
            let who = format!("{}: {who}", operation.name);
            assert_refused(&operation.call(browser, &id).await, (401, code), &who);
        }
        let mut insider = match right.map(Right::context) {
            Some(ContextType::Partner) => office.at_website(Role::Admin).await,
            _ => office.at_karpaty(Role::Admin).await,
        };
        for origin in [None, Some("https://evil.example".to_owned()), Some("null".to_owned())] {
            let who = format!("{}: from {origin:?}", operation.name);
            insider.origin = origin;
            if operation.changes() {
                assert_refused(&operation.call(&insider, &id).await, (403, "FORBIDDEN"), &who);
            }
        }
        assert_eq!(office.fingerprint().await, before, "{}", operation.name);
    }
}

#[tokio::test]
async fn every_role_may_do_what_the_table_says_and_only_to_its_own() {
    let office = Office::open().await;
    for (operation, right, thing) in walked() {
        let kept = office.thing(thing).await;
        for ((context, kind, owns), role) in places(&office)
            .into_iter()
            .flat_map(|place| ROLES.map(|role| (place, role)))
        {
            let who = format!("{}: {role} at {context:?}", operation.name);
            let browser = office.signed_in(context, role).await;
            let may = right.is_none_or(|right| right.is_held(kind, role));
            if may && (owns || thing.is_empty() || COMMON.contains(&thing)) {
                let id = office.thing(thing).await;
                let seen = operation.call(&browser, &id).await;
                let in_body = IN_BODY.contains(&operation.name.as_str());
                let barred = [401, 403].contains(&seen.status) || (seen.status == 404) != in_body;
                assert!(!barred, "{who}: {} {}", seen.status, seen.body);
                operation.judges_its_body(&browser, &id).await;
                continue;
            }
            let before = office.fingerprint().await;
            let seen = operation.call(&browser, &kept).await;
            if may {
                assert_eq!(seen.status, 404, "{who}: {}", seen.body);
                for unknown in [&format!("{thing}_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"), "nonsense"] {
                    let other = operation.call(&browser, unknown).await;
                    assert_eq!((other.status, &other.body), (404, &seen.body), "{who}: {unknown}");
                }
            } else {
                assert_refused(&seen, (403, "FORBIDDEN"), &who);
            }
            assert_eq!(office.fingerprint().await, before, "{who}");
        }
    }
}
