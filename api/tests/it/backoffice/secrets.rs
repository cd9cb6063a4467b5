//! What must never be in the log: what users sign in with, what they get for it, and who travels. The test records all
//! log lines of its thread, at the most verbose level. What partners send is tested in `tests/it/sales/secrets.rs`,
//! what goes to tracking providers in `common/app/tests/it/tracking/secrets.rs`.

use api::auth::cookie;
use chrono::TimeDelta;
use domain::access::Workplace;
use domain::role::Role;
use serde_json::{Value, json};
use testing::issuer::{CLIENT, Issuer, sign};
use testing::log::Log;
use testing::world::World;

use crate::backoffice::support::Office;
use crate::harness::browser::Browser;

const EMAIL: &str = "zenobia@private.example";
const PASSWORD: &str = "correct-horse-battery-staple";
const WRONG: &str = "incorrect-horse-battery-staple";
const KEY_NAME: &str = "the-shop-of-zenobia";
const REASON: &str = "the-passenger-is-ill";

/// Values of `testing::world::Sale` and of the settings.
const OF_THE_WORLD: [&str; 4] = [
    "Taras",
    "taras@example.com",
    "380501112233",
    "0123456789abcdef0123456789abcdef",
];

/// The passenger to whom an order is moved.
const STRANGER: [&str; 4] = [
    "Ermenegilda",
    "Brzeczyszczykiewicz",
    "+380997654321",
    "ermenegilda@private.example",
];

/// The cookies that a browser holds now.
fn cookies(browser: &Browser) -> Vec<String> {
    [cookie::ACCESS, cookie::REFRESH]
        .into_iter()
        .filter_map(|name| browser.cookie(name))
        .collect()
}

/// An office with Google set up, and a user with a password who works for a company and a partner.
async fn open(issuer: &Issuer) -> Office {
    let office = Office::open_with(|settings| {
        settings
            .merge(("google_client_id", CLIENT))
            .merge(("google_issuer", issuer.url()))
            .merge(("google_keys_url", issuer.keys_url()))
    })
    .await;
    let places = [Workplace::Company(office.karpaty), Workplace::Partner(office.website)];
    let user = office.person(EMAIL, &places.map(|place| (place, Role::Admin))).await;
    let mut conn = office.pool().acquire().await.unwrap();
    let mut world = World::new(&mut conn, office.clock.now()).await;
    world.password(user, PASSWORD).await;
    office
}

