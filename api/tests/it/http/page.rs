//! Pages for people: guides, the API reference, and the links between them.

use std::collections::BTreeSet;

use crate::http::support::TestApp;

const PAGES: [&str; 5] = [
    "/",
    "/introduction",
    "/guides/distribution-getting-started",
    "/guides/rest-to-v2-migration",
    "/docs",
];

/// Paths and anchors that a page links to on this server.
fn links(page: &str) -> BTreeSet<&str> {
    let after = page.split("href=\"").skip(1);
    after
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| link.starts_with('/') || link.starts_with('#'))
        .collect()
}

#[tokio::test]
async fn every_page_is_html_with_a_title_and_one_header() {
    let app = TestApp::new().await;
    for path in PAGES {
        let (page, text) = app.page(path).await;
        assert_eq!(
            (page.status, page.header("content-type")),
            (200, "text/html; charset=utf-8"),
            "{path}"
        );
        assert!(text.starts_with("<!DOCTYPE html>"), "{path}");
        assert!(text.contains("<title>") && !text.contains("<title></title>"), "{path}");
        let all = links(&text);
        for other in PAGES {
            assert!(all.contains(other), "{path} does not link {other}");
        }
    }
}

#[tokio::test]
async fn the_reference_has_the_header_above_the_document_and_not_in_its_script() {
    let (_, text) = TestApp::new().await.page("/docs").await;
    assert!(text.contains("</header>\n<div id=\"ui\"></div>"));
    assert_eq!(text.matches("<header class=\"site\">").count(), 1);
}

#[tokio::test]
async fn every_link_of_a_page_leads_somewhere() {
    let app = TestApp::new().await;
    for path in PAGES.into_iter().filter(|path| *path != "/docs") {
        let (_, text) = app.page(path).await;
        for link in links(&text) {
            let (to, anchor) = link.split_once('#').unwrap_or((link, ""));
            let there = if to.is_empty() { path } else { to };
            let (seen, target) = app.page(there).await;
            assert_eq!(seen.status, 200, "{path} links {link}");
            let is_there = anchor.is_empty() || target.contains(&format!("id=\"{anchor}\""));
            assert!(is_there, "{path} links {link}");
        }
    }
}

#[tokio::test]
async fn guides_run_no_script_and_carry_no_style_of_their_own() {
    let app = TestApp::new().await;
    for path in PAGES.into_iter().filter(|path| *path != "/docs") {
        let (page, text) = app.page(path).await;
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self';"),
            "{path} {policy}"
        );
        assert!(!policy.contains("unsafe"), "{path} {policy}");
        assert!(!text.contains("<script") && !text.contains("style="), "{path}");
        assert!(!page.header("etag").is_empty(), "{path}");
    }
    let style = app.get("/pages.css").await;
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
}

#[tokio::test]
async fn requests_of_a_guide_go_to_the_api_that_serves_it() {
    let app = TestApp::with(&[("public_url", "https://api.example.com".into())]).await;
    let (_, text) = app.page("/guides/distribution-getting-started").await;
    assert!(text.contains("API_URL=https://api.example.com"));
    let (_, text) = app.page("/introduction").await;
    for base in ["https://api.prexsell.example", "https://api.staging.prexsell.example"] {
        assert!(text.contains(base), "{base}");
    }
}

/// What the contract requires the guides to say (section 11).
#[tokio::test]
async fn guides_say_what_integrators_need() {
    let app = TestApp::new().await;
    let facts: [(&str, &[&str]); 3] = [
        (
            "/introduction",
            &[
                "x-api-key",
                "pre-login",
                "companyId",
                "refresh",
                "google",
                "take",
                "skip",
                "errorCode",
                "/v2/cities",
            ],
        ),
        (
            "/guides/distribution-getting-started",
            &[
                "/v2/cities",
                "/v2/offers",
                "expiresAt",
                "20 minutes",
                "bookingId",
                "/pay",
                "/book",
                "/cancel",
                "refund-rules",
                "Idempotency-Key",
                "RateLimit",
                "OFFER_EXPIRED",
                "409",
            ],
        ),
        (
            "/guides/rest-to-v2-migration",
            &[
                "GET /rest/offers",
                "POST /rest/orders",
                "GET /rest/orders/{id}/refund-rules",
                "PATCH /rest/orders",
                "GET /v2/partner/migration",
            ],
        ),
    ];
    for (path, needed) in facts {
        let (_, text) = app.page(path).await;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for fact in needed {
            assert!(text.contains(fact), "{path} does not say {fact}");
        }
    }
}

#[tokio::test]
async fn the_document_leads_to_the_guides() {
    let app = TestApp::new().await;
    let document = app.get("/openapi.json").await.body;
    assert_eq!(document["externalDocs"]["url"], "/introduction");
    let description = document["info"]["description"].as_str().unwrap();
    for path in &PAGES[1..4] {
        assert!(description.contains(&format!("({path})")), "{path}");
    }
}
