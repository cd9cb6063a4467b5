//! More searches than a process can assemble: those beyond the ones that may wait are refused.

use std::sync::Arc;
use std::time::Duration;

use api::assembly::{AssemblyLimits, AssemblyQueue};
use api::server::ServerLimits;
use chrono::TimeDelta;
use domain::payment_window::PAYMENT_WINDOW;
use futures::FutureExt as _;
use metrics::{Exporter, Format};
use poem::http::Method;
use testing::eventually::eventually;
use testing::scrape::Scrape;
use testing::settings::settings;
use tokio::task::JoinSet;

use crate::harness::DAY;
use crate::harness::answer::Seen;
use crate::harness::caller::Caller;
use crate::harness::partner::Partner;
use crate::harness::server::{self, Server, Socket};
use crate::sales::support::Shop;

/// Only for hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// A process that assembles one response at a time, and a partner who calls it.
struct Busy {
    server: Server,
    shop: Shop,
    website: Partner,
}

impl Busy {
    /// A process in which this number of searches may wait. It has answered one search.
    async fn open(waiting: usize) -> Self {
        let shop = Shop::open().await;
        let figment = settings("postgres://unused");
        let mut state = server::state(shop.pool().clone(), &shop.clock, &figment);
        state.assembly = AssemblyQueue::new(AssemblyLimits {
            turns: 1,
            waiting,
            between_reads: Duration::ZERO,
        });
        let public_url = server::read(&figment).public_url;
        let server = Socket::bind().await.serve(state, &public_url, ServerLimits::default());
        let caller = Caller {
            http: server.http.clone(),
            base: Arc::clone(&server.base),
            key: None,
        };
        let website = Partner::new(&caller, shop.website().key.clone().unwrap());
        let busy = Self { server, shop, website };
        busy.ask(&offers(1)).await.status(200);
        busy
    }

    fn queue(&self) -> &AssemblyQueue {
        &self.server.state.assembly
    }

    async fn ask(&self, path: &str) -> Seen {
        ask(&self.website, path).await
    }

    /// Searches that were refused, by this process or another one of these tests.
    fn refusals(&self) -> f64 {
        let platform = &self.server.state.platform;
        let exporter = Exporter::default().with(|registry| {
            app::metrics::register_api(registry, Arc::clone(&platform.published), Arc::clone(&platform.cache));
        });
        let scrape = Scrape::read(exporter.text(Format::Prometheus).unwrap());
        scrape.value("prexsell_searches_refused_total").unwrap()
    }

    /// Waits until this number of searches need a response, equal ones included.
    async fn wait_until_all_are_here(&self, searches: usize) {
        eventually("the searches are here", LIMIT, async || {
            (self.queue().searches() == searches).then_some(())
        })
        .await;
    }

    /// Waits until as many searches wait as may. The question itself leaves the queue at once.
    async fn wait_until_full(&self) {
        eventually("the queue is full", LIMIT, async || {
            let turn = self.queue().turn().now_or_never();
            turn.is_some_and(|turn| turn.is_err()).then_some(())
        })
        .await;
    }

    /// Waits until another search may wait, while a turn is taken.
    async fn wait_until_free(&self) {
        eventually("the queue has a place", LIMIT, async || {
            self.queue().turn().now_or_never().is_none().then_some(())
        })
        .await;
    }
}

/// A search for this number of passengers.
fn offers(passengers: usize) -> String {
    format!("/v2/offers?departureCity=kyiv&arrivalCity=lviv&departureDate={DAY}&passengers={passengers}")
}

fn schedule(passengers: usize) -> String {
    let cities = "departureCitySlug=kyiv&arrivalCitySlug=lviv";
    format!("/v2/offers/schedule?{cities}&date={DAY}&passengers={passengers}")
}

fn old_offers(passengers: usize) -> String {
    format!("/rest/offers?departureCity=kyiv&arrivalCity=lviv&departureDate={DAY}&passengersQty={passengers}")
}

async fn ask(caller: &Caller, path: &str) -> Seen {
    let response = caller.request(Method::GET, path).send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    Seen { status, headers, body }
}

/// Sends searches at the same time.
fn send(caller: &Caller, paths: impl IntoIterator<Item = String>) -> JoinSet<Seen> {
    let mut searches = JoinSet::new();
    for path in paths {
        let caller = caller.clone();
        searches.spawn(async move { ask(&caller, &path).await });
    }
    searches
}

/// The seats left of all offers.
fn seats(seen: &Seen) -> u64 {
    let offers = seen.data()["offers"].as_array().unwrap();
    offers.iter().map(|offer| offer["seatsLeft"].as_u64().unwrap()).sum()
}

#[track_caller]
fn refused(seen: &Seen) {
    seen.refused(503, "UNAVAILABLE");
    assert_eq!(seen.header("retry-after"), "1");
}

#[tokio::test]
async fn searches_beyond_those_that_may_wait_are_refused_and_counted_and_the_others_are_answered() {
    let busy = Box::pin(Busy::open(2)).await;
    let before = busy.refusals();
    let turn = busy.queue().turn().await.unwrap();
    let mut searches = send(&busy.website, (2..10).map(offers));
    // The two that wait are answered only after these.
    for _ in 0..6 {
        refused(&searches.join_next().await.unwrap().unwrap());
    }
    assert!(busy.refusals() >= before + 6.0);
    drop(turn);
    for seen in searches.join_all().await {
        seen.status(200);
    }
    busy.ask(&offers(10)).await.status(200);
}

