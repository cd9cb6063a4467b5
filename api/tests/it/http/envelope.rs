use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use api::middleware::concurrency_limit::ConcurrencyLimits;
use api::server::ServerLimits;
use poem::Body;
use poem::http::Method;
use testing::eventually::eventually;

use crate::http::support::{SERVED, TestApp, limits};

/// Less than a handler may take.
const LIMIT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn unknown_routes_and_methods_answer_the_envelope() {
    let app = TestApp::new().await;
    for path in [
        "/nothing",
        "/guides",
        "/v2",
        "/v2/",
        "/v2/nothing",
        "/v2/cities/kyiv/stops/1",
        "/v2/cities/",
        "/rest/../v2",
        "/V2/cities",
    ] {
        let seen = app.get(path).await;
        assert_eq!((seen.status, seen.code()), (404, "NOT_FOUND"), "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::TRACE] {
        let seen = app.send(method.clone(), "/v2/cities", &[], Body::empty()).await;
        assert_eq!((seen.status, seen.code()), (405, "METHOD_NOT_ALLOWED"), "{method}");
        assert_eq!(seen.header("allow"), "GET, HEAD, OPTIONS");
    }
    app.send(Method::HEAD, "/v2/cities", &[], Body::empty())
        .await
        .status(200);
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_whether_announced_or_not() {
    let app = TestApp::new().await;
    let large = vec![b'x'; 10 * 1024 * 1024];
    let announced = [("content-length", "10485760")];
    let seen = app.send(Method::POST, "/v2/cities", &announced, Body::empty()).await;
    seen.refused(413, "PAYLOAD_TOO_LARGE");
    let seen = app
        .send(
            Method::POST,
            "/v2/cities",
            &[],
            Body::from_async_read(std::io::Cursor::new(large)),
        )
        .await;
    seen.refused(413, "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn a_compressed_body_is_refused() {
    let app = TestApp::new().await;
    let seen = app
        .send(
            Method::POST,
            "/v2/cities",
            &[("content-encoding", "gzip")],
            Body::from("x"),
        )
        .await;
    seen.refused(415, "UNSUPPORTED_MEDIA_TYPE");
}

#[tokio::test]
async fn panics_and_handlers_that_hang_answer_the_envelope_and_tell_nothing() {
    let app = TestApp::new().await;
    let seen = app.get("/panics").await;
    seen.refused(500, "INTERNAL_ERROR");
    assert!(!seen.body.to_string().contains("purpose"));
    let seen = app.get("/hangs").await;
    seen.refused(503, "UNAVAILABLE");
    assert_eq!(seen.header("retry-after"), "1");
}

#[tokio::test]
async fn more_requests_than_the_process_holds_are_refused_for_now() {
    let app = TestApp::new().await;
    let crowd = futures::future::join_all((0..SERVED).map(|_| app.get("/hangs")));
    let late = async { (app.get("/v2/cities").await, app.get("/healthz").await) };
    let (_, (late, probe)) = tokio::join!(crowd, late);
    assert_eq!(
        (late.status, late.code(), late.header("retry-after")),
        (503, "UNAVAILABLE", "1")
    );
    assert_eq!(
        late.body["errors"][0]["message"],
        "Too many concurrent requests; try again"
    );
    probe.status(200);
    app.get("/v2/cities").await.status(200);
}

#[tokio::test]
async fn requests_to_change_something_that_are_stuck_do_not_stop_a_read() {
    let few = ServerLimits {
        concurrency: ConcurrencyLimits {
            served: 2,
            writes: 1,
            waiting_reads: 0,
            waiting_writes: 0,
            ..ConcurrencyLimits::default()
        },
        handler: ServerLimits::default().handler,
        ..limits()
    };
    let app = TestApp::within(&[], few).await;
    let mut lock = app.db.pool.begin().await.unwrap();
    sqlx::query("lock table users in access exclusive mode")
        .execute(&mut *lock)
        .await
        .unwrap();
    let refused = AtomicUsize::new(0);
    let sign_in = async || {
        let body = r#"{ "email": "olena@example.com", "password": "correct horse" }"#;
        let seen = app.post("/v2/auth/pre-login", body).await;
        refused.fetch_add(usize::from(seen.status == 503), Ordering::SeqCst);
        seen.status
    };
    let others = async {
        eventually("one is stuck, the others are refused", LIMIT, async || {
            (refused.load(Ordering::SeqCst) == 2).then_some(())
        })
        .await;
        app.get("/v2/cities").await.status(200);
        lock.rollback().await.unwrap();
    };
    let (one, two, three, ()) = tokio::join!(sign_in(), sign_in(), sign_in(), others);
    let mut statuses = [one, two, three];
    statuses.sort_unstable();
    assert_eq!(statuses, [401, 503, 503]);
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_refused() {
    let app = TestApp::new().await;
    let (_sender, slow) = tokio::io::duplex(16);
    let seen = app
        .send(Method::POST, "/v2/cities", &[], Body::from_async_read(slow))
        .await;
    assert_eq!(seen.fields(), ["body timeout"]);
}

#[tokio::test]
async fn a_database_that_is_not_to_be_had_is_503() {
    let app = TestApp::new().await;
    let key = app.key("local").await;
    app.db.pool.close().await;
    let seen = app.get_with("/v2/cities", &[("x-api-key", &key)]).await;
    seen.refused(503, "UNAVAILABLE");
    app.get("/readyz").await.status(503);
    app.get("/healthz").await.status(200);
}

#[tokio::test]
async fn an_internal_error_is_500_without_details() {
    let app = TestApp::new().await;
    let key = app.key("local").await;
    sqlx::raw_sql("alter table api_keys rename to gone")
        .execute(&app.db.pool)
        .await
        .unwrap();
    let seen = app.get_with("/v2/cities", &[("x-api-key", &key)]).await;
    seen.refused(500, "INTERNAL_ERROR");
    assert!(!seen.body.to_string().contains("api_keys"), "{}", seen.body);
}

#[tokio::test]
async fn every_answer_carries_a_request_id() {
    let app = TestApp::new().await;
    for path in [
        "/v2/cities",
        "/nothing",
        "/panics",
        "/docs",
        "/openapi.json",
        "/healthz",
    ] {
        let seen = app.get_with(path, &[("x-request-id", "abc.DEF_1-2")]).await;
        assert_eq!(seen.header("x-request-id"), "abc.DEF_1-2", "{path}");
        assert_eq!(seen.header("x-content-type-options"), "nosniff");
    }
    let long = "a".repeat(129);
    for invalid in ["", "a b", "ü", "{}", &long] {
        let seen = app.get_with("/v2/cities", &[("x-request-id", invalid)]).await;
        assert_eq!(seen.header("x-request-id").len(), 32, "{invalid}");
    }
    assert_ne!(
        app.get("/healthz").await.header("x-request-id"),
        app.get("/healthz").await.header("x-request-id")
    );
}

#[tokio::test]
async fn only_large_responses_are_compressed() {
    let app = TestApp::new().await;
    let gzip = [("accept-encoding", "br, gzip")];
    assert_eq!(
        app.get_with("/openapi.json", &gzip).await.header("content-encoding"),
        "gzip"
    );
    assert_eq!(
        app.get_with("/v2/cities/kyiv", &gzip).await.header("content-encoding"),
        ""
    );
    assert_eq!(
        app.get_with("/openapi.json", &[("accept-encoding", "gzip;q=0")])
            .await
            .header("content-encoding"),
        ""
    );
    assert_eq!(app.get("/openapi.json").await.header("vary"), "accept-encoding");
}
