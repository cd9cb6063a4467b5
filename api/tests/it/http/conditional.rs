//! `If-None-Match`, and how responses of the catalogue and the documentation may be cached.

use crate::harness::answer::Seen;
use crate::http::support::{TestApp, limits};
use crate::http::test_server::TestServer;

const ROUTES: [&str; 5] = [
    "/v2/cities",
    "/v2/cities/kyiv",
    "/v2/cities/kyiv/stops",
    "/v2/stops",
    "/v2/stops/stp_00000000000070008000000000000012",
];

async fn again(app: &TestApp, path: &str, tags: &str) -> Seen {
    app.get_with(path, &[("if-none-match", tags)]).await
}

fn vary(seen: &Seen) -> String {
    let values: Vec<_> = seen
        .headers
        .get_all("vary")
        .iter()
        .map(|value| value.to_str().unwrap())
        .collect();
    values.join(", ")
}

#[tokio::test]
async fn an_unchanged_response_is_not_sent_again() {
    let app = TestApp::new().await;
    for path in ROUTES.into_iter().chain(["/openapi.json", "/docs"]) {
        let seen = app.get(path).await;
        let tag = seen.header("etag");
        assert!(tag.starts_with("W/\"") && tag.len() == 36, "{path} {tag}");
        let strong = tag.trim_start_matches("W/");
        for tags in [
            tag,
            strong,
            "*",
            &format!("\"x\", {tag}"),
            &format!("\"x,y\",{strong} ,\"z\""),
        ] {
            let known = again(&app, path, tags).await;
            assert_eq!((known.status, known.header("etag")), (304, tag), "{path} {tags}");
            assert_eq!(known.header("cache-control"), seen.header("cache-control"), "{path}");
            assert_eq!(vary(&known), vary(&seen), "{path}");
            assert_eq!((known.header("content-type"), known.header("content-length")), ("", ""));
            assert!(known.body.is_null());
        }
        for tags in ["\"x\"", tag.trim_matches(['W', '/', '"']), "", "W/\"\"", "\"*\""] {
            assert_eq!(again(&app, path, tags).await.status, 200, "{path} {tags}");
        }
    }
}

#[tokio::test]
async fn a_tag_of_one_answer_is_not_that_of_another() {
    let app = TestApp::new().await;
    let mut tags = Vec::new();
    for path in ROUTES.into_iter().chain([
        "/v2/cities?language=PL",
        "/v2/cities?take=1",
        "/v2/cities?take=1&skip=1",
        "/v2/cities?search=kyiv",
        "/v2/cities/lviv",
        "/v2/stops?country=PL",
    ]) {
        tags.push(app.get(path).await.header("etag").to_owned());
    }
    let count = tags.len();
    tags.sort_unstable();
    tags.dedup();
    assert_eq!(tags.len(), count);
}

#[tokio::test]
async fn a_tag_changes_with_the_publication() {
    let app = TestApp::new().await;
    let before = app.get("/v2/cities").await;
    sqlx::raw_sql(
        "update city_names set name = 'Київ-2' where language = 'UK' and name = 'Київ';
         update publication set version = version + 1",
    )
    .execute(&app.db.pool)
    .await
    .unwrap();
    let after = again(&app, "/v2/cities", before.header("etag")).await;
    after.status(200);
    assert!(after.body.to_string().contains("Київ-2"));
    again(&app, "/v2/cities", after.header("etag")).await.status(304);
}

#[tokio::test]
async fn an_answer_to_a_key_or_a_cookie_is_kept_by_no_shared_cache() {
    let app = TestApp::new().await;
    let key = app.key("local").await;
    for path in ROUTES {
        let open = app.get(path).await;
        assert_eq!(open.header("cache-control"), "public, max-age=60", "{path}");
        assert!(vary(&open).contains("x-api-key, cookie"), "{path}");
        for header in [("x-api-key", key.as_str()), ("cookie", "backoffice_access_token=x")] {
            let seen = app.get_with(path, &[header]).await;
            seen.status(200);
            assert_eq!(seen.header("cache-control"), "private, no-cache", "{path}");
            assert!(vary(&seen).contains("x-api-key, cookie"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_key_is_checked_before_anything_is_known() {
    let app = TestApp::new().await;
    let tag = app.get("/v2/cities").await.header("etag").to_owned();
    let headers = [("x-api-key", "wrong"), ("if-none-match", &tag)];
    app.get_with("/v2/cities", &headers).await.status(401);
    app.get_with("/v2/cities/atlantis", &[("if-none-match", "*")])
        .await
        .status(404);
    app.get_with("/v2/cities?take=x", &[("if-none-match", "*")])
        .await
        .status(400);
}

#[tokio::test]
async fn packed_and_plain_share_a_weak_tag_and_say_that_they_differ() {
    let server = TestServer::open(limits()).await;
    let ask = async |more: &str| {
        let text = format!("GET /openapi.json HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{more}\r\n");
        let answer = server.say(&text).await;
        answer.split_once("\r\n\r\n").unwrap().0.to_owned()
    };
    let line = |head: &str, name: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_default().to_owned()
    };
    let plain = ask("").await;
    let packed = ask("accept-encoding: gzip\r\n").await;
    let tag = line(&plain, "etag: ");
    assert!(tag.starts_with("W/"));
    assert_eq!(tag, line(&packed, "etag: "));
    assert_eq!(line(&packed, "content-encoding: "), "gzip");
    for head in [&plain, &packed] {
        assert!(line(head, "vary: ").contains("accept-encoding"), "{head}");
    }
    let known = ask(&format!("accept-encoding: gzip\r\nif-none-match: {tag}\r\n")).await;
    assert!(known.starts_with("HTTP/1.1 304"), "{known}");
    assert!(
        !known.contains("content-encoding") && !known.contains("content-length"),
        "{known}"
    );
    let head = server
        .say(&format!(
            "HEAD /openapi.json HTTP/1.1\r\nhost: x\r\nconnection: close\r\nif-none-match: {tag}\r\n\r\n"
        ))
        .await;
    assert!(head.starts_with("HTTP/1.1 304"), "{head}");
}
