use serde_json::json;

use crate::http::support::TestApp;

#[tokio::test]
async fn the_catalogue_is_open_but_a_key_that_is_sent_is_checked() {
    let app = TestApp::new().await;
    let live = app.key("local").await;
    let staging = app.key("staging").await;
    app.get("/v2/cities").await.status(200);
    app.get_with("/v2/cities", &[("x-api-key", &live)]).await.status(200);
    for wrong in ["", "nonsense", &staging, &live[..live.len() - 1], &live.to_uppercase()] {
        let seen = app.get_with("/v2/cities", &[("x-api-key", wrong)]).await;
        assert_eq!((seen.status, seen.code()), (401, "UNAUTHORIZED"), "{wrong}");
        assert_eq!(seen.header("www-authenticate"), "ApiKey");
    }
    let twice = app
        .get_with("/v2/cities", &[("x-api-key", &live), ("x-api-key", &live)])
        .await;
    twice.status(401);
}

#[tokio::test]
async fn a_revoked_key_stops_working() {
    let app = TestApp::new().await;
    let key = app.key("local").await;
    app.get_with("/v2/stops", &[("x-api-key", &key)]).await.status(200);
    sqlx::raw_sql("update api_keys set revoked_at = now()")
        .execute(&app.db.pool)
        .await
        .unwrap();
    app.get_with("/v2/stops", &[("x-api-key", &key)]).await.status(401);
}

#[tokio::test]
async fn one_switch_makes_the_catalogue_ask_for_a_key() {
    let app = TestApp::with(&[("catalogue_requires_key", json!(true))]).await;
    let key = app.key("local").await;
    for path in [
        "/v2/cities",
        "/v2/cities/kyiv",
        "/v2/cities/kyiv/stops",
        "/v2/stops",
        "/v2/stops/x",
    ] {
        let seen = app.get(path).await;
        assert_eq!((seen.status, seen.code()), (401, "UNAUTHORIZED"), "{path}");
    }
    app.get_with("/v2/cities", &[("x-api-key", &key)]).await.status(200);
}
