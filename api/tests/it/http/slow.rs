//! Slow, large or many requests, on real sockets.

use std::time::Duration;

use api::server::ServerLimits;
use testing::eventually::eventually;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::http::support::limits;
use crate::http::test_server::{TestServer, answer, hasty, rest};

const CITIES: &str = "GET /v2/cities HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn headers_that_never_end_are_cut() {
    let server = TestServer::open(hasty()).await;
    let mut stream = server.connect().await;
    // A byte from time to time prevents an idle time-out.
    let (mut read, mut write) = stream.split();
    let drip = async {
        write.write_all(b"GET /v2/cities HTTP/1.1\r\nx-slow: ").await.unwrap();
        while write.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let mut answer = Vec::new();
    let cut = async {
        let _ = read.read_to_end(&mut answer).await;
    };
    tokio::select! {
        () = drip => {}
        () = cut => {}
    }
    assert_eq!(answer, b"");
    assert!(
        server
            .say(CITIES.replace("host", "connection: close\r\nhost").as_str())
            .await
            .contains("200 OK")
    );
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_cut_before_and_after_a_request() {
    let server = TestServer::open(hasty()).await;
    let mut mute = server.connect().await;
    assert_eq!(rest(&mut mute).await, "");
    let mut kept = server.connect().await;
    kept.write_all(CITIES.as_bytes()).await.unwrap();
    assert!(answer(&mut kept).await.starts_with("HTTP/1.1 200 OK"));
    assert_eq!(rest(&mut kept).await, "");
}

#[tokio::test]
async fn a_connection_is_kept_for_more_than_one_request() {
    let server = TestServer::open(hasty()).await;
    let mut stream = server.connect().await;
    for _ in 0..5 {
        stream.write_all(CITIES.as_bytes()).await.unwrap();
        assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200 OK"));
        // Longer than a head may take, since a connection may be idle for longer between requests.
        tokio::time::sleep(hasty().head).await;
    }
}

#[tokio::test]
async fn a_body_that_comes_byte_by_byte_is_refused() {
    let server = TestServer::open(hasty()).await;
    let mut stream = server.connect().await;
    let head =
        "POST /v2/bookings HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut read, mut write) = stream.split();
    let mut answer = String::new();
    let drip = async {
        while write.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let cut = async {
        let mut bytes = Vec::new();
        let _ = read.read_to_end(&mut bytes).await;
        answer = String::from_utf8(bytes).unwrap();
    };
    tokio::join!(drip, cut);
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.contains("must arrive in time"), "{answer}");
}

#[tokio::test]
async fn a_reader_that_never_reads_is_cut() {
    // A client that keeps sending requests and reads no response fills the buffers on both sides.
    let server = TestServer::open(ServerLimits {
        head: Duration::from_secs(3600),
        idle: Duration::from_secs(3600),
        ..hasty()
    })
    .await;
    let mut stream = server.connect().await;
    let ask = "GET /docs HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut asked = 0;
    while stream.write_all(ask.as_bytes()).await.is_ok() {
        asked += 1;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(asked > 1, "the first request was taken");
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let server = TestServer::open(limits()).await;
    let large = format!(
        "GET /v2/cities HTTP/1.1\r\nhost: x\r\nx-large: {}\r\n\r\n",
        "a".repeat(40_000)
    );
    assert!(server.say(&large).await.starts_with("HTTP/1.1 431"));
    let many = format!(
        "GET /v2/cities HTTP/1.1\r\nhost: x\r\n{}\r\n",
        "x-one: 1\r\n".repeat(200)
    );
    assert!(server.say(&many).await.starts_with("HTTP/1.1 431"));
    let long = format!(
        "GET /v2/cities?x={} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        "a".repeat(9000)
    );
    let answer = server.say(&long).await;
    assert!(
        answer.starts_with("HTTP/1.1 400") && answer.contains("\"uri: must be at most 8192 bytes\""),
        "{answer}"
    );
}

#[tokio::test]
async fn what_is_no_http_is_refused() {
    let server = TestServer::open(hasty()).await;
    for garbage in [
        "\u{16}\u{3}\u{1}\u{2}\0\r\n\r\n",
        "GET / HTTP/9\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
    ] {
        let answer = server.say(garbage).await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400"),
            "{garbage:?} {answer}"
        );
    }
    // HTTP/2 with prior knowledge is not supported.
    let answer = server.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test]
async fn a_connection_beyond_the_limit_is_closed() {
    let server = TestServer::open(ServerLimits {
        connections: 2,
        ..limits()
    })
    .await;
    let mut first = server.connect().await;
    let mut second = server.connect().await;
    for stream in [&mut first, &mut second] {
        stream.write_all(CITIES.as_bytes()).await.unwrap();
        assert!(answer(stream).await.starts_with("HTTP/1.1 200 OK"));
    }
    let mut third = server.connect().await;
    assert_eq!(rest(&mut third).await, "");
    drop(first);
    eventually("room for another", Duration::from_secs(60), async || {
        let mut next = server.connect().await;
        let _ = next.write_all(CITIES.as_bytes()).await;
        matches!(next.read(&mut [0]).await, Ok(1)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_orderly_end_finishes_what_is_in_flight_and_waits_for_nothing_else() {
    let mut server = TestServer::open(limits()).await;
    let mut idle = server.connect().await;
    idle.write_all(CITIES.as_bytes()).await.unwrap();
    answer(&mut idle).await;
    let mut half = server.connect().await;
    half.write_all(b"GET /v2/ci").await.unwrap();
    let mut hangs = server.connect().await;
    hangs
        .write_all(b"GET /hangs HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    // By the time another connection is answered, the request of `hangs` has been read, so it is in flight.
    assert!(
        server
            .say(&CITIES.replace("host", "connection: close\r\nhost"))
            .await
            .contains("200 OK")
    );
    server.shutdown.cancel();
    server.ended().await;
    for stream in [&mut idle, &mut half, &mut hangs] {
        assert_eq!(rest(stream).await, "");
    }
    assert!(tokio::net::TcpStream::connect(server.address).await.is_err());
}
