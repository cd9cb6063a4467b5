//! Requests from pages of other origins.

use poem::Body;
use poem::http::Method;
use serde_json::json;

use crate::harness::answer::Seen;
use crate::http::support::TestApp;

const SHOP: &str = "https://shop.example.com";
const OTHER: &str = "https://other.example.com";

async fn api(origins: &str) -> TestApp {
    TestApp::with(&[("cors_origins", json!(origins))]).await
}

async fn preflight(app: &TestApp, origin: &str, method: &str, path: &str) -> Seen {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", method),
        ("access-control-request-headers", "x-api-key"),
    ];
    app.send(Method::OPTIONS, path, &headers, Body::empty()).await
}

async fn read(app: &TestApp, origin: &str, path: &str) -> Seen {
    app.get_with(path, &[("origin", origin)]).await
}

/// The origin that may read the response.
fn shown(seen: &Seen) -> &str {
    assert_eq!(
        seen.header("access-control-allow-credentials"),
        "",
        "cookies are never allowed"
    );
    seen.header("access-control-allow-origin")
}

fn varies(seen: &Seen) -> bool {
    seen.headers.get_all("vary").iter().any(|value| value == "origin")
}

#[tokio::test]
async fn without_the_setting_no_page_may_read_anything() {
    let app = TestApp::new().await;
    let seen = read(&app, SHOP, "/v2/cities").await;
    assert_eq!((seen.status, shown(&seen), varies(&seen)), (200, "", false));
    let seen = preflight(&app, SHOP, "GET", "/v2/cities").await;
    assert_eq!((seen.status, seen.code(), shown(&seen)), (403, "FORBIDDEN", ""));
}

#[tokio::test]
async fn a_listed_origin_may_call_the_distribution_surface_with_a_key() {
    let app = api(SHOP).await;
    let seen = preflight(&app, SHOP, "POST", "/v2/bookings").await;
    assert_eq!((seen.status, shown(&seen)), (204, SHOP));
    assert_eq!(seen.header("access-control-allow-methods"), "POST, GET, HEAD, OPTIONS");
    for name in ["x-api-key", "content-type", "idempotency-key"] {
        assert!(seen.header("access-control-allow-headers").contains(name), "{name}");
    }
    assert_eq!(seen.header("access-control-max-age"), "600");
    let key = app.key("local").await;
    let seen = app
        .get_with("/v2/bookings", &[("origin", SHOP), ("x-api-key", &key)])
        .await;
    assert_eq!((seen.status, shown(&seen), varies(&seen)), (200, SHOP, true));
    for name in ["x-request-id", "etag", "retry-after", "ratelimit", "ratelimit-policy"] {
        let exposed = seen.header("access-control-expose-headers");
        assert!(exposed.split(", ").any(|exposed| exposed == name), "{name}");
    }
    // The page may also read why it was refused.
    let seen = read(&app, SHOP, "/v2/bookings").await;
    assert_eq!((seen.status, seen.code(), shown(&seen)), (401, "UNAUTHORIZED", SHOP));
}

#[tokio::test]
async fn an_origin_that_is_not_listed_is_refused() {
    let app = api(SHOP).await;
    let near = [
        "https://shop.example.com.evil.example",
        "http://shop.example.com",
        "null",
        "",
        "*",
        OTHER,
    ];
    for origin in near {
        let seen = preflight(&app, origin, "POST", "/v2/bookings").await;
        assert_eq!(
            (seen.status, seen.code(), shown(&seen)),
            (403, "FORBIDDEN", ""),
            "{origin}"
        );
        // The response depends on the origin, so `Vary` must say so to caches.
        let seen = read(&app, origin, "/v2/cities").await;
        assert_eq!((seen.status, shown(&seen), varies(&seen)), (200, "", true), "{origin}");
    }
    let twice = app.get_with("/v2/cities", &[("origin", SHOP), ("origin", OTHER)]).await;
    assert_eq!(shown(&twice), "");
}

#[tokio::test]
async fn anyone_may_read_what_needs_no_key_and_nothing_else() {
    let app = api("*").await;
    let key = app.key("local").await;
    let seen = read(&app, OTHER, "/v2/cities").await;
    assert_eq!((seen.status, shown(&seen)), (200, "*"));
    let seen = preflight(&app, OTHER, "GET", "/v2/offers/schedule").await;
    assert_eq!((seen.status, shown(&seen)), (204, "*"));
    assert!(!seen.header("access-control-allow-headers").contains("x-api-key"));
    let keyed = app
        .get_with("/v2/cities", &[("origin", OTHER), ("x-api-key", &key)])
        .await;
    assert_eq!((keyed.status, shown(&keyed)), (200, ""));
    for path in ["/v2/offers", "/v2/bookings"] {
        assert_eq!(shown(&read(&app, OTHER, path).await), "", "{path}");
        assert_eq!(preflight(&app, OTHER, "POST", path).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn anyone_and_a_list_may_stand_together() {
    let app = api(&format!("*, {SHOP}")).await;
    assert_eq!(shown(&read(&app, SHOP, "/v2/cities").await), SHOP);
    assert_eq!(shown(&read(&app, OTHER, "/v2/cities").await), "*");
    assert_eq!(shown(&read(&app, SHOP, "/v2/bookings").await), SHOP);
    assert_eq!(shown(&read(&app, OTHER, "/v2/bookings").await), "");
}

#[tokio::test]
async fn the_back_office_is_for_pages_of_its_own_origin() {
    let app = api(&format!("*, {SHOP}")).await;
    for path in [
        "/v2/auth/me",
        "/v2/reports/orders",
        "/v2/geolocation/fms-objects",
        "/v2/orders",
        "/docs",
    ] {
        for origin in [SHOP, OTHER] {
            assert_eq!(shown(&read(&app, origin, path).await), "", "{path}");
            let seen = preflight(&app, origin, "GET", path).await;
            assert_eq!((seen.status, seen.code()), (403, "FORBIDDEN"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_preflight_of_a_route_that_is_not_there_is_404() {
    let app = api(SHOP).await;
    let seen = preflight(&app, SHOP, "GET", "/v2/cities/a/b/c").await;
    seen.refused(404, "NOT_FOUND");
    assert_eq!(seen.header("access-control-allow-methods"), "");
}
