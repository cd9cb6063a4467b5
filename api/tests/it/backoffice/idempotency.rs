//! Requests with an `Idempotency-Key`: every POST of the document, and users of the back office.

use domain::access::Workplace;
use domain::party::ContextType;
use domain::role::{Right, Role};
use serde_json::{Value, json};
use testing::world::World;

use crate::backoffice::counter::Counter;
use crate::backoffice::support::Office;
use crate::harness::browser::Browser;
use crate::harness::operation::Operation;

/// A response, byte for byte.
#[derive(Debug)]
struct Told {
    status: u16,
    is_replayed: bool,
    bytes: Vec<u8>,
}

impl Told {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    fn code(&self) -> Value {
        self.json()["errors"][0]["code"].clone()
    }

    fn repeats(&self, first: &Self) {
        assert!(self.is_replayed && !first.is_replayed, "{self:?} {first:?}");
        assert_eq!((self.status, &self.bytes), (first.status, &first.bytes));
    }
}

/// Sends a request with this key.
async fn once(browser: &Browser, key: &str, request: reqwest::RequestBuilder) -> Told {
    let response = browser.fetch(request.header("idempotency-key", key)).await;
    Told {
        status: response.status().as_u16(),
        is_replayed: response.headers().contains_key("idempotent-replayed"),
        bytes: response.bytes().await.unwrap().into(),
    }
}

async fn post(browser: &Browser, key: &str, path: &str, body: &Value) -> Told {
    let request = browser.http.post(format!("{}{path}", browser.base)).json(body);
    once(browser, key, request).await
}

/// Every POST that is not about sessions, with a browser that may call it, and the id of a thing to call it on. Those
/// with a key get no thing: [`REFUSED`] names them.
async fn calls(office: &Office) -> Vec<(Operation, Browser, String)> {
    let (carrier, admin) = (
        office.at_karpaty(Role::Admin).await,
        office.at_website(Role::Admin).await,
    );
    let operator = office.at_platform().await;
    let mut calls = Vec::new();
    for operation in Operation::all() {
        if !operation.is_post() || operation.path.starts_with("/v2/auth/") {
            continue;
        }
        let browser = match operation.right().map(Right::contexts) {
            Some([ContextType::Partner]) => admin.clone(),
            Some([ContextType::Platform]) => operator.clone(),
            _ => carrier.clone(),
        };
        let prefix = if operation.asks_for_a_session() {
            operation.prefix()
        } else {
            ""
        };
        let thing = office.thing(prefix).await;
        calls.push((operation, browser, thing));
    }
    calls
}

/// An API key of the first partner.
async fn api_key(office: &Office) -> String {
    let mut conn = office.pool().acquire().await.unwrap();
    World::new(&mut conn, office.clock.now())
        .await
        .key(office.website, "local")
        .await
}

/// The calls that are refused with the examples of the document: these name an offer, an order, a job or a timetable that
/// this world does not have. All others succeed. The table of routes does not know it, so it is a list; an operation
/// whose example succeeds needs no entry.
const REFUSED: [&str; 10] = [
    "bookBooking",
    "cancelBooking",
    "cancelJob",
    "checkTimetableUndo",
    "createBooking",
    "createJobBatch",
    "moveOrder",
    "payBooking",
    "resendOrder",
    "undoTimetable",
];

#[tokio::test]
async fn every_post_repeats_its_stored_response_only() {
    let office = Office::open().await;
    let (key, mut refused) = (api_key(&office).await, Vec::new());
    for (operation, browser, thing) in calls(&office).await {
        let send = || operation.request(&browser, &thing).header("x-api-key", &key);
        let first = once(&browser, &operation.name, send()).await;
        let before = office.fingerprint().await;
        let second = once(&browser, &operation.name, send()).await;
        match first.status {
            409 => assert!(!second.is_replayed && second.status == 409, "{}", operation.name),
            _ => second.repeats(&first),
        }
        assert_eq!(
            office.fingerprint().await,
            before,
            "{}: nothing more is done",
            operation.name
        );
        if first.status >= 300 {
            refused.push(operation.name);
        }
    }
    refused.sort();
    assert_eq!(refused, REFUSED, "a success is more than a refusal that is given again");
}

