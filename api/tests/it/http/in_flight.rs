//! Bodies that do not end: how many bytes of them are held, in all and for each address.

use std::time::{Duration, Instant};

use api::middleware::body::BodyCapacity;
use api::middleware::in_flight::Capacity;
use api::server::ServerLimits;
use serde_json::json;
use testing::eventually::eventually;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::http::support::limits;
use crate::http::test_server::{TestServer, answer};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Limits under which bodies may take as long as they like.
fn patient() -> ServerLimits {
    ServerLimits {
        body: Duration::from_secs(3600),
        handler: Duration::from_secs(3600),
        ..limits()
    }
}

/// Sends the head of a request with a body, and `sent` bytes of the body.
async fn begin(server: &TestServer, path: &str, headers: &str, length: Option<usize>, sent: usize) -> TcpStream {
    let mut stream = server.connect().await;
    let (framing, body) = match length {
        Some(length) => (format!("content-length: {length}"), " ".repeat(sent)),
        None => (
            "transfer-encoding: chunked".to_owned(),
            format!("{sent:x}\r\n{}\r\n", " ".repeat(sent)),
        ),
    };
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}{framing}\r\n\r\n");
    // A request that is refused early may not be read to the end.
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    stream
}

/// Status, code, and `Retry-After`.
async fn refusal(stream: &mut TcpStream) -> (u16, String, bool) {
    let text = answer(stream).await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let code = body["errors"][0]["errorCode"].as_str().unwrap().to_owned();
    (status, code, head.contains("retry-after: 1"))
}

fn refused(status: u16, code: &str, retry: bool) -> (u16, String, bool) {
    (status, code.to_owned(), retry)
}

/// The response to a small request with a body, from an address.
async fn small(server: &TestServer, from: &str) -> (u16, String, bool) {
    let headers = format!("x-forwarded-for: {from}\r\n");
    let mut stream = begin(server, "/v2/auth/login", &headers, Some(4096), 4096).await;
    refusal(&mut stream).await
}

#[tokio::test]
async fn little_is_read_from_a_caller_without_a_credential() {
    let server = TestServer::open(patient()).await;
    let unauthorized = refused(401, "UNAUTHORIZED", false);
    let made_up = format!(
        "x-api-key: pxs_local_{}\r\ncookie: backoffice_access_token=eyJ.x.y\r\n",
        "0".repeat(64)
    );
    for (path, expected) in [
        ("/v2/bookings", &unauthorized),
        ("/v2/bookings/bkg_1/pay", &unauthorized),
        ("/v2/reports/orders", &unauthorized),
        ("/v2/auth/login", &refused(413, "PAYLOAD_TOO_LARGE", false)),
        ("/v2/nothing", &refused(413, "PAYLOAD_TOO_LARGE", false)),
        ("/rest/orders", &refused(403, "UNAUTHORIZED", false)),
    ] {
        for headers in ["", &made_up] {
            // If the length is announced, none of the body has to arrive. Otherwise as much is read as may be sent to
            // sign in.
            let mut stream = begin(&server, path, headers, Some(MIB), 0).await;
            assert_eq!(&refusal(&mut stream).await, expected, "{path}");
            let mut stream = begin(&server, path, headers, None, 64 * KIB + 1).await;
            assert_eq!(&refusal(&mut stream).await, expected, "{path}");
        }
    }
    let mut stream = begin(&server, "/v2/auth/login", "", Some(64 * KIB), 64 * KIB).await;
    assert_eq!(refusal(&mut stream).await, refused(400, "VALIDATION_ERROR", false));
}

#[tokio::test]
async fn a_caller_with_a_live_key_may_send_a_whole_body() {
    let server = TestServer::open(patient()).await;
    let key = format!("x-api-key: {}\r\n", server.key().await);
    for length in [Some(MIB), None] {
        let mut stream = begin(&server, "/v2/bookings", &key, length, MIB).await;
        if length.is_none() {
            stream.write_all(b"0\r\n\r\n").await.unwrap();
        }
        assert_eq!(refusal(&mut stream).await, refused(400, "VALIDATION_ERROR", false));
    }
    let mut stream = begin(&server, "/v2/bookings", &key, None, MIB + 1).await;
    assert_eq!(refusal(&mut stream).await, refused(413, "PAYLOAD_TOO_LARGE", false));
}

/// Checks which requests are refused while bodies do not end, that small ones pass meanwhile, and that all pass
/// afterwards.
async fn flood(server: &TestServer, path: &str, credential: &str, sent: usize, of_address: usize, of_all: usize) {
    let mut held = Vec::new();
    let from = |number: usize| format!("x-forwarded-for: 192.0.2.{number}\r\n{credential}");
    let mut addresses = 0;
    for number in 0..of_all {
        let address = number / of_address;
        let headers = from(address);
        held.push((begin(server, path, &headers, Some(sent + 1), sent).await, headers));
        addresses = address + 1;
    }
    // Reading them takes a moment; once all are read, there is no room for another.
    for (full, expected) in [
        (from(0), refused(429, "RATE_LIMITED", true)),
        (from(addresses), refused(503, "UNAVAILABLE", true)),
    ] {
        let start = Instant::now();
        loop {
            let mut more = begin(server, path, &full, Some(sent), sent).await;
            if refusal(&mut more).await == expected {
                break;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "there is room still: {full}");
            // The request may have taken the room of a body that was on its way. That one was refused, and is sent
            // again.
            for (stream, headers) in &mut held {
                if stream.try_read(&mut [0]).is_ok() {
                    *stream = begin(server, path, headers, Some(sent + 1), sent).await;
                }
            }
        }
    }
    for address in ["192.0.2.0", "198.51.100.1"] {
        assert_eq!(small(server, address).await, refused(400, "VALIDATION_ERROR", false));
    }
    drop(held);
    eventually("there is room again", Duration::from_secs(60), async || {
        let mut more = begin(server, path, &from(0), Some(sent), sent).await;
        (refusal(&mut more).await == refused(400, "VALIDATION_ERROR", false)).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unfinished_bodies_are_limited_per_address_and_in_all() {
    // The first 8 KiB of each body are not counted.
    let bodies = BodyCapacity {
        strangers: Capacity {
            body: 64 * KIB,
            address: 100 * KIB,
            all: 250 * KIB,
        },
        known: Capacity {
            body: MIB,
            address: 2 * MIB,
            all: 5 * MIB,
        },
    };
    let proxies = [("trusted_proxies", json!("127.0.0.1"))];
    let server = TestServer::open_with(&proxies, ServerLimits { bodies, ..patient() }, None).await;
    flood(&server, "/v2/auth/login", "", 58 * KIB, 2, 5).await;
    let key = format!("x-api-key: {}\r\n", server.key().await);
    flood(&server, "/v2/bookings", &key, MIB - 1, 2, 5).await;
}

#[tokio::test]
async fn the_default_limits_of_unfinished_bodies_are_a_few_megabytes() {
    let BodyCapacity { strangers, known } = BodyCapacity::default();
    assert!(strangers.address <= MIB && strangers.all <= 8 * MIB && strangers.body * 16 <= MIB);
    assert!(known.address <= 8 * MIB && known.all <= 32 * MIB);
}
