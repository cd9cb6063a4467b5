//! Who may call the operations of partners: every operation of the document that takes a key, called with everything
//! that is not a valid key. Operations that require a session are walked in `tests/it/backoffice/authorisation.rs`.

use api::auth::cookie;
use app::api_key;
use poem::Body;
use poem::http::HeaderValue;
use testing::world::World;

use crate::harness::operation::Operation;
use crate::operations::answer::Call;
use crate::operations::judge::refused;
use crate::operations::stage::{ORIGIN, Stage};

/// Operations that are open as long as `CATALOGUE_REQUIRES_KEY` is off. This list may only become shorter.
/// It is not derived from the table of routes, which it checks.
const VISITED: [&str; 6] = [
    "listCities",
    "getCity",
    "listStops",
    "getStop",
    "listCityStops",
    "getSchedule",
];

impl Operation {
    /// Whether it takes a security scheme.
    pub fn takes(&self, scheme: &str) -> bool {
        self.schemes.iter().any(|choice| choice.contains(scheme))
    }

    /// Whether it can be called without a credential, although it takes one.
    pub fn is_visited(&self) -> bool {
        !self.schemes.is_empty() && self.schemes.iter().any(std::collections::BTreeSet::is_empty)
    }

    /// The response to a client without a key.
    pub fn refusal(&self) -> (u16, &'static str) {
        (if self.is_old() { 403 } else { 401 }, "UNAUTHORIZED")
    }
}

/// Every operation that takes a key.
pub fn keyed() -> Vec<Operation> {
    let operations = Operation::all();
    let visited: Vec<&str> = operations
        .iter()
        .filter(|operation| operation.is_visited())
        .map(|operation| operation.name.as_str())
        .collect();
    assert_eq!(
        visited, VISITED,
        "an operation that needs no key has to be in VISITED, and no other"
    );
    let keyed: Vec<Operation> = operations
        .into_iter()
        .filter(|operation| operation.takes("apiKey"))
        .collect();
    assert!(keyed.len() >= 21);
    keyed
}

/// Credentials that are not a valid key, with descriptions.
async fn impostors(stage: &Stage) -> Vec<(&'static str, String)> {
    let mut conn = stage.db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, stage.clock.now()).await;
    let staging = world.key(stage.website, "staging").await;
    let production = world.key(stage.website, "production").await;
    let revoked = world.key(stage.website, "local").await;
    sqlx::query("update api_keys set revoked_at = now() where id = (select id from api_keys order by id desc limit 1)")
        .execute(&mut *conn)
        .await
        .unwrap();
    let key = &stage.key;
    vec![
        ("empty", String::new()),
        ("a word", "nonsense".to_owned()),
        ("unknown", api_key::key_text("local", [9; 32])),
        ("revoked", revoked),
        ("of staging", staging.clone()),
        ("of production", production),
        ("of staging, renamed", staging.replace("staging", "local")),
        ("renamed", key.replace("local", "production")),
        ("cut off", key[..key.len() - 1].to_owned()),
        ("longer", format!("{key}0")),
        ("in capitals", key.to_uppercase()),
        ("two in one", format!("{key}, {key}")),
        ("in quotes", format!("\"{key}\"")),
        ("called a bearer", format!("Bearer {key}")),
        ("only its secret", key.rsplit_once('_').unwrap().1.to_owned()),
        ("its hash", format!("{:x?}", key.as_bytes())),
        ("SQL", "' or 1=1 --".to_owned()),
        ("a session", stage.at_partner.access.clone()),
        ("very long", "a".repeat(8000)),
    ]
}

