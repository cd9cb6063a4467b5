//! Feeds behind an address: what is followed, what is said, and where it ends.

use std::io::Write as _;
use std::time::Duration;

use clients::Timeouts;
use clients::gtfs_source::{Address, FetchError, Fetched, Fetcher, unpack};
use domain::gtfs::Validators;
use flate2::write::GzEncoder;
use rstest::rstest;
use testing::feed::TestFeed;
use testing::feed_server::{Answer, Body, FeedServer};

const HANG: Duration = Duration::from_secs(60);

/// Waits for so long between two pieces of an answer, and takes a mebibyte.
async fn fetch_within(url: &str, known: &Validators, timeout: Duration) -> Result<Fetched, FetchError> {
    let timeouts = Timeouts {
        step: timeout,
        total: HANG,
    };
    let fetcher = Fetcher::new(timeouts, 1024 * 1024).unwrap();
    fetcher.fetch(&Address::parse(url).unwrap(), known).await
}

async fn fetch(url: &str) -> Result<Fetched, FetchError> {
    fetch_within(url, &Validators::default(), HANG).await
}

fn archive(fetched: Fetched) -> (Vec<u8>, Validators) {
    match fetched {
        Fetched::Archive { bytes, validators } => (bytes, validators),
        Fetched::Unchanged => panic!("an archive was expected"),
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

#[tokio::test]
async fn an_archive_is_fetched_and_not_again_while_it_is_the_same() {
    let server = FeedServer::start().await;
    let zip = TestFeed::tiny().zipped();
    let answer = Answer::ok(zip.clone())
        .header("ETag", "\"v1\"")
        .header("Last-Modified", "Sat, 21 Nov 2026 12:00:00 GMT");
    server.answer("/tiny.zip", answer);
    let (bytes, validators) = archive(fetch(&server.url("/tiny.zip")).await.unwrap());
    assert_eq!(unpack(&bytes, "tiny", None).unwrap().files, TestFeed::tiny().files());
    assert_eq!(validators.etag.as_deref(), Some("\"v1\""));
    let again = fetch_within(&server.url("/tiny.zip"), &validators, HANG).await.unwrap();
    assert_eq!(again, Fetched::Unchanged);

    server.answer("/tiny.zip", Answer::ok(zip).header("ETag", "\"v2\""));
    let changed = fetch_within(&server.url("/tiny.zip"), &validators, HANG).await.unwrap();
    assert_eq!(archive(changed).1.etag.as_deref(), Some("\"v2\""));
    let asked = server.asked();
    assert!(asked[0].contains("\r\nuser-agent: prexsell/"), "{asked:?}");
    assert!(
        !asked[0].contains("if-none-match") && asked[1].contains("\r\nif-none-match: \"v1\"\r\n"),
        "{asked:?}"
    );
}

#[rstest]
#[case(301)]
#[case(302)]
#[case(303)]
#[case(307)]
#[case(308)]
#[tokio::test]
async fn redirects_are_followed_to_other_hosts_without_the_password(#[case] status: u16) {
    let (server, other) = (FeedServer::start().await, FeedServer::start().await);
    server.answer("/a", Answer::redirect(status, "b?key=k"));
    server.answer("/b?key=k", Answer::redirect(status, &other.url("/c")));
    other.answer("/c", Answer::ok(TestFeed::tiny().zipped()));
    let url = server.url("/a").replace("http://", "http://user:word@");
    archive(fetch(&url).await.unwrap());
    assert!(server.asked()[0].contains("\r\nauthorization: basic "));
    assert!(!other.asked()[0].contains("authorization"), "{:?}", other.asked());
}

#[tokio::test]
async fn five_redirects_are_followed_and_no_more() {
    let server = FeedServer::start().await;
    for hop in 0..5 {
        server.answer(&format!("/{hop}"), Answer::redirect(302, &format!("/{}", hop + 1)));
    }
    server.answer("/5", Answer::ok(TestFeed::tiny().zipped()));
    archive(fetch(&server.url("/0")).await.unwrap());
    server.answer("/5", Answer::redirect(302, "/0"));
    assert!(matches!(
        fetch(&server.url("/0")).await,
        Err(FetchError::TooManyRedirects)
    ));
    assert_eq!(server.asked().len(), 6 + 6);
}

#[rstest]
#[case::gone(Answer::status(404), "responded with HTTP 404")]
#[case::forbidden(Answer::status(403), "responded with HTTP 403")]
#[case::busy(Answer::status(503).header("Retry-After", "120"), "responded with HTTP 503 (Retry-After: 120)")]
#[case::nothing(Answer::status(204), "responded with HTTP 204")]
#[case::unchanged_unasked(Answer::status(304), "responded with HTTP 304")]
#[case::redirect_to_nowhere(Answer::status(302), "responded with HTTP 302")]
#[case::redirect_off_the_web(Answer::redirect(302, "ftp://x.example/y"), "neither http nor https")]
#[case::page(Answer::ok(b"<html>".to_vec()).header("Content-Type", "text/html"), "responded with something other than a zip archive: text/html")]
#[case::empty(Answer::ok(Vec::new()), "responded with something other than a zip archive")]
#[case::too_large(Answer::ok(vec![b'x'; 1024 * 1024 + 1]), "larger than 1048576 bytes")]
#[case::endless(Answer { body: Body::Endless, ..Answer::status(200) }, "larger than 1048576 bytes")]
#[case::cut_off(Answer { body: Body::CutOff, ..Answer::status(200) }, "ended the response early")]
#[case::unknown_encoding(Answer::ok(vec![1]).header("Content-Encoding", "br"), "decoded as \"br\"")]
#[case::false_gzip(Answer::ok(vec![1]).header("Content-Encoding", "gzip"), "decoded as \"gzip\"")]
#[case::bomb(Answer::ok(gzipped(&vec![b'P'; 8 * 1024 * 1024])).header("Content-Encoding", "gzip"), "larger than 1048576 bytes")]
#[tokio::test]
async fn what_is_no_feed_is_refused_with_the_reason(#[case] answer: Answer, #[case] reason: &str) {
    let server = FeedServer::start().await;
    server.answer("/feed.zip?key=secret", answer);
    let error = fetch(&server.url("/feed.zip?key=secret")).await.unwrap_err();
    let mut text = error.to_string();
    assert!(text.contains(reason), "{text}");
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn a_compressed_answer_is_unpacked() {
    let server = FeedServer::start().await;
    let zip = TestFeed::tiny().zipped();
    server.answer("/x", Answer::ok(gzipped(&zip)).header("Content-Encoding", "gzip"));
    assert_eq!(archive(fetch(&server.url("/x")).await.unwrap()).0, zip);
}

#[tokio::test]
async fn a_server_that_stops_sending_is_abandoned() {
    let server = FeedServer::start().await;
    server.answer(
        "/x",
        Answer {
            body: Body::Stalled,
            ..Answer::status(200)
        },
    );
    let timeout = Duration::from_millis(200);
    let fetched = fetch_within(&server.url("/x"), &Validators::default(), timeout).await;
    assert!(fetched.unwrap_err().to_string().ends_with("takes too long"));
}

#[tokio::test]
async fn an_unreachable_server_is_reported() {
    let url = {
        let server = FeedServer::start().await;
        server.url("/x")
    };
    // The port may be taken again before the server is gone; nothing there answers with an archive.
    let error = fetch(&url).await.unwrap_err();
    assert!(matches!(error, FetchError::Away { .. }), "{error}");
}
