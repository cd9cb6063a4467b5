//! HEAD and OPTIONS.

use poem::Body;
use poem::http::Method;

use crate::harness::document::DOCUMENT;
use crate::http::support::{TestApp, limits};
use crate::http::test_server::TestServer;

#[tokio::test]
async fn head_answers_as_get_without_a_body() {
    let server = TestServer::open(limits()).await;
    for path in [
        "/v2/cities",
        "/v2/cities/kyiv",
        "/v2/cities/atlantis",
        "/v2/offers/schedule",
        "/v2/offers",
        "/docs",
        "/openapi.json",
        "/nothing",
        "/healthz",
    ] {
        let ask = async |method: &str| {
            let text =
                format!("{method} {path} HTTP/1.1\r\nhost: x\r\nx-request-id: same\r\nconnection: close\r\n\r\n");
            let answer = server.say(&text).await;
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            let mut lines: Vec<_> = head.lines().filter(|line| !line.starts_with("date:")).collect();
            lines.sort_unstable();
            (lines.join("\n"), body.to_owned())
        };
        let (get, body) = ask("GET").await;
        let (head, none) = ask("HEAD").await;
        assert_eq!(head, get, "{path}");
        assert_eq!(none, "");
        assert!(get.contains(&format!("content-length: {}", body.len())), "{path} {get}");
    }
}

#[tokio::test]
async fn head_of_a_packed_answer_tells_the_length_of_the_packed_body() {
    let server = TestServer::open(limits()).await;
    for path in ["/openapi.json", "/v2/cities", "/docs"] {
        let ask = async |method: &str| {
            let text =
                format!("{method} {path} HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n");
            let answer = server.say_bytes(&text).await;
            let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
            let head = String::from_utf8(answer[..end].to_vec()).unwrap();
            let line = |name: &str| head.lines().find(|line| line.starts_with(name)).map(str::to_owned);
            (line("content-encoding"), line("content-length"), answer.len() - end)
        };
        let (encoding, length, bytes) = ask("GET").await;
        assert_eq!(length, Some(format!("content-length: {bytes}")), "{path}");
        assert_eq!(ask("HEAD").await, (encoding, length, 0), "{path}");
    }
}

#[tokio::test]
async fn head_of_a_route_that_cannot_be_read_is_405() {
    let app = TestApp::new().await;
    let seen = app.send(Method::HEAD, "/v2/bookings/x/pay", &[], Body::empty()).await;
    assert_eq!((seen.status, seen.header("allow")), (405, "POST, OPTIONS"));
}

#[tokio::test]
async fn options_lists_the_methods_of_every_route() {
    let app = TestApp::new().await;
    let document = &*DOCUMENT;
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 8);
    for (path, operations) in paths {
        let seen = app.send(Method::OPTIONS, path, &[], Body::empty()).await;
        assert_eq!(seen.status, 204, "{path}");
        assert_eq!(seen.header("content-type"), "");
        let allowed: Vec<_> = seen.header("allow").split(", ").collect();
        for method in operations.as_object().unwrap().keys() {
            assert!(allowed.contains(&method.to_uppercase().as_str()), "{path} {method}");
        }
        assert_eq!(allowed.contains(&"HEAD"), allowed.contains(&"GET"), "{path}");
        assert!(allowed.contains(&"OPTIONS"), "{path}");
    }
    for path in ["/docs", "/openapi.json", "/healthz", "/readyz"] {
        let seen = app.send(Method::OPTIONS, path, &[], Body::empty()).await;
        assert_eq!(
            (seen.status, seen.header("allow")),
            (204, "GET, HEAD, OPTIONS"),
            "{path}"
        );
    }
    for path in ["/guides", "/v2", "/v2/nothing", "/v2/cities/kyiv/stops/1"] {
        let seen = app.send(Method::OPTIONS, path, &[], Body::empty()).await;
        assert_eq!((seen.status, seen.code()), (404, "NOT_FOUND"), "{path}");
    }
}
