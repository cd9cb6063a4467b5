//! Signing in with Google, against a provider with real keys behind a real socket.
use domain::access::Workplace;
use domain::role::Role;
use serde_json::{Value, json};
use testing::issuer::{Answer, CLIENT, Issuer, sign};
use testing::redis::TestRedis;

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

const PRE_LOGIN: &str = "/v2/auth/google/pre-login";
const LOGIN: &str = "/v2/auth/google/login";
const OLENA: &str = "olena@karpaty.example";

/// An office where Olena, of the first company, may sign in with Google.
struct Desk {
    office: Office,
    issuer: Issuer,
    browser: Browser,
}

impl Desk {
    async fn open() -> Self {
        Self::open_with_redis("redis://127.0.0.1:1/").await
    }

    async fn open_with_redis(redis_url: &str) -> Self {
        let issuer = Issuer::start().await;
        let office = Office::open_with(|settings| {
            settings
                .merge(("google_client_id", CLIENT))
                .merge(("google_issuer", issuer.url()))
                .merge(("google_keys_url", issuer.keys_url()))
                .merge(("redis_url", redis_url))
                .merge(("trusted_proxies", "127.0.0.1"))
        })
        .await;
        office
            .person(OLENA, &[(Workplace::Company(office.karpaty), Role::Manager)])
            .await;
        Self {
            browser: office.browser(),
            office,
            issuer,
        }
    }

    fn token(&self, email: &str) -> String {
        self.issuer.token(email, self.office.clock.now())
    }

    async fn login(&self, token: &str) -> Seen {
        self.browser.post(LOGIN, &json!({ "idToken": token })).await
    }
}

fn code(seen: &Seen) -> (u16, &str) {
    (seen.status, seen.code())
}

#[tokio::test]
async fn a_valid_token_lists_workplaces_and_then_opens_a_session() {
    let desk = Desk::open().await;
    let token = desk.token("Olena@Karpaty.example");
    let looked = desk.browser.post(PRE_LOGIN, &json!({ "idToken": token })).await;
    looked.status(200);
    assert_eq!(looked.body["data"]["user"]["email"], OLENA);
    assert_eq!(looked.body["data"]["availableAccesses"][0]["role"], "MANAGER");
    assert!(looked.headers.get("set-cookie").is_none());
    desk.browser.get("/v2/auth/me").await.status(401);

    let signed_in = desk.login(&token).await;
    signed_in.status(200);
    assert_eq!(
        signed_in.body["data"]["access"]["companyId"],
        desk.office.karpaty.to_string()
    );
    assert!(desk.browser.cookie("backoffice_refresh_token").is_some());
    let me = desk.browser.get("/v2/auth/me").await;
    assert_eq!(me.body["data"]["session"], signed_in.body["data"]["session"]);
    assert_eq!(desk.issuer.asked(), 1);
}

