use api::auth::cookie;
use domain::access::Workplace;
use domain::role::Role;
use domain::session::ACCESS_LIFETIME;

use super::{CLEARED, set_cookies, status_and_code};
use crate::backoffice::support::Office;
use crate::harness::browser::Browser;

fn only(browser: &Browser, name: &str) -> Browser {
    let value = browser.cookie(name).unwrap();
    let copy = browser.copy();
    copy.cookies.lock().unwrap().clear();
    copy.set_cookie(name, &value);
    copy
}

#[tokio::test]
async fn signing_out_ends_all_copies_of_the_tokens_at_once() {
    let office = Office::open().await;
    let browser = office.manager("out@karpaty.example").await;
    let other = office.browse_as("out@karpaty.example").await;
    let copy = browser.copy();
    let seen = browser.press("/v2/auth/logout").await;
    seen.status(204);
    assert_eq!(set_cookies(&seen), CLEARED);
    let left: Vec<String> = browser
        .cookies
        .lock()
        .unwrap()
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    assert_eq!(left, [cookie::DEVICE]);
    assert_eq!(status_and_code(&copy.me().await), (401, "SESSION_EXPIRED"));
    assert_eq!(status_and_code(&copy.refresh().await), (401, "SESSION_EXPIRED"));
    other.me().await.status(200);
}

#[tokio::test]
async fn either_cookie_is_enough_to_sign_out_whether_its_time_is_over_or_not() {
    let office = Office::open().await;
    for name in [cookie::ACCESS, cookie::REFRESH] {
        let browser = office.manager(&format!("{name}@karpaty.example")).await;
        office.wait(ACCESS_LIFETIME * 2);
        assert_eq!(office.count_sessions().await, 1, "{name}");
        only(&browser, name).press("/v2/auth/logout").await.status(204);
        assert_eq!(office.count_sessions().await, 0, "{name}");
    }
}

#[tokio::test]
async fn signing_out_succeeds_with_and_without_a_session() {
    let office = Office::open().await;
    let browser = office.manager("twice@karpaty.example").await;
    let copy = browser.copy();
    for again in [&browser, &browser, &copy, &office.browser()] {
        let seen = again.press("/v2/auth/logout").await;
        seen.status(204);
        assert_eq!(set_cookies(&seen), CLEARED);
    }
}

#[tokio::test]
async fn forged_tokens_sign_no_user_out() {
    let office = Office::open().await;
    let browser = office.manager("victim@karpaty.example").await;
    let (access, refresh) = (
        browser.cookie(cookie::ACCESS).unwrap(),
        browser.cookie(cookie::REFRESH).unwrap(),
    );
    let forger = office.browser();
    let mut middle = refresh.into_bytes();
    middle[40] ^= 1;
    forger.set_cookie(cookie::REFRESH, &String::from_utf8(middle).unwrap());
    let (unsigned, _) = access.rsplit_once('.').unwrap();
    forger.set_cookie(cookie::ACCESS, &format!("{unsigned}."));
    forger.press("/v2/auth/logout").await.status(204);
    browser.me().await.status(200);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_of_the_person_and_no_other() {
    let office = Office::open().await;
    let here = office.manager("all@karpaty.example").await;
    let there = office.browse_as("all@karpaty.example").await;
    let colleague = office.manager("colleague@karpaty.example").await;
    let copy = here.copy();
    let seen = here.press("/v2/auth/logout-all").await;
    seen.status(204);
    assert_eq!(set_cookies(&seen), CLEARED);
    for gone in [&copy, &there] {
        assert_eq!(status_and_code(&gone.me().await), (401, "SESSION_EXPIRED"));
        assert_eq!(status_and_code(&gone.refresh().await), (401, "SESSION_EXPIRED"));
        assert_eq!(
            status_and_code(&gone.press("/v2/auth/logout-all").await),
            (401, "SESSION_EXPIRED")
        );
    }
    colleague.me().await.status(200);
    office.browse_as("all@karpaty.example").await.me().await.status(200);
}

#[tokio::test]
async fn signing_out_everywhere_asks_for_an_access_token_that_is_good() {
    let office = Office::open().await;
    let browser = office.manager("stale@karpaty.example").await;
    let refresh_only = only(&browser, cookie::REFRESH);
    assert_eq!(
        status_and_code(&refresh_only.press("/v2/auth/logout-all").await),
        (401, "UNAUTHORIZED")
    );
    office.wait(ACCESS_LIFETIME);
    assert_eq!(
        status_and_code(&browser.press("/v2/auth/logout-all").await),
        (401, "SESSION_EXPIRED")
    );
    assert_eq!(office.count_sessions().await, 1);
}

#[tokio::test]
async fn a_withdrawn_access_ends_at_once() {
    let office = Office::open().await;
    let places = [
        (Workplace::Company(office.karpaty), Role::Manager),
        (Workplace::Company(office.wisla), Role::Manager),
    ];
    office.employee("both@office.example", &places).await;
    let (leaving, staying) = (office.browser(), office.browser());
    leaving
        .login_at("both@office.example", &office.karpaty.to_string())
        .await;
    staying.login_at("both@office.example", &office.wisla.to_string()).await;
    leaving.me().await.status(200);
    sqlx::query("delete from accesses where company_id = $1")
        .bind(office.karpaty)
        .execute(office.pool())
        .await
        .unwrap();
    assert_eq!(status_and_code(&leaving.me().await), (401, "UNAUTHORIZED"));
    assert_eq!(status_and_code(&leaving.refresh().await), (401, "UNAUTHORIZED"));
    assert_eq!(
        status_and_code(&leaving.press("/v2/auth/logout-all").await),
        (401, "UNAUTHORIZED")
    );
    let me = staying.me().await;
    assert_eq!(me.body["data"]["availableAccesses"].as_array().unwrap().len(), 1);
    staying.refresh().await.status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_everywhere_while_tabs_refresh_leaves_no_session() {
    let office = Office::open().await;
    let browser = office.manager("race@karpaty.example").await;
    let tabs: Vec<Browser> = (0..30).map(|_| browser.copy()).collect();
    let out = browser.copy();
    let refreshes = futures::future::join_all(tabs.iter().map(Browser::refresh));
    let (answers, seen) = tokio::join!(refreshes, out.press("/v2/auth/logout-all"));
    seen.status(204);
    assert!(answers.iter().all(|seen| [200, 401].contains(&seen.status)));
    for tab in &tabs {
        tab.me().await.status(401);
    }
    assert_eq!(office.count_sessions().await, 0);
}
