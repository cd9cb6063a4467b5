//! Two processes as in production, each with its own cache: what one sells or takes off sale, the other knows.

use std::time::{Duration, Instant};

use app::cache::MAX_AGE;
use testing::eventually::eventually;

use crate::sales::support::Shop;

/// Only for hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// The shop as a process with the maximum cache age of production.
async fn process(shop: &Shop) -> Shop {
    let max_age = u64::try_from(MAX_AGE.as_millis()).unwrap();
    shop.replica(|settings| settings.merge(("cache_max_age_ms", max_age)))
        .await
}

#[tokio::test]
async fn a_sale_is_seen_at_once_where_it_was_made_and_soon_elsewhere() {
    let shop = Shop::open().await;
    let (here, there) = (process(&shop).await, process(&shop).await);
    assert_eq!(there.website().left(50, "kyiv", "lviv").await, 50);
    for sold in 1..4 {
        let booking = here.website().sell(50, "kyiv", "lviv", 1).await;
        let committed = Instant::now();
        assert_eq!(here.website().left(50, "kyiv", "lviv").await, 50 - sold, "its own sale");
        eventually("the other process knows", LIMIT, async || {
            let asked = committed.elapsed();
            let left = there.website().left(50, "kyiv", "lviv").await;
            // A search that began after the maximum age includes the sale, even on a slow machine.
            assert!(left == 50 - sold || asked <= MAX_AGE, "{left} after {asked:?}");
            (left == 50 - sold).then_some(())
        })
        .await;
        if sold == 3 {
            here.website().cancel(&booking.id).await.status(200);
            assert_eq!(here.website().left(50, "kyiv", "lviv").await, 48);
        }
    }
    assert_eq!(there.platform.cache.lag().loads, 1);
}

#[tokio::test]
async fn an_unpaid_seat_is_offered_again_when_its_time_is_over_before_a_sweep() {
    let shop = Shop::open().await;
    let process = process(&shop).await;
    process.website().sell(2, "kyiv", "lviv", 2).await;
    assert_eq!(process.website().left(2, "kyiv", "lviv").await, 0);
    shop.wait(20);
    assert_eq!(process.website().left(2, "kyiv", "lviv").await, 2);
}

#[tokio::test]
async fn a_revoked_key_fails_within_a_second_on_every_process() {
    let shop = Shop::open().await;
    let process = process(&shop).await;
    let partner = process.website();
    partner.get("/v2/cities").await.status(200);
    shop.sql("update api_keys set revoked_at = now()").await;
    let revoked = Instant::now();
    eventually("the key fails", LIMIT, async || {
        let asked = revoked.elapsed();
        let status = partner.get("/v2/cities").await.status;
        assert!(status == 401 || asked <= MAX_AGE, "{status} after {asked:?}");
        (status == 401).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_refused_request_causes_no_look() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(2, "kyiv", "lviv", 2).await;
    let before = shop.platform.cache.lag().noted;
    partner.create(&token, 2).await.status(201);
    assert_eq!(shop.platform.cache.lag().noted, before + 1);
    assert_eq!(partner.create(&token, 2).await.code(), "SEATS_UNAVAILABLE");
    for path in ["/v2/bookings/x/pay", "/v2/nothing", "/v2/bookings"] {
        let status = partner.post(path, &serde_json::json!({})).await.status;
        assert!((400..500).contains(&status), "{path} {status}");
    }
    shop.visitor()
        .post("/v2/bookings", &serde_json::json!({}))
        .await
        .status(401);
    assert_eq!(shop.platform.cache.lag().noted, before + 1);
}
