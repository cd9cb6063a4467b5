//! Which partners still call the old API.

use std::sync::Arc;
use std::time::Duration;

use app::tally;
use chrono::TimeDelta;
use domain::legacy::Operation;
use serde_json::json;
use testing::eventually::eventually;
use tokio_util::sync::CancellationToken;

use crate::sales::legacy_window::{called, migration, status};
use crate::sales::support::Shop;

#[tokio::test]
async fn calls_are_counted_per_partner_operation_and_day_over_all_replicas() {
    let shop = Shop::open().await;
    let second = shop.replica(|settings| settings).await;
    let (one, two) = (shop.website(), second.website());
    for _ in 0..3 {
        assert_eq!(status(&one).await, 200);
        assert_eq!(status(&two).await, 200);
    }
    // Invalid calls count, too. Calls without a key belong to no partner, so they do not.
    one.get("/rest/offers").await;
    two.post("/rest/orders", &json!({})).await;
    two.patch("/rest/orders", &json!({})).await;
    one.get("/rest/orders/nonsense").await;
    one.get("/rest/orders/nonsense/refund-rules").await;
    one.get("/v2/bookings").await;
    one.get("/rest/nonsense").await;
    status(&shop.visitor()).await;
    shop.wait(24 * 60);
    for client in [&one, &two, &shop.reseller()] {
        assert_eq!(status(client).await, 200);
    }
    shop.flush().await;
    second.flush().await;
    shop.flush().await;

    let told = migration(&one).await;
    assert_eq!(
        called(&told),
        [
            "GET /rest/offers: 1",
            "POST /rest/orders: 1",
            "GET /rest/orders: 8",
            "GET /rest/orders/{id}: 1",
            "GET /rest/orders/{id}/refund-rules: 1",
            "PATCH /rest/orders: 1",
        ]
    );
    let days = json!([{ "day": "2027-02-01", "calls": 6 }, { "day": "2027-02-02", "calls": 2 }]);
    assert_eq!(told["operations"][2]["days"], days);
    assert_eq!(told["lastCallAt"], "2027-02-02T08:00:00.000Z");
    assert_eq!(called(&migration(&shop.reseller()).await), ["GET /rest/orders: 1"]);
}

#[tokio::test]
async fn counts_that_cannot_be_written_are_kept() {
    let shop = Shop::open().await;
    let partner = shop.website();
    for _ in 0..4 {
        assert_eq!(status(&partner).await, 200);
    }
    shop.sql("alter table legacy_calls add constraint full_disk check (calls < 2)")
        .await;
    assert!(shop.state.legacy_usage.flush(shop.pool()).await.is_err());
    assert_eq!(status(&partner).await, 200, "calls go on");
    assert_eq!(called(&migration(&partner).await), ["GET /rest/orders: 1"]);
    shop.sql("alter table legacy_calls drop constraint full_disk").await;
    shop.flush().await;
    assert_eq!(called(&migration(&partner).await), ["GET /rest/orders: 5"]);
}

#[tokio::test]
async fn counts_are_written_by_themselves_and_many_at_a_time_add_up() {
    let shop = Shop::open().await;
    let partner_id = shop.partner_id("website").await;
    let shutdown = CancellationToken::new();
    let keepers: Vec<_> = (0..2)
        .map(|_| {
            let (state, pool, shutdown) = (Arc::clone(&shop.state), shop.pool().clone(), shutdown.clone());
            tokio::spawn(async move { tally::keep(&state.tallies(), &pool, shutdown).await })
        })
        .collect();
    let now = shop.clock.now();
    let noting: Vec<_> = (0..4)
        .map(|at| {
            let state = Arc::clone(&shop.state);
            tokio::task::spawn_blocking(move || {
                for second in 0..5_000 {
                    let day = now + TimeDelta::days(second % 700);
                    state.legacy_usage.note(partner_id, Operation::ALL[at], day);
                }
            })
        })
        .collect();
    for task in noting {
        task.await.unwrap();
    }
    eventually("the counts", Duration::from_secs(60), async || {
        let sum = shop
            .count("select coalesce(sum(calls), 0)::bigint from legacy_calls")
            .await;
        (sum == 20_000).then_some(())
    })
    .await;
    shutdown.cancel();
    for keeper in keepers {
        keeper.await.unwrap();
    }
    shop.flush().await;
    assert_eq!(shop.count("select count(*) from legacy_calls").await, 2_800);
}
