//! Load on a running API, for the script `bench/sales/run`. Prints one line of figures.
//!
//! `search URL KEY FILE RATE SECONDS` asks for the paths of FILE in turn at a constant rate, whether or not the answers
//! keep up; a latency counts from the instant at which the request was due. Paths of the schedule go without the key.
//!
//! `book URL KEY FILE CLIENTS SECONDS` collects the offers that the paths of FILE find, then CLIENTS book one passenger
//! on them in turn, each as soon as its last booking is answered.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints its figures and may panic"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

/// A running API and the key of a partner.
struct Target {
    client: Client,
    url: String,
    key: String,
}

/// What one request came to.
type Outcome = (StatusCode, Duration, usize);

impl Target {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match path.starts_with("/v2/offers/schedule") {
            true => request,
            false => request.header("x-api-key", &self.key),
        }
    }

    async fn measure(&self, request: RequestBuilder, due: Instant) -> Outcome {
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let bytes = answer.bytes().await.expect("the whole answer").len();
        (status, due.elapsed(), bytes)
    }

    /// Tokens of the offers that a search finds, each with its currency.
    async fn offers(&self, path: &str) -> Vec<(String, String)> {
        let answer = self.request(Method::GET, path).send().await.expect("an answer");
        let body: Value = answer.json().await.expect("JSON");
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let offer = |offer: &Value| Some((text(&offer["id"])?, text(&offer["prices"][0]["currency"])?));
        let offers = body["data"]["offers"].as_array().expect("offers");
        offers.iter().filter_map(offer).collect()
    }
}

async fn search(target: Arc<Target>, paths: Vec<String>, rate: u32, seconds: u32) -> (Vec<Outcome>, Duration) {
    let start = Instant::now();
    let mut requests = JoinSet::new();
    for number in 0..rate * seconds {
        let due = start + Duration::from_secs(1) * number / rate;
        sleep_until(due).await;
        let target = Arc::clone(&target);
        let path = &paths[number as usize % paths.len()];
        let request = target.request(Method::GET, path).header("accept-encoding", "gzip");
        requests.spawn(async move { target.measure(request, due).await });
    }
    (requests.join_all().await, start.elapsed())
}

async fn book(target: Arc<Target>, paths: Vec<String>, clients: u32, seconds: u32) -> (Vec<Outcome>, Duration) {
    let mut offers = Vec::new();
    for path in &paths {
        offers.extend(target.offers(path).await);
    }
    let offers = Arc::new(offers);
    println!("{} offers", offers.len());
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let end = start + Duration::from_secs(seconds.into());
    let mut loops = JoinSet::new();
    for _ in 0..clients {
        let (target, offers, next) = (Arc::clone(&target), Arc::clone(&offers), Arc::clone(&next));
        loops.spawn(async move {
            let mut outcomes = Vec::new();
            while Instant::now() < end {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let (offer, currency) = &offers[number % offers.len()];
                let body = json!({
                    "offerId": offer,
                    "currency": currency,
                    "passengers": [{
                        "firstName": "Olena", "lastName": format!("Bench{number}"), "email": "olena@example.com",
                        "phones": [{ "phone": "+380671234567", "messengers": ["Viber"] }],
                    }],
                });
                let request = target.request(Method::POST, "/v2/bookings").json(&body);
                outcomes.push(target.measure(request, Instant::now()).await);
            }
            outcomes
        });
    }
    let outcomes = loops.join_all().await.into_iter().flatten().collect();
    (outcomes, start.elapsed())
}

fn report(outcomes: &[Outcome], elapsed: Duration) {
    let mut latencies: Vec<Duration> = outcomes.iter().map(|(_, latency, _)| *latency).collect();
    latencies.sort_unstable();
    let at = |per_mille: usize| latencies[(latencies.len() - 1) * per_mille / 1000].as_secs_f64() * 1e3;
    let bytes: usize = outcomes.iter().map(|(.., bytes)| bytes).sum();
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for (status, ..) in outcomes {
        *statuses.entry(status.as_u16()).or_default() += 1;
    }
    println!(
        "{:.0}/s  p50 {:.1}  p95 {:.1}  p99 {:.1}  max {:.1} ms  {} bytes each  {statuses:?}",
        outcomes.len() as f64 / elapsed.as_secs_f64(),
        at(500),
        at(950),
        at(990),
        at(1000),
        bytes / outcomes.len(),
    );
}

#[tokio::main]
async fn main() {
    common::process::signal::end_at_once().expect("signals");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [mode, url, key, file, load, seconds] = arguments.as_slice() else {
        panic!("usage: http_bench search|book URL KEY FILE RATE|CLIENTS SECONDS");
    };
    let target = Arc::new(Target {
        client: Client::builder().build().expect("a client"),
        url: url.clone(),
        key: key.clone(),
    });
    let paths = std::fs::read_to_string(file).expect("the file of paths");
    let paths: Vec<String> = paths.lines().map(str::to_owned).collect();
    let (load, seconds) = (load.parse().expect("a number"), seconds.parse().expect("seconds"));
    let (outcomes, elapsed) = match mode.as_str() {
        "search" => search(target, paths, load, seconds).await,
        _ => book(target, paths, load, seconds).await,
    };
    report(&outcomes, elapsed);
}