#[tokio::test]
async fn no_operation_that_takes_a_key_takes_anything_else_for_one() {
    let stage = Stage::open().await;
    let impostors = impostors(&stage).await;
    let before = stage.fingerprint().await;
    for operation in keyed() {
        let call = stage.call(&operation);
        let mut told = std::collections::BTreeSet::new();
        for (what, key) in &impostors {
            let answer = stage.send(&call.clone().with("x-api-key", key)).await;
            refused(&operation, &answer, operation.refusal(), what);
            told.insert(answer.essence());
        }
        let without = call.clone().without("x-api-key");
        let twice = call.clone().and(&[("x-api-key", stage.key.clone())]);
        told.insert(stage.send(&twice).await.essence());
        if !operation.takes("session") {
            for call in elsewhere(&stage, &without) {
                let answer = stage.send(&call).await;
                refused(&operation, &answer, operation.refusal(), "not in its header");
                told.insert(answer.essence());
            }
        }
        assert_eq!(
            told.len(),
            1,
            "{}: nobody is told what was wrong: {told:#?}",
            operation.name
        );
        let challenge = if operation.is_old() {
            ""
        } else {
            "www-authenticate: ApiKey"
        };
        assert!(told.first().unwrap().contains(challenge), "{}", operation.name);
    }
    assert_eq!(stage.fingerprint().await, before);
}

/// Calls without a key in the right header, but with a valid key or session in another place.
fn elsewhere(stage: &Stage, call: &Call) -> Vec<Call> {
    let key = &stage.key;
    let cookies = [&stage.at_partner, &stage.at_company].map(|cookies| {
        let (access, refresh) = (&cookies.access, &cookies.refresh);
        let cookie = format!("{}={access}; {}={refresh}", cookie::ACCESS, cookie::REFRESH);
        call.clone().with("cookie", &cookie).with("origin", ORIGIN)
    });
    let mut calls = vec![
        call.clone(),
        call.clone().with("authorization", &format!("Bearer {key}")),
        call.clone().with("api-key", key),
        call.clone().with("cookie", &format!("x-api-key={key}")),
        call.clone().to(format!("{}&x-api-key={key}&api_key={key}", call.path)),
    ];
    calls.extend(cookies);
    calls
}

#[tokio::test]
async fn a_live_key_opens_every_operation_that_takes_one() {
    let stage = Stage::open().await;
    for operation in keyed() {
        let answer = stage.send(&stage.call(&operation)).await;
        // The ids in the examples of the document are unknown; a client without a key does not learn that.
        assert!(
            ![401, 403, 410].contains(&answer.status),
            "{}: {}",
            operation.name,
            answer.text
        );
    }
}

#[tokio::test]
async fn a_key_that_is_revoked_stops_working_with_the_next_request_everywhere() {
    let stage = Stage::open().await;
    stage.sql("update api_keys set revoked_at = now()").await;
    for operation in keyed() {
        let answer = stage.send(&stage.call(&operation)).await;
        refused(&operation, &answer, operation.refusal(), "revoked");
    }
}

#[tokio::test]
async fn a_key_opens_nothing_that_asks_for_a_session() {
    let stage = Stage::open().await;
    let before = stage.fingerprint().await;
    let operations = Operation::all();
    let sessions = operations
        .iter()
        .filter(|operation| !operation.schemes.is_empty() && !operation.takes("apiKey"));
    for operation in sessions {
        let call = stage.call(operation).without("cookie");
        for call in [
            call.clone(),
            call.with("x-api-key", &stage.key),
            elsewhere(&stage, &stage.call(operation).without("cookie"))[1].clone(),
        ] {
            refused(operation, &stage.send(&call).await, (401, "UNAUTHORIZED"), "a key");
        }
    }
    assert_eq!(stage.fingerprint().await, before);
}

#[tokio::test]
async fn a_header_that_is_no_text_is_no_key() {
    let stage = Stage::open().await;
    let app = crate::operations::stage::endpoint(&stage.state, api::server::ServerLimits::default());
    for operation in keyed() {
        let call = stage.call(&operation);
        let mut request = poem::Request::builder()
            .method(call.method.clone())
            .uri(call.path.parse().unwrap())
            .body(Body::empty());
        let key = HeaderValue::from_bytes(b"pxs_local_\xff").unwrap();
        request.headers_mut().insert("x-api-key", key);
        let answer = poem::Endpoint::call(&app, request).await.unwrap();
        assert_eq!(answer.status().as_u16(), operation.refusal().0, "{}", operation.name);
    }
}