#[tokio::test]
async fn an_invalid_token_and_an_unknown_user_get_the_same_response() {
    let desk = Desk::open().await;
    let good = desk.token(OLENA);
    let mut unverified = desk.issuer.claims(OLENA, desk.office.clock.now());
    unverified["email_verified"] = json!(false);
    let stranger = desk.login(&desk.token("stranger@karpaty.example")).await;
    assert_eq!(code(&stranger), (401, "INVALID_CREDENTIALS"));
    for token in [
        &good[..good.len() - 1],
        "",
        "a.b.c",
        &sign(0, &unverified),
        &sign(1, &desk.issuer.claims(OLENA, desk.office.clock.now())),
    ] {
        let refused = desk.login(token).await;
        assert_eq!((refused.status, &refused.body), (401, &stranger.body));
        let refused = desk.browser.post(PRE_LOGIN, &json!({ "idToken": token })).await;
        assert_eq!((refused.status, &refused.body), (401, &stranger.body));
    }
    assert!(desk.browser.cookies.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_google_user_with_several_workplaces_names_one() {
    let desk = Desk::open().await;
    let (karpaty, wisla) = (desk.office.karpaty, desk.office.wisla);
    let places = [karpaty, wisla].map(|company| (Workplace::Company(company), Role::Admin));
    desk.office.person("both@office.example", &places).await;
    desk.office.person("none@office.example", &[]).await;
    let token = desk.token("both@office.example");
    let login = async |body: Value| desk.browser.post(LOGIN, &body).await;
    assert_eq!(
        code(&login(json!({ "idToken": token })).await),
        (400, "COMPANY_REQUIRED")
    );
    let there = login(json!({ "idToken": token, "companyId": wisla.to_string() })).await;
    assert_eq!(there.body["data"]["access"]["companyId"], wisla.to_string());
    let elsewhere = login(json!({ "idToken": desk.token(OLENA), "companyId": wisla.to_string() })).await;
    assert_eq!(code(&elsewhere), (404, "COMPANY_NOT_FOUND"));
    let nowhere = login(json!({ "idToken": desk.token("none@office.example") })).await;
    assert_eq!(code(&nowhere), (403, "NO_ACCESS"));
}

#[tokio::test]
async fn every_invalid_field_is_reported() {
    let desk = Desk::open().await;
    for (body, field) in [
        (json!({}), "idToken required"),
        (json!({ "idToken": null }), "idToken type"),
        (json!({ "idToken": 5 }), "idToken type"),
        (json!({ "idToken": "x", "companyId": 5 }), "companyId type"),
        (json!({ "idToken": "x", "email": OLENA }), "email unknown"),
    ] {
        let refused = desk.browser.post(LOGIN, &body).await;
        assert_eq!(refused.fields(), [field], "{body}");
    }
}

#[tokio::test]
async fn another_site_cannot_sign_its_visitors_in() {
    let desk = Desk::open().await;
    let foreign = Browser {
        origin: Some("https://elsewhere.example".to_owned()),
        ..desk.browser.clone()
    };
    let refused = foreign.post(LOGIN, &json!({ "idToken": desk.token(OLENA) })).await;
    assert_eq!(code(&refused), (403, "FORBIDDEN"));
}

#[tokio::test]
async fn sign_in_with_google_is_refused_where_it_is_not_configured() {
    let office = Office::open().await;
    for path in [PRE_LOGIN, LOGIN] {
        let refused = office.browser().post(path, &json!({ "idToken": "a.b.c" })).await;
        assert_eq!(code(&refused), (403, "FORBIDDEN"));
        assert_eq!(
            refused.body["errors"][0]["message"],
            "Sign-in with Google is not configured"
        );
    }
}

#[tokio::test]
async fn without_its_keys_google_is_unavailable_and_with_them_again_it_is_not() {
    let desk = Desk::open().await;
    desk.issuer.answer(Answer::Status(500));
    let body = json!({ "idToken": desk.token(OLENA) });
    let request = desk.browser.http.post(format!("{}{LOGIN}", desk.browser.base));
    let response = request.json(&body).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["errors"][0]["errorCode"], "UNAVAILABLE");
    desk.issuer.answer(Answer::Keys(vec![0]));
    desk.office.wait(clients::google_keys::PAUSE);
    desk.login(&desk.token(OLENA)).await.status(200);
}

#[tokio::test]
async fn invented_tokens_are_throttled_and_lock_no_account_out() {
    let redis = TestRedis::start().await;
    let desk = Desk::open_with_redis(&redis.url()).await;
    // Successful attempts are not counted.
    for _ in 0..3 {
        desk.login(&desk.token(OLENA)).await.status(200);
    }
    let made_up = async || {
        let seen = desk.login("a.b.c").await;
        (seen.status == 429).then_some(seen)
    };
    let limit = std::time::Duration::from_mins(1);
    let refused = testing::eventually::eventually("too many failures", limit, made_up).await;
    assert_eq!(code(&refused), (429, "RATE_LIMITED"));
    assert!(refused.headers.contains_key("retry-after"));
    let good = json!({ "idToken": desk.token(OLENA) });
    testing::eventually::eventually("good ones are refused from there, too", limit, async || {
        let seen = desk.browser.post(LOGIN, &good).await;
        (seen.status == 429).then_some(())
    })
    .await;
    // The device is known since the successful attempts, and counted separately at any address; another one is not
    // affected.
    let elsewhere = async |browser: &Browser| {
        let request = browser.http.post(format!("{}{LOGIN}", browser.base));
        let request = request.header("x-forwarded-for", "192.0.2.1").json(&good);
        browser.send(request).await.status
    };
    assert_eq!(elsewhere(&desk.browser).await, 429);
    let other = desk.browser.copy();
    other.cookies.lock().unwrap().clear();
    assert_eq!(elsewhere(&other).await, 200);
}
