//! More searches than a process can assemble: those beyond the ones that may wait are refused at once.

use std::sync::Arc;
use std::time::Duration;

use api::assembly::{AssemblyLimits, AssemblyQueue};
use api::server::ServerLimits;
use chrono::TimeDelta;
use futures::FutureExt as _;
use poem::http::Method;
use testing::eventually::eventually;
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
        state.assembly = AssemblyQueue::new(AssemblyLimits { turns: 1, waiting });
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

#[track_caller]
fn refused(seen: &Seen) {
    seen.refused(503, "UNAVAILABLE");
    assert_eq!(seen.header("retry-after"), "1");
}

#[tokio::test]
async fn searches_beyond_those_that_may_wait_are_refused_at_once_and_the_others_are_answered() {
    let busy = Busy::open(2).await;
    let turn = busy.queue().turn().await.unwrap();
    let mut searches = send(&busy.website, (2..10).map(offers));
    // The two that wait are answered only after these.
    for _ in 0..6 {
        refused(&searches.join_next().await.unwrap().unwrap());
    }
    drop(turn);
    for seen in searches.join_all().await {
        seen.status(200);
    }
    busy.ask(&offers(10)).await.status(200);
}

#[tokio::test]
async fn a_process_that_assembles_refuses_only_what_does_not_fit() {
    let busy = Busy::open(2).await;
    let searches = send(&busy.website, (2..10).map(offers)).join_all().await;
    let (answered, others): (Vec<_>, Vec<_>) = searches.into_iter().partition(|seen| seen.status == 200);
    assert!(answered.len() > 2, "one that is assembled and those that may wait");
    others.iter().for_each(refused);
    busy.ask(&offers(10)).await.status(200);
}

#[tokio::test]
async fn a_crowd_with_one_new_search_gets_one_response_and_takes_one_place() {
    let busy = Busy::open(1).await;
    let turn = busy.queue().turn().await.unwrap();
    let mut crowd = send(&busy.website, (0..8).map(|_| offers(2)));
    busy.wait_until_full().await;
    // Each takes as many steps as one of the crowd, which would have been refused by now as well.
    for passengers in 3..6 {
        refused(&busy.ask(&offers(passengers)).await);
    }
    assert!(crowd.try_join_next().is_none(), "all wait");
    drop(turn);
    let seen = crowd.join_all().await;
    for one in &seen {
        one.status(200);
        assert_eq!(one.body, seen[0].body);
    }
}

#[tokio::test]
async fn what_is_stored_is_sent_while_no_search_may_wait_and_all_else_is_refused() {
    let busy = Busy::open(0).await;
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
async fn a_search_whose_client_has_disconnected_leaves_its_place() {
    let busy = Busy::open(1).await;
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
