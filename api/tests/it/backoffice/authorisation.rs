//! Who may call what: every operation of the document that requires a session, called by every kind of user.

use api::route::policy::Caller;
use api::routes::TABLE;
use domain::access::Workplace;
use domain::party::ContextType;
use domain::role::{Right, Role};

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::operation::Operation;

/// Things without an owner: any company may name any of them.
const COMMON: [&str; 1] = ["prt"];

/// Things that belong to one user, and to no other user of the workplace. What the user may do with them is tested in
/// the file of the resource.
const PERSONAL: [&str; 1] = ["ses"];

/// Things that belong to the first company only. All other things of a company and of a partner are made for both.
const OF_COMPANY: [&str; 1] = ["inv"];

/// Operations whose body names a thing with an owner: the example of the document is unknown to every caller. Their
/// responses are tested in the file of the resource. This list may only become shorter.
const IN_BODY: [&str; 1] = ["switchCompany"];

/// Operations that require neither key nor session. This list may only become shorter, except for ways to sign in and
/// what their page needs. It is not derived from the table of routes: a row that opens an operation by mistake has to
/// contradict something.
const OPEN: [&str; 10] = [
    "preLogin",
    "login",
    "googlePreLogin",
    "googleLogin",
    "googleStart",
    "googleExchange",
    "getConfiguration",
    "logout",
    "previewInvitation",
    "acceptInvitation",
];

/// The roles that users can have in a kind of workplace.
fn roles(kind: ContextType) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| kind.has(*role)).collect()
}

/// Every operation that requires a session, with the right that it requires (`None`: any signed-in user may call it),
/// and the prefix of the id in its path (empty without an id). The table of routes names the right; these tests prove
/// that it is required.
fn walked() -> Vec<(Operation, Option<Right>, String)> {
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
    let asking = operations.into_iter().filter(Operation::asks_for_a_session);
    let walked = asking.map(|operation| {
        let right = match TABLE.named(&operation.name).unwrap().policy.caller {
            Caller::Staff(right) => Some(right),
            Caller::Person => None,
            other => panic!("{}: asks for a session, but is for {other:?}", operation.name),
        };
        let thing = operation.prefix().to_owned();
        (operation, right, thing)
    });
    walked.collect()
}

/// Where users work, and whether the things belong to that workplace.
fn places(office: &Office) -> [(Workplace, ContextType, bool); 5] {
    let (company, partner) = (ContextType::Company, ContextType::Partner);
    [
        (Workplace::Company(office.karpaty), company, true),
        (Workplace::Partner(office.website), partner, true),
        (Workplace::Company(office.wisla), company, false),
        (Workplace::Partner(office.reseller), partner, false),
        (Workplace::Platform, ContextType::Platform, true),
    ]
}

fn assert_refused(seen: &Seen, (status, code): (u16, &str), who: &str) {
    assert_eq!(seen.status, status, "{who}: {}", seen.body);
    assert_eq!(seen.code(), code, "{who}");
}

#[test]
fn every_operation_that_asks_for_a_session_is_walked() {
    assert!(walked().len() >= 46);
}

#[tokio::test]
async fn a_call_without_a_session_or_from_another_site_is_refused() {
    let office = Office::open().await;
    let outsiders = office.outsiders().await;
    for (operation, right, thing) in walked() {
        let id = office.thing(&thing).await;
        let before = office.fingerprint().await;
        for (who, browser, code) in &outsiders {
            let who = format!("{}: {who}", operation.name);
            assert_refused(&operation.call(browser, &id).await, (401, code), &who);
        }
        let mut insider = match right.map(Right::contexts) {
            Some([ContextType::Partner]) => office.at_website(Role::Admin).await,
            Some([ContextType::Platform]) => office.at_platform().await,
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
        let kept = office.thing(&thing).await;
        for ((context, kind, owns), role) in places(&office)
            .into_iter()
            .flat_map(|place| roles(place.1).into_iter().map(move |role| (place, role)))
        {
            let who = format!("{}: {role} at {context:?}", operation.name);
            let browser = office.signed_in(context, role).await;
            let may = right.is_none_or(|right| right.is_held(kind, role));
            let is_here = kind == ContextType::Company || !OF_COMPANY.contains(&thing.as_str());
            let owns = owns && is_here && !PERSONAL.contains(&thing.as_str());
            if may && (owns || thing.is_empty() || COMMON.contains(&thing.as_str())) {
                let id = office.thing(&thing).await;
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
