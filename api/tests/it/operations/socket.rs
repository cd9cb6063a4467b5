//! Invalid HTTP, on a real socket: requests that reach our code get the envelope, others get a bare refusal or nothing.

use std::net::SocketAddr;
use std::time::Duration;

use api::listener::{self, Listener};
use api::server::ServerLimits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::operations::answer::Answer;
use crate::operations::judge::refused_anywhere;
use crate::operations::stage::{Stage, endpoint, hasty};

/// Serves the API on a socket.
async fn listen(stage: &Stage) -> SocketAddr {
    let limits = ServerLimits {
        head: Duration::from_millis(500),
        ..hasty()
    };
    let app = endpoint(&stage.state, limits);
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), None).await.unwrap();
    let address = listener.address().unwrap();
    tokio::spawn(listener::serve(
        app,
        listener,
        limits,
        CancellationToken::new(),
        Duration::ZERO,
    ));
    address
}

/// The bytes received until the connection ends.
async fn say(address: SocketAddr, text: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text).await.unwrap();
    let mut bytes = Vec::new();
    // A connection that is closed with unread data ends with a reset; what arrived before counts.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8(bytes).unwrap()
}

/// Parses a response.
fn read(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let mut headers = poem::http::HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        let name: poem::http::HeaderName = name.parse().unwrap();
        headers.append(name, value.parse().unwrap());
    }
    Answer {
        status,
        headers,
        text: body.to_owned(),
    }
}

#[tokio::test]
async fn unusual_http_requests_get_the_envelope() {
    let stage = Stage::open().await;
    let address = listen(&stage).await;
    let close = "host: x\r\nconnection: close\r\n\r\n";
    let (not_found, wrong_method) = ((404, "NOT_FOUND"), (405, "METHOD_NOT_ALLOWED"));
    for (head, expected) in [
        ("BREW /v2/cities HTTP/1.1", wrong_method),
        ("get /v2/cities HTTP/1.1", wrong_method),
        ("CONNECT /v2/cities HTTP/1.1", wrong_method),
        ("TRACE /v2/cities HTTP/1.1", wrong_method),
        ("GET /v2/cities/%ff HTTP/1.1", not_found),
        ("GET /v2/%00 HTTP/1.1", not_found),
        ("GET //v2/cities HTTP/1.1", not_found),
        ("GET http://evil.example/v2/nothing HTTP/1.1", not_found),
        ("OPTIONS * HTTP/1.1", not_found),
        ("GET /v2/cities?take=%zz HTTP/1.1", (400, "VALIDATION_ERROR")),
        ("GET /v2/cities?take=0 HTTP/1.0", (400, "VALIDATION_ERROR")),
    ] {
        let text = say(address, format!("{head}\r\n{close}").as_bytes()).await;
        refused_anywhere("", &read(&text), expected, head);
    }
    // Headers that ask for something else besides the request have no effect.
    for (header, body) in [
        ("upgrade: h2c\r\nconnection: upgrade", ""),
        ("te: trailers", ""),
        ("accept: image/png", ""),
        ("expect: 100-continue\r\ncontent-length: 1", "x"),
    ] {
        let text = format!("POST /v2/cities HTTP/1.1\r\n{header}\r\nhost: x\r\nconnection: close\r\n\r\n{body}");
        let text = say(address, text.as_bytes()).await;
        let text = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&text);
        refused_anywhere("", &read(text), wrong_method, header);
    }
}

#[tokio::test]
async fn bodies_that_contradict_their_headers_are_refused() {
    let stage = Stage::open().await;
    let address = listen(&stage).await;
    let post = format!(
        "POST /v2/bookings HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: {}\r\ncontent-type: application/json\r\n",
        stage.key
    );
    // Chunks without an end, an invalid chunk length, and a body shorter than announced.
    for (what, rest, expected) in [
        (
            "one chunk of many",
            "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
            "body timeout",
        ),
        (
            "chunks of JSON that is none",
            "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n",
            "body json",
        ),
        (
            "a chunk of no length",
            "transfer-encoding: chunked\r\n\r\nzz\r\n",
            "request format",
        ),
        ("less than was said", "content-length: 10\r\n\r\n{", "body timeout"),
    ] {
        let answer = read(&say(address, format!("{post}{rest}").as_bytes()).await);
        refused_anywhere("", &answer, (400, "VALIDATION_ERROR"), what);
        assert_eq!(answer.fields(), [expected], "{what}");
    }
    // Over the limit, in chunks, so without an announced length.
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let many = format!("{post}transfer-encoding: chunked\r\n\r\n{}", chunk.repeat(17));
    let answer = read(&say(address, many.as_bytes()).await);
    refused_anywhere("", &answer, (413, "PAYLOAD_TOO_LARGE"), "chunks");
}

#[tokio::test]
async fn what_is_no_http_gets_a_bare_refusal_or_nothing() {
    let stage = Stage::open().await;
    let address = listen(&stage).await;
    for garbage in [
        &b"GET /v2/cities HTTP/1.1\r\nhost : x\r\n\r\n"[..],
        b"GET /v2/cities HTTP/1.1\r\nhost: x\r\n folded: y\r\n\r\n",
        b"GET /v2/ cities HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET /v2/cities\r\n\r\n",
        b"GET /v2/\xff HTTP/1.1\r\nhost: x\r\n\r\n",
        b"POST /v2/bookings HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\nx",
        b"POST /v2/bookings HTTP/1.1\r\nhost: x\r\ncontent-length: 1, 2\r\n\r\nx",
        b"POST /v2/bookings HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\nx",
        b"POST /v2/bookings HTTP/1.1\r\nhost: x\r\ncontent-length: +1\r\n\r\nx",
        b"\r\n\r\n\r\n\r\n",
        b"\0\0\0\0",
    ] {
        let what = String::from_utf8_lossy(garbage);
        let text = say(address, garbage).await;
        let bare = text.is_empty() || matches!(read(&text).status, 400 | 404 | 431 | 501);
        assert!(bare, "{what:?}: {text}");
    }
}
