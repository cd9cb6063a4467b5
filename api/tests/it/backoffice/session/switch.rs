use api::auth::cookie;
use domain::access::Workplace;
use domain::id::CompanyId;
use domain::role::Role;
use domain::session::ACCESS_LIFETIME;
use serde_json::{Value, json};

use super::{place, set_cookies, status_and_code};
use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

async fn switch(browser: &Browser, to: impl std::fmt::Display) -> Seen {
    let body = json!({ "companyId": to.to_string() });
    browser.post("/v2/auth/switch-company", &body).await
}

/// A user who works for the first company and the first partner, signed in to the company.
async fn both(office: &Office) -> Browser {
    let places = [
        (Workplace::Company(office.karpaty), Role::Admin),
        (Workplace::Partner(office.website), Role::Manager),
    ];
    office.employee("both@office.example", &places).await;
    let browser = office.browser();
    browser
        .login_at("both@office.example", &office.karpaty.to_string())
        .await;
    browser
}

#[tokio::test]
async fn a_session_switches_and_keeps_its_new_workplace() {
    let office = Office::open().await;
    let browser = both(&office).await;
    let session = browser.me().await.body["data"]["session"]["id"].clone();
    let refresh = browser.cookie(cookie::REFRESH);
    let seen = switch(&browser, office.website).await;
    seen.status(200);
    assert_eq!(place(&seen.body), (&Value::Null, &json!(office.website)));
    assert_eq!(seen.body["data"]["access"]["role"], "MANAGER");
    assert_eq!(seen.body["data"]["session"]["id"], session);
    assert_eq!(seen.body["data"]["session"]["contextType"], "PARTNER");
    let cookies = set_cookies(&seen);
    assert!(cookies.len() == 1 && cookies[0].starts_with("backoffice_access_token="));
    assert_eq!(browser.cookie(cookie::REFRESH), refresh);
    assert_eq!(browser.me().await.body, seen.body);
    office.wait(ACCESS_LIFETIME);
    let refreshed = browser.refresh().await;
    assert_eq!(place(&refreshed.body), (&Value::Null, &json!(office.website)));
    let back = switch(&browser, office.karpaty).await;
    assert_eq!(place(&back.body), (&json!(office.karpaty), &Value::Null));
}

#[tokio::test]
async fn the_token_of_the_former_workplace_is_refused_at_once() {
    let office = Office::open().await;
    let browser = both(&office).await;
    let before = browser.copy();
    before.get("/v2/orders").await.status(200);
    switch(&browser, office.website).await.status(200);
    for path in [
        "/v2/auth/me",
        "/v2/orders",
        "/v2/reports/orders",
        "/v2/partner/api-keys",
    ] {
        assert_eq!(
            status_and_code(&before.get(path).await),
            (401, "SESSION_EXPIRED"),
            "{path}"
        );
    }
    assert_eq!(
        status_and_code(&switch(&before, office.karpaty).await),
        (401, "SESSION_EXPIRED")
    );
    let out = before.press("/v2/auth/logout-all").await;
    assert_eq!(status_and_code(&out), (401, "SESSION_EXPIRED"));
    browser.me().await.status(200);
    browser.get("/v2/orders").await.status(403);
    // The session continues in the new workplace, also with the previous cookies.
    let refreshed = before.refresh().await;
    assert_eq!(place(&refreshed.body), (&Value::Null, &json!(office.website)));
    before.me().await.status(200);
}

#[tokio::test]
async fn a_company_of_other_users_is_refused_like_an_unknown_one() {
    let office = Office::open().await;
    let browser = both(&office).await;
    let before = browser.me().await.body;
    let mut bodies = Vec::new();
    for elsewhere in [
        office.wisla.to_string(),
        CompanyId::new().to_string(),
        office.reseller.to_string(),
        String::new(),
        "karpaty".to_owned(),
    ] {
        let seen = switch(&browser, &elsewhere).await;
        assert_eq!(status_and_code(&seen), (404, "COMPANY_NOT_FOUND"), "{elsewhere}");
        assert!(set_cookies(&seen).is_empty());
        bodies.push(seen.body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]));
    assert_eq!(browser.me().await.body, before);
}

#[tokio::test]
async fn an_ended_session_cannot_switch() {
    let office = Office::open().await;
    let browser = both(&office).await;
    let copy = browser.copy();
    browser.press("/v2/auth/logout").await;
    assert_eq!(
        status_and_code(&switch(&copy, office.website).await),
        (401, "SESSION_EXPIRED")
    );
    let nobody = switch(&office.browser(), office.website).await;
    assert_eq!(status_and_code(&nobody), (401, "UNAUTHORIZED"));
    let again = office.browser();
    again.login_at("both@office.example", &office.karpaty.to_string()).await;
    let wrong = again
        .post("/v2/auth/switch-company", &json!({ "partnerId": "x" }))
        .await;
    assert_eq!(wrong.fields(), ["companyId required", "partnerId unknown"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn switching_while_the_access_is_withdrawn_is_never_an_internal_error() {
    let office = Office::open().await;
    let browser = both(&office).await;
    let tabs: Vec<Browser> = (0..20).map(|_| browser.copy()).collect();
    let moves = futures::future::join_all(tabs.iter().map(|tab| switch(tab, office.website)));
    let withdrawal = sqlx::query("delete from accesses where partner_id = $1")
        .bind(office.website)
        .execute(office.pool());
    let (moves, withdrawal) = tokio::join!(moves, withdrawal);
    withdrawal.unwrap();
    // `Browser` itself refuses internal errors (5xx).
    assert!(moves.iter().all(|seen| [200, 401, 404].contains(&seen.status)));
}
