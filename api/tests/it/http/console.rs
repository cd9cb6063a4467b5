//! The console as a browser receives it, or, if it was not built (`console/dist`), the page that replaces it.

use api::pages::console::is_built;

use crate::support::TestApp;

/// The assets that the page of the console names.
fn assets(page: &str) -> Vec<&str> {
    let after = page.split("\"/console/assets/").skip(1);
    after.filter_map(|rest| rest.split('"').next()).collect()
}

/// Prints that a test of the built console tests nothing here.
fn is_skipped() -> bool {
    if !is_built() {
        println!("SKIPPED: console/dist is not built");
    }
    !is_built()
}

#[tokio::test]
async fn every_path_shows_the_page_and_it_is_asked_for_each_time() {
    let app = TestApp::new().await;
    let (_, first) = app.page("/console").await;
    for path in [
        "/console",
        "/console/",
        "/console/orders",
        "/console/orders/ord_1?status=Paid",
    ] {
        let (page, text) = app.page(path).await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-cache"), "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(text, first, "{path}");
    }
    app.get("/consoles").await.status(404);
}

#[tokio::test]
async fn without_the_console_the_page_says_how_to_get_it() {
    if is_built() {
        return;
    }
    let (page, text) = TestApp::new().await.page("/console").await;
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
    assert!(text.contains("npm run build"));
}

#[tokio::test]
async fn scripts_and_styles_are_files_of_this_origin() {
    if is_skipped() {
        return;
    }
    let (page, text) = TestApp::new().await.page("/console/orders").await;
    let policy = page.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(rule), "{rule}");
    }
    assert!(!policy.contains("unsafe"));
    assert!(!text.contains("<style") && !text.contains("style=") && !text.contains("<script>"));
    assert!(page.header("permissions-policy").contains("camera=()"));
}

#[tokio::test]
async fn only_the_origin_of_the_streets_is_reached_and_only_where_there_are_some() {
    if is_skipped() {
        return;
    }
    let policy = async |url: &str| {
        let app = TestApp::with(&[("map_pmtiles_url", url.into())]).await;
        let (page, _) = app.page("/console/buses").await;
        page.header("content-security-policy").to_owned()
    };
    assert!(policy("").await.contains("connect-src 'self';"));
    let with = policy("https://tiles.example:8443/europe.pmtiles?key=1").await;
    assert!(with.contains("connect-src 'self' https://tiles.example:8443;"), "{with}");
}

#[tokio::test]
async fn assets_are_kept_for_good_and_sent_compressed() {
    if is_skipped() {
        return;
    }
    let app = TestApp::new().await;
    let (_, page) = app.page("/console").await;
    let names = assets(&page);
    assert!(names.len() > 1);
    for name in names {
        let path = format!("/console/assets/{name}");
        let asset = app.get_with(&path, &[("accept-encoding", "gzip, br")]).await;
        assert_eq!(asset.status, 200, "{name}");
        assert_eq!(
            asset.header("cache-control"),
            "public, max-age=31536000, immutable",
            "{name}"
        );
        if name.ends_with(".js") || name.ends_with(".css") {
            assert_eq!(asset.header("content-encoding"), "br", "{name}");
            assert_eq!(asset.header("vary"), "accept-encoding", "{name}");
            let asset = app.get_with(&path, &[("accept-encoding", "gzip")]).await;
            assert_eq!(asset.header("content-encoding"), "gzip", "{name}");
            assert_eq!(app.get(&path).await.header("content-encoding"), "", "{name}");
        }
    }
}

#[tokio::test]
async fn an_unknown_asset_is_not_found() {
    if is_skipped() {
        return;
    }
    let app = TestApp::new().await;
    for path in ["/console/assets/index-0.js", "/console/assets/"] {
        let asset = app.get(path).await;
        assert_eq!((asset.status, asset.code()), (404, "NOT_FOUND"), "{path}");
    }
}
