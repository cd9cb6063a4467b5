//! Security headers for browsers.

use std::path::Path;

use rstest::rstest;
use serde_json::json;

use crate::http::support::TestApp;

#[rstest]
#[case("x-content-type-options", "nosniff")]
#[case("x-frame-options", "DENY")]
#[case("referrer-policy", "no-referrer")]
#[case("cross-origin-resource-policy", "same-origin")]
#[tokio::test]
async fn every_response_has_the_security_header(#[case] name: &str, #[case] value: &str) {
    let app = TestApp::new().await;
    for path in [
        "/v2/cities",
        "/v2/offers",
        "/nothing",
        "/panics",
        "/docs",
        "/openapi.json",
        "/healthz",
    ] {
        assert_eq!(app.get(path).await.header(name), value, "{path}");
    }
}

#[tokio::test]
async fn an_answer_runs_nothing_and_is_shown_in_no_frame() {
    let app = TestApp::new().await;
    for path in ["/v2/cities", "/nothing", "/panics", "/healthz"] {
        assert_eq!(
            app.get(path).await.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'"
        );
    }
    let page = app.get("/docs").await;
    for rule in ["default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'"] {
        assert!(page.header("content-security-policy").contains(rule), "{rule}");
    }
}

#[tokio::test]
async fn a_page_gets_no_device_and_no_opener() {
    let app = TestApp::new().await;
    let page = app.get("/docs").await;
    assert!(page.header("permissions-policy").contains("geolocation=()"));
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(app.get("/v2/cities").await.header("permissions-policy"), "");
}

#[tokio::test]
async fn hsts_is_sent_only_if_the_public_url_is_https() {
    let https = TestApp::with(&[("public_url", json!("https://api.example.com"))]).await;
    for path in ["/v2/cities", "/nothing", "/docs"] {
        assert_eq!(
            https.get(path).await.header("strict-transport-security"),
            "max-age=31536000",
            "{path}"
        );
    }
    let plain = TestApp::new().await;
    assert_eq!(plain.get("/v2/cities").await.header("strict-transport-security"), "");
}

#[tokio::test]
async fn responses_are_not_cached_by_default() {
    let app = TestApp::new().await;
    let key = app.key("local").await;
    for path in [
        "/v2/bookings",
        "/v2/offers",
        "/v2/cities/atlantis",
        "/nothing",
        "/healthz",
    ] {
        let seen = app.get_with(path, &[("x-api-key", &key)]).await;
        assert_eq!(seen.header("cache-control"), "no-store", "{path}");
        assert_eq!(seen.header("etag"), "", "{path}");
    }
}

/// Tests are named as `file.rs::test` in the list of threats.
#[test]
fn every_proof_in_the_list_of_threats_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let list = std::fs::read_to_string(root.join("docs/SECURITY.md")).unwrap();
    let named = list.split('`').skip(1).step_by(2);
    let proofs: Vec<_> = named.filter_map(|text| text.split_once(".rs::")).collect();
    assert!(proofs.len() > 30);
    for (file, test) in proofs {
        let source = std::fs::read_to_string(root.join(format!("{file}.rs"))).unwrap();
        assert!(source.contains(&format!("fn {test}(")), "{file}.rs::{test}");
    }
}