#[tokio::test]
async fn a_crowd_with_one_new_search_gets_one_response_and_takes_one_place() {
    let busy = Box::pin(Busy::open(1)).await;
    let turn = busy.queue().turn().await.unwrap();
    let mut crowd = send(&busy.website, (0..8).map(|_| offers(2)));
    busy.wait_until_all_are_here(8).await;
    refused(&busy.ask(&offers(3)).await);
    assert!(crowd.try_join_next().is_none(), "all wait");
    drop(turn);
    let seen = crowd.join_all().await;
    for one in &seen {
        one.status(200);
        assert_eq!(one.body, seen[0].body);
    }
}

#[tokio::test]
async fn a_crowd_that_begins_before_and_after_a_ticket_expires_gets_two_responses_and_takes_one_place() {
    let busy = Box::pin(Busy::open(1)).await;
    let clock = &busy.shop.clock;
    // So that the ticket expires within a second.
    clock.advance(TimeDelta::milliseconds(500));
    let _unpaid = busy.shop.reseller().sell(50, "kyiv", "lviv", 2).await;
    clock.advance(PAYMENT_WINDOW - TimeDelta::milliseconds(100));
    // Reads the sale, so that the data in memory does not change from now on.
    busy.ask(&offers(1)).await.status(200);
    let turn = busy.queue().turn().await.unwrap();
    let before = send(&busy.website, [offers(2)]);
    busy.wait_until_all_are_here(1).await;
    clock.advance(TimeDelta::milliseconds(200));
    let after = send(&busy.website, (0..7).map(|_| offers(2)));
    busy.wait_until_all_are_here(8).await;
    drop(turn);
    let before = before.join_all().await;
    for seen in after.join_all().await {
        seen.status(200);
        assert!(seats(&seen) > seats(&before[0]), "the seats are free again");
    }
}

#[tokio::test]
async fn equal_searches_of_two_partners_get_tokens_of_their_own() {
    let busy = Box::pin(Busy::open(2)).await;
    let reseller = Partner::new(&busy.website, busy.shop.reseller().key.clone().unwrap());
    let turn = busy.queue().turn().await.unwrap();
    let ours = send(&busy.website, [offers(2)]);
    let theirs = send(&reseller, [offers(2)]);
    busy.wait_until_all_are_here(2).await;
    drop(turn);
    let (ours, theirs) = (ours.join_all().await, theirs.join_all().await);
    let token = |seen: &Seen| seen.data()["offers"][0]["id"].as_str().unwrap().to_owned();
    assert_ne!(token(&ours[0]), token(&theirs[0]));
}

#[tokio::test]
async fn what_is_stored_is_sent_while_no_search_may_wait_and_all_else_is_refused() {
    let busy = Box::pin(Busy::open(0)).await;
    let visitor = Caller {
        key: None,
        ..Caller::clone(&busy.website)
    };
    ask(&visitor, &schedule(1)).await.status(200);
    let turn = busy.queue().turn().await.unwrap();
    busy.ask(&offers(1)).await.status(200);
    ask(&visitor, &schedule(1)).await.status(200);
    for path in [offers(2), schedule(1), old_offers(1)] {
        refused(&busy.ask(&path).await);
    }
    refused(&ask(&visitor, &schedule(2)).await);
    // The tokens of a new response would last longer than those that are stored.
    busy.shop.clock.advance(TimeDelta::seconds(1));
    refused(&busy.ask(&offers(1)).await);
    ask(&visitor, &schedule(1)).await.status(200);
    drop(turn);
    busy.ask(&offers(1)).await.status(200);
}

#[tokio::test]
async fn while_no_search_may_wait_callers_without_a_valid_key_still_learn_that() {
    let busy = Box::pin(Busy::open(0)).await;
    let turn = busy.queue().turn().await.unwrap();
    let stranger = Partner::new(&busy.website, "pk_test_unknown".to_owned());
    ask(&stranger, &offers(2)).await.refused(401, "UNAUTHORIZED");
    // A partner's search is refused before it is read, even a malformed one; one that passed before is read.
    let malformed = format!("{}&currency=XYZ", offers(2));
    refused(&busy.ask(&malformed).await);
    drop(turn);
    busy.ask(&malformed).await.refused(400, "VALIDATION_ERROR");
    let _turn = busy.queue().turn().await.unwrap();
    busy.ask(&malformed).await.refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_search_whose_client_has_disconnected_leaves_its_place() {
    let busy = Box::pin(Busy::open(1)).await;
    let turn = busy.queue().turn().await.unwrap();
    let gone = send(&busy.website, [offers(2)]);
    busy.wait_until_full().await;
    drop(gone);
    busy.wait_until_free().await;
    let waiting = send(&busy.website, [offers(3)]);
    busy.wait_until_full().await;
    drop(turn);
    for seen in waiting.join_all().await {
        seen.status(200);
    }
}
