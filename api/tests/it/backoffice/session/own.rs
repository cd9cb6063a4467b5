use serde_json::{Value, json};
use testing::redis::TestRedis;

use super::{PASSWORD, status_and_code};
use crate::backoffice::support::Office;
use crate::backoffice::throttle::replica;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

/// Longer than the password that it replaces.
const NEW: &str = "a much longer sentence";

async fn sessions(browser: &Browser) -> Vec<Value> {
    let seen = browser.get("/v2/auth/sessions").await;
    seen.status(200);
    let listed = seen.body["data"]["sessions"].as_array().unwrap().clone();
    assert_eq!(seen.body["data"]["total"], listed.len());
    listed
}

async fn change(browser: &Browser, current: &str, new: &str) -> Seen {
    let body = json!({ "currentPassword": current, "newPassword": new });
    browser.post("/v2/auth/password", &body).await
}

#[tokio::test]
async fn a_person_sees_their_own_sessions_and_ends_one_at_once() {
    let office = Office::open().await;
    let here = office.manager("own@karpaty.example").await;
    office.wait(chrono::TimeDelta::minutes(2));
    let there = office.browser();
    let body = json!({ "email": "own@karpaty.example", "password": PASSWORD });
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let login = there.http.post(format!("{}/v2/auth/login", there.base)).json(&body);
    there.send(login.header("user-agent", firefox)).await.status(200);
    let stranger = office.manager("stranger@karpaty.example").await;

    office.wait(chrono::TimeDelta::minutes(2));
    let listed = sessions(&here).await;
    assert_eq!(listed.len(), 2, "of nobody else");
    // The session of the request was used last.
    assert_eq!(
        (&listed[0]["current"], &listed[1]["current"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(listed[0]["browser"], Value::Null);
    assert_eq!(listed[1]["browser"], "Firefox, Linux");
    assert_eq!(listed[1]["companyId"], office.karpaty.to_string());
    assert_eq!(listed[1]["createdAt"], "2027-02-01T08:02:00.000Z");
    let page = here.get("/v2/auth/sessions?take=1&skip=1").await;
    assert_eq!(page.body["data"]["sessions"], json!([listed[1]]));
    assert_eq!(page.body["data"]["total"], 2);

    let id = listed[1]["id"].as_str().unwrap();
    let path = format!("/v2/auth/sessions/{id}");
    assert_eq!(status_and_code(&stranger.delete(&path).await), (404, "NOT_FOUND"));
    there.me().await.status(200);
    here.delete(&path).await.status(204);
    assert_eq!(status_and_code(&there.me().await), (401, "SESSION_EXPIRED"));
    assert_eq!(status_and_code(&there.refresh().await), (401, "SESSION_EXPIRED"));
    here.delete(&path).await.status(204);
    assert_eq!(sessions(&here).await.len(), 1);
    let unknown = "/v2/auth/sessions/ses_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a";
    assert_eq!(status_and_code(&here.delete(unknown).await), (404, "NOT_FOUND"));
    let own = listed[0]["id"].as_str().unwrap();
    here.delete(&format!("/v2/auth/sessions/{own}")).await.status(204);
    assert_eq!(status_and_code(&here.me().await), (401, "SESSION_EXPIRED"));
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_replaces_the_old_one() {
    let office = Office::open().await;
    let here = office.manager("new@karpaty.example").await;
    let there = office.browse_as("new@karpaty.example").await;
    let wrong = change(&here, "something else", NEW).await;
    assert_eq!(
        (wrong.status, wrong.fields()),
        (400, vec!["currentPassword password".to_owned()])
    );
    let short = change(&here, PASSWORD, "їжак").await;
    assert_eq!(
        (short.status, short.fields()),
        (400, vec!["newPassword minLength".to_owned()])
    );
    there.me().await.status(200);

    change(&here, PASSWORD, NEW).await.status(204);
    here.me().await.status(200);
    here.refresh().await.status(200);
    assert_eq!(status_and_code(&there.me().await), (401, "SESSION_EXPIRED"));
    let again = office.browser();
    assert_eq!(
        status_and_code(&again.login("new@karpaty.example", PASSWORD).await),
        (401, "INVALID_CREDENTIALS")
    );
    again.login("new@karpaty.example", NEW).await.status(200);
    let trail: Vec<(String, String, String)> = sqlx::query_as("select action, actor, details::text from audit_entries")
        .fetch_all(office.pool())
        .await
        .unwrap();
    let user = here.me().await.body["data"]["user"]["id"].as_str().unwrap().to_owned();
    assert_eq!(trail, [("user.password".to_owned(), user, "{}".to_owned())]);
}

#[tokio::test]
async fn guessing_a_password_in_a_session_is_throttled_as_at_sign_in() {
    let (office, redis) = (Office::open().await, TestRedis::start().await);
    office.manager("guess@karpaty.example").await;
    let mut here = replica(&office, &redis).await;
    here.login("guess@karpaty.example", PASSWORD).await.status(200);
    here.origin = Some("http://127.0.0.1:8080".to_owned());
    for _ in 0..10 {
        assert_eq!(change(&here, "something else", NEW).await.status, 400);
    }
    assert_eq!(
        status_and_code(&change(&here, "something else", NEW).await),
        (429, "RATE_LIMITED")
    );
    assert_eq!(
        status_and_code(&change(&here, PASSWORD, NEW).await),
        (429, "RATE_LIMITED")
    );
    here.me().await.status(200);
}