#[tokio::test]
async fn the_log_holds_no_credentials_and_no_passengers() {
    // The test's own client is not the subject. The client of the API talks to Google only.
    let (log, _listening) = Log::listen("trace,reqwest=off,hyper_util::client=off,hyper::client=off");
    let issuer = Issuer::start().await;
    let office = open(&issuer).await;
    let browser = office.browser();
    let mut hidden: Vec<String> = [EMAIL, PASSWORD, WRONG, KEY_NAME, REASON, "argon2id"]
        .iter()
        .chain(&OF_THE_WORLD)
        .chain(&STRANGER)
        .map(|&text| text.to_owned())
        .collect();

    // By password, right and wrong.
    let credentials = |password: &str, place: &str| json!({ "email": EMAIL, "password": password, "companyId": place });
    let (partner, company) = (office.website.to_string(), office.karpaty.to_string());
    let seen = browser
        .post("/v2/auth/pre-login", &json!({ "email": EMAIL, "password": PASSWORD }))
        .await;
    seen.status(200);
    let seen = browser
        .post("/v2/auth/login", &json!({ "email": EMAIL, "password": PASSWORD }))
        .await;
    assert_eq!(seen.code(), "COMPANY_REQUIRED");
    let seen = browser.post("/v2/auth/login", &credentials(WRONG, &partner)).await;
    assert_eq!(seen.code(), "INVALID_CREDENTIALS");
    let seen = browser.post("/v2/auth/login", &credentials(PASSWORD, &partner)).await;
    seen.status(200);
    hidden.extend(cookies(&browser));

    // An API key, used and revoked.
    let seen = browser.post("/v2/partner/api-keys", &json!({ "name": KEY_NAME })).await;
    seen.status(201);
    let key = seen.body["data"]["key"].as_str().unwrap().to_owned();
    let id = seen.body["data"]["apiKey"]["id"].as_str().unwrap().to_owned();
    let request = browser.http.get(format!("{}/v2/bookings", browser.base));
    browser.send(request.header("x-api-key", &key)).await.status(200);
    browser.get("/v2/partner/api-keys").await.status(200);
    browser.delete(&format!("/v2/partner/api-keys/{id}")).await.status(204);
    hidden.push(key.rsplit_once('_').unwrap().1.to_owned());

    // The session continues in another workplace, and a thief has a copy of it.
    let thief = browser.copy();
    browser.press("/v2/auth/refresh").await.status(200);
    hidden.extend(cookies(&browser));
    browser
        .post("/v2/auth/switch-company", &json!({ "companyId": company }))
        .await
        .status(200);
    hidden.extend(cookies(&browser));
    travels(&office, &browser).await;
    office.wait(TimeDelta::minutes(1));
    browser.press("/v2/auth/refresh").await.status(200);
    hidden.extend(cookies(&browser));
    office.wait(TimeDelta::minutes(1));
    assert_eq!(thief.press("/v2/auth/refresh").await.code(), "SESSION_REPLAYED");

    // By Google, right and wrong.
    let now = office.clock.now();
    let token = issuer.token(EMAIL, now);
    let forged = sign(1, &issuer.claims(EMAIL, now));
    for (path, token, status) in [
        ("/v2/auth/google/pre-login", &token, 200),
        ("/v2/auth/google/login", &token, 200),
        ("/v2/auth/google/login", &forged, 401),
    ] {
        let seen = browser
            .post(path, &json!({ "idToken": token, "companyId": company }))
            .await;
        let seen = if seen.status == 400 {
            browser.post(path, &json!({ "idToken": token })).await
        } else {
            seen
        };
        assert_eq!(seen.status, status, "{path}: {}", seen.body);
        hidden.extend(token.split('.').skip(1).map(str::to_owned));
    }
    hidden.extend(cookies(&browser));
    browser.press("/v2/auth/logout").await.status(204);

    // Internal errors, with all of these values in the request.
    for broken in ["sessions", "users"] {
        let gone = format!("alter table {broken} rename to gone_{broken}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(gone))
            .execute(office.pool())
            .await
            .unwrap();
        let request = browser.http.post(format!("{}/v2/auth/login", browser.base));
        let seen = request.json(&credentials(PASSWORD, &company)).send().await.unwrap();
        assert_eq!(seen.status(), 500);
    }

    let text = log.text();
    for wanted in [
        "\"DEBUG\"",
        "\"TRACE\"",
        "sqlx",
        "/v2/auth/google/login",
        "request failed",
        "insert into sessions",
    ] {
        assert!(text.contains(wanted), "the log is really listened to: {wanted}");
    }
    assert!(hidden.len() > 20);
    log.hides(hidden.iter().map(String::as_str));
}

/// A user of the company reads and changes who travels.
async fn travels(office: &Office, clerk: &Browser) {
    let order = office.thing("ord").await;
    let list = clerk.get("/v2/orders").await;
    assert!(list.body.to_string().contains(OF_THE_WORLD[0]), "{}", list.body);
    let [first, last, phone, email] = STRANGER;
    let passenger: Value = json!({
        "firstName": first, "lastName": last, "email": email, "phones": [{ "phone": phone }],
    });
    let path = format!("/v2/orders/{order}/move");
    let seen = clerk
        .post(&path, &json!({ "passenger": passenger, "reason": REASON }))
        .await;
    seen.status(200);
    assert!(seen.body.to_string().contains(email), "{}", seen.body);
    let seen = clerk
        .post(&format!("/v2/orders/{order}/reject"), &json!({ "reason": REASON }))
        .await;
    seen.status(200);
    // A refusal that may quote what was sent.
    let wrong = json!({ "passenger": { "firstName": first, "lastName": last, "phones": [{ "phone": email }] } });
    clerk.post(&path, &wrong).await.status(400);
}
