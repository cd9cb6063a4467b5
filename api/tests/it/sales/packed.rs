//! Responses compressed with gzip equal the plain ones byte for byte, for every way of compressing them.

use std::io::Read as _;

use flate2::bufread::GzDecoder;
use poem::http::{HeaderMap, Method};
use tokio::task::JoinSet;

use crate::harness::DAY;
use crate::harness::caller::Caller;
use crate::sales::support::Shop;

/// Headers that accept gzip.
const WANTED: [&str; 6] = [
    "gzip",
    "br, gzip",
    "GZIP",
    "gzip;q=0.5",
    "x, gzip ; q=1, y",
    "deflate;q=0.1, gzip;q=1.0, *;q=0",
];

/// Headers that do not, well-formed and malformed.
const UNWANTED: [&str; 11] = [
    "identity",
    "gzip;q=0",
    "gzip; q=0.000",
    "br",
    "gzi",
    "gzip2",
    "",
    ",",
    ";;;q=",
    "*;q=0",
    "gzip;q=0, br;q=1",
];

/// A response as it was sent.
#[derive(Debug)]
struct Sent {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Sent {
    fn header(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter();
        let values: Vec<_> = values.map(|value| value.to_str().unwrap()).collect();
        values.join(", ")
    }

    /// The plain bytes. The decoder checks the checksum and the length at the end, and nothing may follow them.
    fn plain(&self) -> Vec<u8> {
        if self.header("content-encoding").is_empty() {
            return self.bytes.clone();
        }
        assert_eq!(self.header("content-encoding"), "gzip");
        let mut decoder = GzDecoder::new(self.bytes.as_slice());
        let mut plain = Vec::new();
        decoder.read_to_end(&mut plain).unwrap();
        assert!(decoder.into_inner().is_empty(), "bytes after the end");
        plain
    }
}

async fn ask(caller: &Caller, method: Method, path: &str, headers: &[(&str, &str)]) -> Sent {
    let mut request = caller.request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    Sent {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        bytes: response.bytes().await.unwrap().into(),
    }
}

/// Paths of searches and of the catalogue with all kinds of responses: long, short, empty and refused.
fn paths() -> Vec<String> {
    let offers = format!("/v2/offers?departureCity=kyiv&departureDate={DAY}&passengers=1");
    let schedule = format!("/v2/offers/schedule?departureCitySlug=kyiv&arrivalCitySlug=lviv&date={DAY}");
    vec![
        format!("{offers}&arrivalCity=lviv"),
        format!("{offers}&arrivalCity=lviv&language=EN&currency=EUR"),
        format!("{offers}&arrivalCity=chisinau"),
        format!("{offers}&arrivalCity=atlantis"),
        schedule.clone(),
        format!("{schedule}&take=1&skip=2"),
        "/v2/cities".into(),
        "/v2/cities?take=1".into(),
        "/v2/cities/kyiv/stops".into(),
        "/v2/stops?take=100".into(),
        "/v2/stops?country=ZZ".into(),
        "/openapi.json".into(),
    ]
}

#[tokio::test]
async fn a_compressed_response_decompresses_to_the_plain_one() {
    let shop = Shop::open().await;
    let client = shop.website();
    let mut packed = 0;
    for path in paths() {
        let plain = ask(&client, Method::GET, &path, &[("accept-encoding", "identity")]).await;
        assert_eq!(plain.header("content-encoding"), "", "{path}");
        for coding in WANTED.into_iter().chain(UNWANTED) {
            let sent = ask(&client, Method::GET, &path, &[("accept-encoding", coding)]).await;
            let said = format!("{path} {coding:?}");
            assert_eq!(sent.status, plain.status, "{said}");
            assert_eq!(sent.plain(), plain.bytes, "{said}");
            assert!(sent.header("vary").contains("accept-encoding"), "{said}");
            assert_eq!(sent.header("etag"), plain.header("etag"), "{said}");
            assert_eq!(sent.header("content-type"), plain.header("content-type"), "{said}");
            let length = sent.header("content-length");
            assert!(
                length.is_empty() || length == sent.bytes.len().to_string(),
                "{said} {length}"
            );
            let is_packed = !sent.header("content-encoding").is_empty();
            assert!(!is_packed || WANTED.contains(&coding), "{said}");
            assert!(!is_packed || sent.bytes.len() < plain.bytes.len(), "{said}");
            packed += usize::from(is_packed);
        }
    }
    assert!(packed >= 6 * WANTED.len(), "only {packed} were packed");
}

#[tokio::test]
async fn heads_ranges_and_tags_are_those_of_the_packed_answer() {
    let shop = Shop::open().await;
    let client = shop.website();
    let gzip = ("accept-encoding", "gzip");
    for path in paths() {
        let full = ask(&client, Method::GET, &path, &[gzip]).await;
        let head = ask(&client, Method::HEAD, &path, &[gzip]).await;
        assert_eq!((head.status, head.bytes.len()), (full.status, 0), "{path}");
        for name in ["content-encoding", "content-type", "etag", "vary"] {
            assert_eq!(head.header(name), full.header(name), "{path} {name}");
        }
        let part = ask(&client, Method::GET, &path, &[gzip, ("range", "bytes=10-20")]).await;
        assert_eq!(
            (part.status, part.plain()),
            (full.status, full.plain()),
            "{path}: ranges are not served"
        );
        let tag = full.header("etag");
        if full.status == 200 && !tag.is_empty() {
            for coding in ["gzip", "identity"] {
                let headers = [("accept-encoding", coding), ("if-none-match", &tag)];
                let known = ask(&client, Method::GET, &path, &headers).await;
                assert_eq!((known.status, known.bytes.len()), (304, 0), "{path}");
                assert_eq!(known.header("etag"), tag, "{path}");
                assert_eq!(known.header("content-encoding"), "", "{path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_responses_do_not_mix_their_parts() {
    let shop = Shop::open().await;
    let client = shop.website();
    let mut plain = Vec::new();
    for path in paths() {
        plain.push(ask(&client, Method::GET, &path, &[]).await.plain());
    }
    let mut tasks = JoinSet::new();
    for number in 0..96 {
        let (client, path) = (client.clone(), paths()[number % plain.len()].clone());
        tasks.spawn(async move {
            let coding = ["gzip", "identity"][number / 12 % 2];
            let sent = ask(&client, Method::GET, &path, &[("accept-encoding", coding)]).await;
            (number, sent.plain())
        });
    }
    for (number, sent) in tasks.join_all().await {
        assert_eq!(sent, plain[number % plain.len()], "{}", paths()[number % plain.len()]);
    }
}
