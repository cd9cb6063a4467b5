//! Providers that are slow, broken, busy or hostile.

use std::time::Duration;

use app::tracking::Polled;
use chrono::TimeDelta;
use clients::tracking::{Access, GtfsRealtime, TIMEOUTS, TrackingError, TrackingProvider, Wialon, http};
use domain::tracking::Provider;
use rstest::rstest;
use simulators::tracking::Fault;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::tracking::support::{Depot, FIRST, SECRET, fix, positions, tracking_that_waits};

#[rstest]
#[case::status(Fault { status: Some(500), ..Fault::default() }, "HTTP 500", 30)]
#[case::bad_gateway(Fault { status: Some(502), ..Fault::default() }, "HTTP 502", 30)]
#[case::busy(Fault { status: Some(429), retry_after: Some(90), ..Fault::default() }, "HTTP 429", 90)]
#[case::unavailable(Fault { status: Some(503), retry_after: Some(40), ..Fault::default() }, "HTTP 503", 40)]
#[case::redirect(Fault { status: Some(302), ..Fault::default() }, "HTTP 302", 300)]
#[case::forbidden(Fault { status: Some(403), ..Fault::default() }, "HTTP 403", 300)]
#[case::garbage(Fault { garbage: true, ..Fault::default() }, "cannot be parsed", 30)]
#[case::truncated(Fault { truncated: true, ..Fault::default() }, "cannot be parsed", 30)]
#[case::huge(Fault { huge: true, ..Fault::default() }, "more than 33554432 bytes", 30)]
#[tokio::test]
async fn a_fault_of_a_provider_is_recorded_until_the_next_success(
    #[case] fault: Fault,
    #[case] says: &str,
    #[case] wait: i64,
) {
    for depot in [Depot::new().await, Depot::gtfs_realtime().await] {
        depot.provider.place(FIRST, fix(50.0, 0));
        depot.poll().await;
        depot.provider.place(FIRST, fix(50.001, 10));
        depot.clock.advance(TimeDelta::seconds(30));
        depot.provider.fail_next(fault.clone());
        let reason = depot.failure().await;
        assert!(reason.contains(says), "{reason}");
        assert!(!reason.contains(SECRET) && !reason.contains("127.0.0.1"), "{reason}");
        let (failures, message, waits) = depot.trouble().await;
        assert_eq!((failures, message.as_deref()), (1, Some(reason.as_str())));
        assert_eq!(waits, TimeDelta::seconds(wait));
        assert_eq!(depot.poll().await, positions(1, 0));
        assert_eq!(depot.trouble().await.1, None);
        assert_eq!(depot.stored().await, [50.0, 50.001]);
    }
}

#[tokio::test]
async fn a_provider_that_is_too_slow_is_left_and_asked_later() {
    for mut depot in [Depot::new().await, Depot::gtfs_realtime().await] {
        depot.poll().await;
        depot.tracking = tracking_that_waits(&depot.db, &depot.clock, Duration::from_millis(200));
        depot.provider.hold();
        let said = depot.failure().await;
        assert!(said.contains("it took too long"), "{said}");
        assert_eq!(depot.trouble().await.2, TimeDelta::seconds(30));
    }
}

#[rstest]
#[case(4, None, 300)]
#[case(5, None, 30)]
#[case(7, None, 300)]
#[case(1003, Some("LIMIT api_concurrent"), 30)]
#[case(99_999, None, 30)]
#[tokio::test]
async fn a_wialon_error_is_noted_with_its_code(#[case] code: i64, #[case] reason: Option<&str>, #[case] wait: i64) {
    let depot = Depot::new().await;
    depot.poll().await;
    depot.provider.fail_next(Fault {
        error: Some(code),
        reason: reason.map(ToOwned::to_owned),
        ..Fault::default()
    });
    let said = depot.failure().await;
    assert!(said.contains(&format!("Wialon error {code}")), "{said}");
    assert_eq!(depot.trouble().await.2, TimeDelta::seconds(wait));
    assert_eq!(depot.provider.requests().logins, 1);
}

#[tokio::test]
async fn a_session_that_is_refused_twice_fails_the_poll() {
    let depot = Depot::new().await;
    depot.poll().await;
    depot.provider.fail_next(Fault {
        error: Some(1),
        count: Some(10),
        ..Fault::default()
    });
    let said = depot.failure().await;
    assert!(said.contains("Wialon error 1 for a login"), "{said}");
    let requests = depot.provider.requests();
    assert_eq!((requests.logins, requests.searches), (2, 2));
}

