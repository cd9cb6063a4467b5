//! Signing in with Google by redirect, against a provider with a page, codes and tokens behind a real socket.
use chrono::TimeDelta;
use domain::access::Workplace;
use domain::role::Role;
use serde_json::json;
use simulators::google::{Client, Fault, GoogleSimulator};

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

const START: &str = "/v2/auth/google/start";
const EXCHANGE: &str = "/v2/auth/google/exchange";
const OLENA: &str = "olena@karpaty.example";
const CLIENT: &str = "backoffice.apps.example";

/// An office where Olena, of the first company, may sign in with Google.
struct Desk {
    office: Office,
    google: GoogleSimulator,
    browser: Browser,
}

/// What a browser returns with.
#[derive(Debug, Clone)]
struct Back {
    page: String,
    state: String,
    code: Option<String>,
    error: Option<String>,
}

impl Desk {
    async fn open() -> Self {
        Self::open_with_secret("secret").await
    }

    /// An office whose API uses this secret at the provider; the provider expects `secret`.
    async fn open_with_secret(secret: &str) -> Self {
        let client = Client {
            id: CLIENT.to_owned(),
            secret: "secret".into(),
        };
        let clock = kernel::clock::Clock::manual(crate::harness::OPENING.parse().unwrap());
        let google = GoogleSimulator::start(([127, 0, 0, 1], 0).into(), client, clock)
            .await
            .unwrap();
        let url = google.url().to_owned();
        let office = Office::open_with(|settings| {
            settings
                .merge(("google_client_id", CLIENT))
                .merge(("google_client_secret", secret))
                .merge(("google_issuer", &url))
                .merge(("google_keys_url", format!("{url}/keys")))
                .merge(("google_authorization_url", format!("{url}/authorize")))
                .merge(("google_token_url", format!("{url}/token")))
        })
        .await;
        office
            .person(OLENA, &[(Workplace::Company(office.karpaty), Role::Manager)])
            .await;
        Self {
            browser: office.browser(),
            office,
            google,
        }
    }

    async fn start(&self, browser: &Browser) -> String {
        let begun = browser
            .post(START, &json!({ "returnTo": "/orders?status=Confirmed" }))
            .await;
        begun.status(200);
        begun.body["data"]["url"].as_str().unwrap().to_owned()
    }

    /// Goes to the provider's page, signs in or cancels there, and returns.
    async fn decide(&self, page: &str, decision: &str, email: &str) -> Back {
        let without_redirects = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let shown = without_redirects.get(page).send().await.unwrap();
        assert_eq!(shown.status(), 200, "the provider takes the request");
        let mut url = reqwest::Url::parse(page).unwrap();
        url.query_pairs_mut()
            .append_pair("email", email)
            .append_pair("decision", decision);
        let answer = without_redirects.get(url).send().await.unwrap();
        let location = reqwest::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        let value = |name: &str| {
            let mut pairs = location.query_pairs();
            pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        Back {
            page: format!("{}{}", location.origin().ascii_serialization(), location.path()),
            state: value("state").unwrap(),
            code: value("code"),
            error: value("error"),
        }
    }

    /// The whole redirect, until the browser is back.
    async fn visit(&self, email: &str) -> Back {
        let page = self.start(&self.browser).await;
        self.decide(&page, "allow", email).await
    }
}

async fn exchange(browser: &Browser, back: &Back) -> Seen {
    let body = json!({ "code": back.code.as_deref().unwrap(), "state": back.state });
    browser.post(EXCHANGE, &body).await
}

fn code(seen: &Seen) -> (u16, &str) {
    (seen.status, seen.code())
}

#[tokio::test]
async fn a_user_who_comes_back_opens_a_session_on_the_page_they_left() {
    let desk = Desk::open().await;
    let back = desk.visit("Olena@Karpaty.example").await;
    assert_eq!(back.page, format!("{}/console/sign-in/google", desk.browser.base));
    let returned = exchange(&desk.browser, &back).await;
    returned.status(200);
    let data = &returned.body["data"];
    assert_eq!(data["returnTo"], "/orders?status=Confirmed");
    assert_eq!(data["user"]["email"], OLENA);
    assert_eq!(data["availableAccesses"][0]["role"], "MANAGER");
    assert_eq!(desk.browser.cookie("backoffice_google"), None, "it is used up");
    desk.browser.get("/v2/auth/me").await.status(401);

    let body = json!({ "idToken": data["idToken"], "companyId": desk.office.karpaty.to_string() });
    desk.browser.post("/v2/auth/google/login", &body).await.status(200);
    desk.browser.get("/v2/auth/me").await.status(200);
}

#[tokio::test]
async fn the_page_gets_what_the_provider_is_to_check() {
    let desk = Desk::open().await;
    let request = desk.browser.http.post(format!("{}{START}", desk.browser.base));
    let answer = desk.browser.fetch(request.json(&json!({}))).await;
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/v2/auth", "Max-Age=600"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let (one, two) = (desk.start(&desk.browser).await, desk.start(&desk.browser).await);
    let parameter = |url: &str, name: &str| {
        let url = reqwest::Url::parse(url).unwrap();
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).unwrap()
    };
    assert_eq!(parameter(&one, "scope"), "openid email");
    assert_eq!(parameter(&one, "code_challenge_method"), "S256");
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(parameter(&one, name), parameter(&two, name), "{name}");
    }
    assert!(!one.contains("secret") && !one.contains("code_verifier"));
}

