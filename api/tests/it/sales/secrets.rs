//! What must never be in the log: keys, tokens, cookies, passwords, and who travels. The test records all log lines of
//! its thread, at the most verbose level: the server runs there, with everything that it uses.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use testing::eventually::eventually;
use testing::log::Log;

use crate::sales::support::Shop;

const FIRST_NAME: &str = "Zenobiusz";
const LAST_NAME: &str = "Przeworsky";
const PHONE: &str = "+380991234567";
const EMAIL: &str = "zenobiusz@private.example";
const NOTE: &str = "needs-a-wheelchair";
const PASSWORD: &str = "correct-horse-battery-staple";
const ACCESS: &str = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0YWNjZXNz.c2lnbmF0dXJl";
const REFRESH: &str = "secret-refresh-0123456789abcdef";
const WRONG_KEY: &str = "pxs_local_0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de0badc0de";
const QUERY: &str = "secret-in-a-query";
const FORGED: &str = "forged-line";

/// A client that sends requests and ignores the responses.
struct Caller<'a> {
    shop: &'a Shop,
    key: String,
}

impl Caller<'_> {
    async fn send(&self, method: Method, path: &str, key: &str, body: String) -> (StatusCode, Value) {
        let client = self.shop.visitor();
        let request = client
            .http
            .request(method, format!("{}{path}", client.base))
            .header("x-api-key", key)
            .header("authorization", format!("Bearer {ACCESS}"))
            .header("x-request-id", format!("a b {FORGED}"))
            .header(
                "cookie",
                format!("backoffice_access_token={ACCESS}; backoffice_refresh_token={REFRESH}"),
            )
            .header("content-type", "application/json")
            .body(body);
        let answer = request.send().await.unwrap();
        let status = answer.status();
        (
            status,
            serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default(),
        )
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.send(Method::POST, path, &self.key, body.to_string()).await
    }
}

fn order(token: &str) -> Value {
    json!({
        "offerId": token, "currency": "UAH", "note": NOTE,
        "passengers": [{
            "firstName": FIRST_NAME, "lastName": LAST_NAME, "email": EMAIL, "phones": [{ "phone": PHONE }],
        }],
    })
}

#[tokio::test]
async fn the_log_holds_no_secret_and_no_passenger_at_the_most_verbose_level() {
    // The test's own client is not the subject.
    let (log, _listening) = Log::listen("trace,reqwest=off,hyper_util::client=off,hyper::client=off");

    let shop = Shop::open().await;
    let caller = Caller {
        shop: &shop,
        key: shop.website().key.clone().unwrap(),
    };
    let token = shop.website().token(50, "kyiv", "lviv", 1).await;

    // Requests that succeed.
    let (status, created) = caller.post("/v2/bookings", &order(&token)).await;
    assert_eq!(status, 201, "{created}");
    let booking = created["data"]["booking"]["id"].as_str().unwrap().to_owned();
    let (status, _) = caller.post(&format!("/v2/bookings/{booking}/pay"), &json!({})).await;
    assert_eq!(status, 200);

    // Requests that are refused.
    let mut unknown = order(&token);
    unknown[EMAIL] = json!(PASSWORD);
    assert_eq!(caller.post("/v2/bookings", &unknown).await.0, 400);
    let mut wrong = order(&format!("{token}x"));
    assert_eq!(caller.post("/v2/bookings", &wrong).await.0, 400);
    wrong["passengers"][0]["email"] = json!(format!("{EMAIL} {PASSWORD}"));
    assert_eq!(caller.post("/v2/bookings", &wrong).await.0, 400);
    let torn = order(&token).to_string().replace('}', "");
    let (status, _) = caller.send(Method::POST, "/v2/bookings", &caller.key, torn).await;
    assert_eq!(status, 400);
    let path = format!("/v2/cities?search={QUERY}&language={QUERY}");
    let (status, _) = caller.send(Method::GET, &path, &caller.key, String::new()).await;
    assert_eq!(status, 400);
    let (status, _) = caller.send(Method::GET, "/v2/cities", WRONG_KEY, String::new()).await;
    assert_eq!(status, 401);

    // Any response to these is accepted.
    let credentials = json!({ "email": EMAIL, "password": PASSWORD, "idToken": ACCESS, "enabled": PASSWORD });
    for path in [
        "/v2/auth/pre-login",
        "/v2/auth/login",
        "/v2/auth/google/login",
        "/v2/auth/refresh",
        "/v2/auth/switch-company",
        "/v2/auth/logout",
        "/v2/reports/orders",
        "/v2/partner/api-keys",
    ] {
        caller.post(path, &credentials).await;
    }
    for path in ["/v2/auth/me", "/v2/orders", "/v2/reports/orders"] {
        caller.send(Method::GET, path, &caller.key, String::new()).await;
    }

    // Internal errors, with the database quoting what it was given.
    shop.sql("alter table passengers add constraint nobody check (first_name = '') not valid")
        .await;
    let (status, body) = caller.post("/v2/bookings", &order(&token)).await;
    assert_eq!(status, 500);
    assert!(!body.to_string().contains(FIRST_NAME), "{body}");
    shop.sql("alter table api_keys rename to gone").await;
    let (status, _) = caller.post("/v2/bookings", &order(&token)).await;
    assert_eq!(status, 500);

    let failures = |text: &str| text.matches("request failed").count();
    eventually(
        "the failures in the log",
        std::time::Duration::from_secs(60),
        async || (failures(&log.text()) >= 2).then_some(()),
    )
    .await;
    let text = log.text();
    for wanted in ["\"DEBUG\"", "sqlx", "/v2/bookings", &booking] {
        assert!(text.contains(wanted), "the log is really listened to: {wanted}");
    }
    let (_, secret) = caller.key.rsplit_once('_').unwrap();
    let (_, signature) = token.rsplit_once('.').unwrap();
    log.hides([
        FIRST_NAME,
        LAST_NAME,
        PHONE,
        &PHONE[1..],
        EMAIL,
        NOTE,
        PASSWORD,
        ACCESS,
        REFRESH,
        WRONG_KEY,
        QUERY,
        FORGED,
        secret,
        signature,
        "0123456789abcdef0123456789abcdef",
    ]);
}