#[tokio::test]
async fn failures_in_a_row_double_the_wait() {
    let depot = Depot::new().await;
    depot.provider.fail_next(Fault {
        status: Some(500),
        count: Some(6),
        ..Fault::default()
    });
    for seconds in [30, 60, 120, 240, 300, 300] {
        depot.failure().await;
        assert_eq!(depot.trouble().await.2, TimeDelta::seconds(seconds));
    }
    assert_eq!(depot.poll().await, positions(0, 0));
    assert_eq!(depot.trouble().await.0, 0);
}

#[tokio::test]
async fn a_wrong_token_is_a_refusal() {
    let url = |sim: &simulators::tracking::TrackingSimulator| sim.url();
    let depot = Depot::with(Provider::Wialon, url, Some("wrong")).await;
    let said = depot.failure().await;
    assert!(said.contains("Wialon error 8"), "{said}");
    let url = simulators::tracking::TrackingSimulator::feed_url;
    let depot = Depot::with(Provider::GtfsRealtime, url, None).await;
    let said = depot.failure().await;
    assert!(said.contains("HTTP 401"), "{said}");
}

#[tokio::test]
async fn an_address_without_a_server_or_that_is_none_is_a_failure() {
    for url in ["http://127.0.0.1:1", "nonsense"] {
        for provider in [Provider::Wialon, Provider::GtfsRealtime] {
            let depot = Depot::with(provider, |sim| sim.url(), Some(SECRET)).await;
            sqlx::query("update tracking_accounts set url = $1")
                .bind(url)
                .execute(&depot.db.pool)
                .await
                .unwrap();
            assert!(matches!(depot.poll().await, Polled::Failed { failures: 1, .. }));
        }
    }
}

/// A server that answers everything with these bytes and closes.
async fn server(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer).await;
            });
        }
    });
    format!("http://{address}")
}

#[rstest]
#[case::nothing(b"")]
#[case::no_http(b"220 mail.example ESMTP\r\n")]
#[case::cut_head(b"HTTP/1.1 200 OK\r\nContent-Le")]
#[case::cut_body(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"items\":[")]
#[case::cut_chunk(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n{\"items\":[")]
#[case::array(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[]")]
#[case::null(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nnull")]
#[case::no_items(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}")]
#[case::items_of_a_wrong_type(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"items\":{\"id\":7}}")]
#[case::error_of_a_wrong_type(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"error\":\"1\"}")]
#[case::no_text(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\xff\xfe\x00\x01")]
#[case::deep(DEEP)]
#[tokio::test]
async fn no_response_of_a_broken_server_is_accepted(#[case] answer: &'static [u8]) {
    let url = server(answer).await;
    let access = Access {
        url,
        token: Some("token".into()),
        session: Some("session".into()),
    };
    let http = http(TIMEOUTS).unwrap();
    let providers: [Box<dyn TrackingProvider>; 2] =
        [Box::new(Wialon::new(http.clone())), Box::new(GtfsRealtime::new(http))];
    for provider in providers {
        for asked in [
            provider.positions(&access, &["7".to_owned()]).await.map(drop),
            provider.list(&access).await.map(drop),
        ] {
            let error = asked.unwrap_err();
            assert!(
                matches!(error, TrackingError::Away { .. } | TrackingError::Malformed(_)),
                "{error:?}"
            );
        }
    }
}

/// Brackets that would end the stack of a careless parser.
const DEEP: &[u8] = {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"items\":";
    const LENGTH: usize = HEAD.len() + 100_000;
    static BYTES: [u8; LENGTH] = {
        let mut bytes = [b'['; LENGTH];
        let mut at = 0;
        while at < HEAD.len() {
            bytes[at] = HEAD[at];
            at += 1;
        }
        bytes
    };
    &BYTES
};

#[tokio::test]
async fn a_server_with_an_endless_response_is_abandoned() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
                while stream.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            });
        }
    });
    let mut depot = Depot::new().await;
    depot.tracking = tracking_that_waits(&depot.db, &depot.clock, Duration::from_millis(200));
    sqlx::query("update tracking_accounts set url = $1")
        .bind(url)
        .execute(&depot.db.pool)
        .await
        .unwrap();
    let said = depot.failure().await;
    assert!(said.contains("it took too long"), "{said}");
}