#[tokio::test]
async fn every_post_is_undone_if_its_response_cannot_be_stored() {
    let office = Office::open().await;
    let key = api_key(&office).await;
    let calls = calls(&office).await;
    let run = async |sql: &'static str| sqlx::raw_sql(sql).execute(office.pool()).await.unwrap();
    run(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'broken'; end $$;
         create trigger broken before insert on idempotency_keys for each row execute function refuse()",
    )
    .await;
    // The use of an API key is recorded once a minute: now, so that the fingerprint does not change later.
    let (_, browser, _) = &calls[0];
    let bookings = browser.http.get(format!("{}/v2/bookings", browser.base));
    assert_eq!(browser.send(bookings.header("x-api-key", &key)).await.status, 200);
    let before = office.fingerprint().await;
    for (operation, browser, thing) in &calls {
        let request = operation.request(browser, thing).header("x-api-key", &key);
        let told = once(browser, "k", request).await;
        assert!([409, 500].contains(&told.status), "{}", operation.name);
        assert_eq!(office.fingerprint().await, before, "{}", operation.name);
    }
    run("drop trigger broken on idempotency_keys").await;
    for (operation, browser, thing) in &calls {
        if !REFUSED.contains(&operation.name.as_str()) {
            let told = once(browser, &operation.name, operation.request(browser, thing)).await;
            assert!(told.status < 300 && !told.is_replayed, "{}", operation.name);
        }
    }
}

#[tokio::test]
async fn every_post_reads_the_key_first_and_those_of_sessions_keep_nothing() {
    let office = Office::open().await;
    let posts: Vec<_> = Operation::all().into_iter().filter(Operation::is_post).collect();
    assert!(posts.len() >= 18);
    for operation in posts {
        let browser = office.at_karpaty(Role::Admin).await;
        let none = operation.request(&browser, "bkg_1").header("idempotency-key", "");
        let fields = browser.send(none).await.fields();
        assert_eq!(fields, ["Idempotency-Key minLength"], "{}", operation.name);
        if operation.path.starts_with("/v2/auth/") {
            for _ in 0..2 {
                let told = once(&browser, "k", operation.request(&browser, "")).await;
                assert!(
                    !told.is_replayed
                        && told.status < 500
                        && (told.status != 400 || operation.name == "changePassword"),
                    "{}",
                    operation.name
                );
            }
        }
    }
    let kept = sqlx::query_scalar::<_, i64>("select count(*) from idempotency_keys");
    assert_eq!(kept.fetch_one(office.pool()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_new_api_key_is_shown_again_and_stored_nowhere() {
    let office = Office::open().await;
    let admin = office.at_website(Role::Admin).await;
    let body = json!({ "name": "Web shop" });
    let first = post(&admin, "k", "/v2/partner/api-keys", &body).await;
    post(&admin, "k", "/v2/partner/api-keys", &body).await.repeats(&first);
    let first = first.json();
    let text = first["data"]["key"].as_str().unwrap();
    let secret = &text[text.len() - 32..];
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("select k::text, convert_to(k::text, 'UTF8') || k.sealed_body from idempotency_keys k")
            .fetch_all(office.pool())
            .await
            .unwrap();
    let [(row, bytes)] = rows.as_slice() else {
        panic!("one row")
    };
    for readable in [secret, "apiKey", "Web shop"] {
        let hex: String = readable.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!row.contains(readable) && !row.contains(&hex), "{row}");
        let at = bytes
            .windows(readable.len())
            .position(|part| part == readable.as_bytes());
        assert_eq!(at, None, "{readable}");
    }
}

#[tokio::test]
async fn an_order_that_moved_is_not_moved_again() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let (path, body) = (
        format!("/v2/orders/{}/move", sold.orders[0]),
        json!({ "departureDate": "2027-02-10" }),
    );
    let first = post(&clerk, "k", &path, &body).await;
    assert_eq!(first.status, 200);
    assert_ne!(first.json()["data"]["order"]["bookingId"], sold.id.as_str());
    post(&clerk, "k", &path, &body).await.repeats(&first);
    assert_eq!(
        counter
            .count("select count(*) from ticket_history where action = 'moved'")
            .await,
        1
    );
    counter.audit().await;
}

#[tokio::test]
async fn an_idempotency_key_belongs_to_a_user_at_a_workplace_while_the_right_lasts() {
    let office = Office::open().await;
    let object = office.thing("fms").await;
    let path = format!("/v2/geolocation/fms-objects/{object}/toggle");
    let body = json!({ "enabled": true });
    let karpaty = Workplace::Company(office.karpaty);
    let (ada, bo) = (
        office.signed_in(karpaty, Role::Admin).await,
        office.signed_in(karpaty, Role::Dispatcher).await,
    );
    let first = post(&ada, "k", &path, &body).await;
    assert_eq!((first.status, first.is_replayed), (200, false));
    let other = post(&bo, "k", &path, &body).await;
    assert_eq!((other.status, other.is_replayed), (200, false));
    post(&ada, "k", &path, &body).await.repeats(&first);
    // A user who has lost the right does not get the stored response.
    for (change, code) in [
        (
            "update accesses set role = 'ACCOUNTANT' where role = 'ADMIN'",
            "FORBIDDEN",
        ),
        ("delete from accesses where role = 'ACCOUNTANT'", "UNAUTHORIZED"),
    ] {
        sqlx::raw_sql(change).execute(office.pool()).await.unwrap();
        let told = post(&ada, "k", &path, &body).await;
        assert_eq!((told.code(), told.is_replayed), (code.into(), false));
    }
}
