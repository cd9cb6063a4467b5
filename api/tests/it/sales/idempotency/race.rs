//! Requests with the same key at the same moment: one is carried out.

use std::time::Duration;

use testing::eventually::eventually;
use tokio::task::JoinSet;

use super::{Told, action};
use crate::harness::partner::{Partner, order};
use crate::sales::support::Shop;

const LIMIT: Duration = Duration::from_secs(60);

/// Sends a request many times at once, through both clients.
async fn twins(clients: [&Partner; 2], path: &str, body: &str) -> Vec<Told> {
    let mut tasks = JoinSet::new();
    for number in 0..32 {
        let (client, path, body) = (clients[number % 2].clone(), path.to_owned(), body.to_owned());
        tasks.spawn(async move { client.once("twins", &path, &body).await });
    }
    tasks.join_all().await
}

/// Asserts that one request was carried out, and that every other one got its response or `IDEMPOTENCY_IN_FLIGHT`;
/// returns the first response.
fn one_of(told: &[Told], status: u16) -> &Told {
    let (conflicts, done): (Vec<_>, Vec<_>) = told.iter().partition(|told| told.status == 409);
    for told in conflicts {
        assert_eq!(told.code(), "IDEMPOTENCY_IN_FLIGHT");
        assert_eq!(told.header("retry-after"), "1");
    }
    let first: Vec<_> = done.iter().filter(|told| !told.is_replayed()).collect();
    let [first] = first.as_slice() else {
        panic!("{} were carried out", first.len());
    };
    assert_eq!(first.status, status);
    for told in done.iter().filter(|told| told.is_replayed()) {
        told.repeats(first);
    }
    first
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_twins_through_two_replicas_one_is_carried_out() {
    let shop = Shop::open().await;
    let other = shop.replica(|settings| settings).await;
    let (here, there) = (shop.website(), other.website());
    let body = order(&here.token(50, "kyiv", "lviv", 1).await, 1).to_string();
    let made = twins([&here, &there], "/v2/bookings", &body).await;
    let booking = one_of(&made, 201).json()["data"]["booking"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(shop.count("select count(*) from bookings").await, 1);

    // Another body, so it needs another key.
    for number in 0..8 {
        let sold = here.sell(50, "kyiv", "lviv", 1).await;
        let path = action(&sold.id, "pay");
        shop.sql("delete from idempotency_keys").await;
        let paid = twins([&here, &there], &path, "{}").await;
        one_of(&paid, 200);
        let history = shop.history(&sold.orders[0]).await;
        assert_eq!(
            history,
            ["created Processing Unpaid", "paid Confirmed Paid"],
            "{number}"
        );
    }
    assert_eq!(here.booking(&booking).await["id"], booking.as_str());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_first_is_served_the_second_is_refused_for_now() {
    let shop = Shop::open().await;
    let other = shop.replica(|settings| settings).await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let path = action(&sold.id, "pay");
    // The first request waits for the departure.
    let mut held = shop.pool().begin().await.unwrap();
    sqlx::query("select from departures for update")
        .execute(&mut *held)
        .await
        .unwrap();
    let first = tokio::spawn({
        let (partner, path) = (partner.clone(), path.clone());
        async move { partner.once("slow", &path, "").await }
    });
    let waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    eventually("the first waits", LIMIT, async || {
        let found = sqlx::query_scalar::<_, i32>(waiting).fetch_optional(shop.pool());
        found.await.unwrap()
    })
    .await;
    for client in [&partner, &other.website()] {
        let told = client.once("slow", &path, "").await;
        assert_eq!(told.short(), (409, "IDEMPOTENCY_IN_FLIGHT".to_owned(), false));
        assert_eq!(told.header("retry-after"), "1");
        // What the first request contained is not known yet.
        let told = client.once("slow", &path, "{}").await;
        assert_eq!(told.short(), (409, "IDEMPOTENCY_IN_FLIGHT".to_owned(), false));
    }
    // Other keys do not wait for this one.
    let unknown = partner.once("other", &action("bkg_1", "pay"), "").await;
    assert_eq!(unknown.status, 404);
    held.rollback().await.unwrap();
    let first = first.await.unwrap();
    assert_eq!(first.short(), (200, String::new(), false));
    partner.once("slow", &path, "").await.repeats(&first);
}
