//! Sales while an import runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::id::{BusId, TripId};
use testing::eventually::eventually;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::harness::DAY;
use crate::harness::partner::{Sold, is_of_company};
use crate::sales::import::{ends, with};
use crate::sales::support::{Shop, day};

const SHORT: &str = "rivne@14:00 lviv@17:00";
const LONG: &str = "kyiv@09:00 zhytomyr@11:00 rivne@14:30 lviv@17:30";

/// Buys Rivne to Lviv on any day and reads it repeatedly: the journey is always one that was published.
async fn passenger(shop: Arc<Shop>, number: usize, importing: Arc<AtomicBool>) {
    let partner = shop.website();
    let date = format!("2027-02-{:02}", 10 + number);
    while importing.load(Ordering::SeqCst) {
        let offers = partner.offers("rivne", "lviv", &date, "").await;
        let Some(offer) = offers.iter().find(|offer| is_of_company(offer, 20)) else {
            break; // full
        };
        let seen = partner.create(offer["id"].as_str().unwrap(), 1).await;
        if seen.status != 201 {
            assert_eq!(seen.code(), "SEATS_UNAVAILABLE", "{}", seen.body);
            break;
        }
        let sold = Sold::of(&seen);
        let action = if number.is_multiple_of(2) { "pay" } else { "cancel" };
        partner.act(action, &sold.id).await.status(200);
        for _ in 0..6 {
            let ends = ends(&partner.booking(&sold.id).await);
            assert!(
                [["rivne 14:00", "lviv 17:00"], ["rivne 14:30", "lviv 17:30"]]
                    .contains(&ends.each_ref().map(String::as_str)),
                "{ends:?} is no mix"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sales_and_readers_never_see_half_an_import() {
    let shop = Arc::new(Shop::open().await);
    shop.import(&with(20, Some(SHORT))).await;
    let importing = Arc::new(AtomicBool::new(true));
    let mut passengers: JoinSet<()> = (0..8)
        .map(|number| passenger(Arc::clone(&shop), number, Arc::clone(&importing)))
        .collect();
    // Ten imports, and more until passengers have seen several of them.
    let mut round = 0;
    while round < 10 || shop.count("select count(*) from tickets").await <= 8 {
        shop.import(&with(20, Some(if round % 2 == 0 { LONG } else { SHORT })))
            .await;
        round += 1;
        assert!(round < 1_000, "nobody buys");
    }
    importing.store(false, Ordering::SeqCst);
    while let Some(done) = passengers.join_next().await {
        done.unwrap();
    }
    shop.audit().await;
}

/// Waits until this number of sessions of this database wait for a lock.
async fn in_line(shop: &Shop, sessions: i64) {
    eventually("sessions that wait for a lock", Duration::from_secs(60), async || {
        let waiting = shop
            .count(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
            .await;
        (waiting == sessions).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_first_sale_an_import_and_a_move_do_not_wait_in_a_circle() {
    let shop = Arc::new(Shop::open().await);
    let partner = shop.website();
    let offer = partner.offer(3, "kyiv", "lviv", 1).await.unwrap();
    let token = offer["id"].as_str().unwrap().to_owned();
    let (trip, bus): (Uuid, Uuid) = sqlx::query_as("select id, bus_id from trips where feed_trip_id = 't3'")
        .fetch_one(shop.pool())
        .await
        .unwrap();
    // As at the beginning of a move of tickets.
    let mut moving = shop.pool().begin().await.unwrap();
    db::publication::hold(&mut moving).await.unwrap();
    let importing = {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move { shop.import(&with(3, Some(LONG))).await })
    };
    in_line(&shop, 1).await;
    let selling = tokio::spawn(async move { partner.create(&token, 1).await });
    in_line(&shop, 2).await;
    let stored = db::departure::ensure(&mut moving, (TripId(trip), day(DAY)), BusId(bus)).await;
    assert!(stored.unwrap(), "nobody is in the way");
    moving.rollback().await.unwrap();
    importing.await.unwrap();
    let sold = Sold::of(&selling.await.unwrap());
    assert_eq!(ends(&sold.body), ["kyiv 09:00", "lviv 17:30"], "the sale looked again");
    shop.audit().await;
}

#[tokio::test]
async fn a_late_payment_that_waits_for_an_import_gets_the_bus_that_runs_then() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(4, "kyiv", "lviv", 3).await;
    shop.wait(20);
    assert_eq!(shop.sweep().await, 3);
    let mut importing = shop.pool().begin().await.unwrap();
    sqlx::raw_sql("select from departures for update")
        .execute(&mut *importing)
        .await
        .unwrap();
    let (client, id) = (partner.clone(), sold.id.clone());
    let paying = tokio::spawn(async move { client.pay(&id).await });
    in_line(&shop, 1).await;
    sqlx::raw_sql("update departures set bus_id = (select id from buses where key = 'b2')")
        .execute(&mut *importing)
        .await
        .unwrap();
    importing.commit().await.unwrap();
    let seen = paying.await.unwrap();
    assert_eq!(
        (seen.status, seen.code()),
        (409, "SEATS_UNAVAILABLE"),
        "two seats for three"
    );
    partner
        .pay_orders(&sold.id, &[&sold.orders[0], &sold.orders[2]])
        .await
        .status(200);
    shop.audit().await;
}