#[tokio::test]
async fn a_state_of_another_sign_in_or_browser_is_refused() {
    let desk = Desk::open().await;
    let refused = async |browser: &Browser, back: &Back| {
        let seen = exchange(browser, back).await;
        assert_eq!((seen.status, seen.fields()), (400, vec!["state current".to_owned()]));
    };
    let mut back = desk.visit(OLENA).await;
    let stranger = desk.office.browser();
    refused(&stranger, &back).await;
    // A browser with a sign-in of its own, whose user was sent the return address of another user's sign-in.
    desk.start(&stranger).await;
    refused(&stranger, &back).await;
    let right = std::mem::replace(&mut back.state, "made-up".to_owned());
    refused(&desk.browser, &back).await;
    back.state = right;
    let changed = desk.browser.copy();
    let cookie = changed.cookie("backoffice_google").unwrap();
    changed.set_cookie("backoffice_google", &format!("A{}", &cookie[1..]));
    refused(&changed, &back).await;
    // None of these attempts has used the code up.
    exchange(&desk.browser, &back).await.status(200);
}

#[tokio::test]
async fn a_sign_in_that_takes_too_long_begins_anew() {
    let desk = Desk::open().await;
    let back = desk.visit(OLENA).await;
    desk.office.wait(TimeDelta::minutes(10));
    assert_eq!(code(&exchange(&desk.browser, &back).await), (400, "VALIDATION_ERROR"));
}

#[tokio::test]
async fn a_code_works_once() {
    let desk = Desk::open().await;
    let back = desk.visit(OLENA).await;
    let thief = desk.browser.copy();
    exchange(&desk.browser, &back).await.status(200);
    // The cookie was cleared. Even with a copy of it, the provider does not accept the code again.
    assert_eq!(code(&exchange(&desk.browser, &back).await), (400, "VALIDATION_ERROR"));
    assert_eq!(code(&exchange(&thief, &back).await), (401, "INVALID_CREDENTIALS"));
}

#[tokio::test]
async fn a_code_of_another_sign_in_is_worth_nothing() {
    let desk = Desk::open().await;
    let other = desk.office.browser();
    let page = desk.start(&other).await;
    let stolen = desk.decide(&page, "allow", OLENA).await;
    let mut own = desk.visit(OLENA).await;
    own.code = stolen.code;
    assert_eq!(code(&exchange(&desk.browser, &own).await), (401, "INVALID_CREDENTIALS"));
}

#[tokio::test]
async fn an_invalid_token_and_an_unknown_user_get_the_same_response() {
    let desk = Desk::open().await;
    let back = desk.visit("stranger@karpaty.example").await;
    let stranger = exchange(&desk.browser, &back).await;
    assert_eq!(code(&stranger), (401, "INVALID_CREDENTIALS"));
    for fault in [Fault::Nonce, Fault::Unverified] {
        let back = desk.visit(OLENA).await;
        desk.google.fail_next(fault);
        let refused = exchange(&desk.browser, &back).await;
        assert_eq!((refused.status, &refused.body), (401, &stranger.body), "{fault:?}");
    }
    assert_eq!(desk.browser.cookie("backoffice_refresh_token"), None);
}

#[tokio::test]
async fn a_user_who_cancels_comes_back_without_a_code() {
    let desk = Desk::open().await;
    let page = desk.start(&desk.browser).await;
    let back = desk.decide(&page, "deny", "").await;
    assert_eq!((back.code, back.error.as_deref()), (None, Some("access_denied")));
}

#[tokio::test]
async fn a_provider_that_fails_or_refuses_us_is_unavailable() {
    for (secret, fault) in [("secret", Some(Fault::Status(500))), ("wrong", None)] {
        let desk = Desk::open_with_secret(secret).await;
        let back = desk.visit(OLENA).await;
        if let Some(fault) = fault {
            desk.google.fail_next(fault);
        }
        let body = json!({ "code": back.code.unwrap(), "state": back.state });
        let request = desk.browser.http.post(format!("{}{EXCHANGE}", desk.browser.base));
        let answer = desk.browser.fetch(request.json(&body)).await;
        assert_eq!(answer.status(), 503, "{secret}");
    }
}

#[tokio::test]
async fn only_a_page_of_the_console_is_returned_to() {
    let desk = Desk::open().await;
    for path in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "orders",
        "",
    ] {
        let refused = desk.browser.post(START, &json!({ "returnTo": path })).await;
        assert_eq!(refused.fields(), ["returnTo path"], "{path}");
    }
}

#[tokio::test]
async fn pages_learn_whether_it_is_set_up() {
    let with = Desk::open().await;
    let without = Office::open().await;
    for (browser, expected) in [(with.browser.clone(), true), (without.browser(), false)] {
        let told = browser.get("/v2/configuration").await;
        assert_eq!(told.body["data"]["googleSignIn"], expected);
        assert_eq!(told.body["data"]["mapPmtilesUrl"], json!(null));
    }
    let browser = without.browser();
    for (path, body) in [(START, json!({})), (EXCHANGE, json!({ "code": "c", "state": "s" }))] {
        assert_eq!(code(&browser.post(path, &body).await), (403, "FORBIDDEN"));
    }
    let streets = Office::open_with(|settings| settings.merge(("map_pmtiles_url", "https://tiles.example/a.pmtiles")));
    let told = streets.await.browser().get("/v2/configuration").await;
    assert_eq!(told.body["data"]["mapPmtilesUrl"], "https://tiles.example/a.pmtiles");
}
