//! The end of the old API: for which partner it closes, and when.

use app::legacy;
use chrono::{DateTime, TimeDelta, Utc};
use figment::providers::Serialized;
use serde_json::{Value, json};
use testing::world::operator;

use crate::harness::caller::Caller;
use crate::harness::partner::Partner;
use crate::sales::legacy::assert_old;
use crate::sales::support::Shop;

/// The sunset of the settings' defaults.
const SUNSET: &str = "2027-03-01T00:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Shop {
    pub async fn flush(&self) {
        self.state.legacy_usage.flush(self.pool()).await.unwrap();
    }

    async fn close_legacy(&self, slug: &str) -> bool {
        let partner = self.partner_id(slug).await;
        legacy::close(self.pool(), self.clock.now(), &operator(), partner)
            .await
            .unwrap()
    }

    async fn open_legacy(&self, slug: &str) {
        let partner = self.partner_id(slug).await;
        legacy::open(self.pool(), self.clock.now(), &operator(), partner)
            .await
            .unwrap();
    }
}

/// The progress of a partner's migration.
pub async fn migration(partner: &Partner) -> Value {
    let seen = partner.get("/v2/partner/migration").await;
    seen.status(200);
    assert_eq!(seen.header("deprecation"), "", "this one stays");
    seen.body["data"]["migration"].clone()
}

/// `operation: calls` of the operations that were called.
pub fn called(migration: &Value) -> Vec<String> {
    let operations = migration["operations"].as_array().unwrap().iter();
    operations
        .filter(|operation| operation["calls"] != 0)
        .map(|operation| format!("{}: {}", operation["operation"].as_str().unwrap(), operation["calls"]))
        .collect()
}

pub async fn status(caller: &Caller) -> u16 {
    caller.get("/rest/orders").await.status
}

#[tokio::test]
async fn partners_see_their_calls_of_the_old_api_and_what_to_change() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let told = migration(&partner).await;
    let head: Vec<&Value> = ["deprecatedAt", "sunsetAt", "guide", "open", "closesAt", "lastCallAt"]
        .iter()
        .map(|name| &told[*name])
        .collect();
    let guide = "http://127.0.0.1:8080/guides/rest-to-v2-migration";
    let sunset = "2027-03-01T00:00:00.000Z";
    assert_eq!(
        json!(head),
        json!(["2026-12-01T00:00:00.000Z", sunset, guide, true, sunset, null])
    );
    for operation in told["operations"].as_array().unwrap() {
        assert!(
            operation["replacement"].as_str().unwrap().contains(" /v2/"),
            "{operation}"
        );
        assert!(!operation["change"].as_str().unwrap().is_empty());
    }
    let missing = shop.visitor().get("/v2/partner/migration").await;
    missing.refused(401, "UNAUTHORIZED");

    status(&partner).await;
    shop.wait(89 * 24 * 60);
    assert_eq!(called(&migration(&partner).await), ["GET /rest/orders: 1"]);
    shop.wait(24 * 60);
    let told = migration(&partner).await;
    assert_eq!(called(&told), [""; 0], "90 days are shown");
    assert_eq!(
        (&told["open"], &told["closesAt"]),
        (&json!(false), &json!("2027-03-03T08:00:00.000Z"))
    );
}

#[tokio::test]
async fn a_window_closes_after_the_sunset_when_30_days_were_silent() {
    let shop = Shop::open().await;
    let (quiet, busy) = (shop.website(), shop.reseller());
    shop.travel(at(SUNSET) - TimeDelta::days(10));
    assert_eq!(status(&busy).await, 200);
    shop.travel(at(SUNSET) - TimeDelta::milliseconds(1));
    assert_eq!(migration(&quiet).await["open"], true);
    shop.travel(at(SUNSET));
    let gone = quiet.get("/rest/orders").await;
    gone.refused(410, "GONE");
    assert_old(&gone);
    assert_eq!(quiet.get("/v2/bookings").await.status, 200, "v2 is not touched");

    // The other one called ten days ago: it has twenty more.
    let last = at(SUNSET) + TimeDelta::days(20) - TimeDelta::milliseconds(1);
    shop.travel(last);
    assert_eq!(migration(&busy).await["closesAt"], "2027-03-21T00:00:00.000Z");
    assert_eq!(status(&busy).await, 200);
    shop.travel(last + TimeDelta::days(30) - TimeDelta::milliseconds(1));
    assert_eq!(status(&busy).await, 200, "and each call gives it thirty more");
    shop.travel(last + TimeDelta::days(60) - TimeDelta::milliseconds(1));
    assert_eq!(status(&busy).await, 410);
    for call in [
        busy.get("/rest/offers").await,
        busy.post("/rest/orders", &json!({})).await,
        busy.patch("/rest/orders", &json!({})).await,
        busy.get("/rest/orders/x").await,
        busy.get("/rest/orders/x/refund-rules").await,
    ] {
        call.refused(410, "GONE");
    }
    shop.flush().await;
    assert_eq!(
        called(&migration(&busy).await),
        ["GET /rest/orders: 3"],
        "refused calls do not count"
    );
    let closed = "select count(*) from legacy_windows where closed_by = 'silence'";
    assert_eq!(shop.count(closed).await, 2);
}

#[tokio::test]
async fn a_call_after_a_pause_is_known_to_every_replica_at_once() {
    let shop = Shop::open().await;
    let second = shop.replica(|settings| settings).await;
    shop.travel(at(SUNSET) - TimeDelta::days(29));
    assert_eq!(status(&shop.website()).await, 200);
    shop.travel(at(SUNSET));
    // Without a flush.
    assert_eq!(status(&second.website()).await, 200);
}

#[tokio::test]
async fn a_closed_window_stays_closed_even_if_the_sunset_is_postponed() {
    let shop = Shop::open().await;
    shop.travel(at(SUNSET));
    assert_eq!(status(&shop.website()).await, 410);
    let later = shop
        .replica(|settings| settings.merge(Serialized::default("legacy_sunset_on", "2028-01-01")))
        .await;
    let gone = later.website().get("/rest/orders").await;
    assert_eq!(
        (gone.status, gone.header("sunset")),
        (410, "Sat, 01 Jan 2028 00:00:00 GMT")
    );
    assert_eq!(status(&later.reseller()).await, 200);
}

#[tokio::test]
async fn an_administrator_closes_at_once_and_opens_for_30_days_again() {
    let shop = Shop::open().await;
    let (partner, other) = (shop.website(), shop.reseller());
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    assert_eq!(status(&partner).await, 200);
    assert!(shop.close_legacy("website").await);
    assert!(!shop.close_legacy("website").await, "it is closed already");
    let pay = json!({ "ids": sold.orders, "paymentStatus": "Paid" });
    let gone = partner.patch("/rest/orders", &pay).await;
    gone.refused(410, "GONE");
    assert_eq!(
        partner.standing(&sold.id).await,
        ["Processing Unpaid"],
        "nothing happened"
    );
    let told = migration(&partner).await;
    assert_eq!(
        (&told["open"], &told["closesAt"]),
        (&json!(false), &json!("2027-02-01T08:00:00.000Z"))
    );
    assert_eq!(status(&other).await, 200);

    shop.travel(at(SUNSET) + TimeDelta::days(100));
    assert_eq!(status(&partner).await, 410);
    shop.open_legacy("website").await;
    shop.clock.advance(TimeDelta::days(30) - TimeDelta::milliseconds(1));
    assert_eq!(migration(&partner).await["open"], true);
    assert_eq!(status(&partner).await, 200);
    shop.close_legacy("website").await;
    shop.open_legacy("website").await;
    shop.clock.advance(TimeDelta::days(30));
    assert_eq!(status(&partner).await, 410);
}

#[tokio::test]
async fn closing_during_traffic_completes_or_refuses_every_call() {
    let shop = Shop::open().await;
    let partner = shop.website();
    assert_eq!(status(&partner).await, 200);
    let callers: Vec<_> = (0..8)
        .map(|_| {
            let partner = partner.clone();
            tokio::spawn(async move {
                let mut seen = Vec::new();
                while seen.last() != Some(&410) && seen.len() < 10_000 {
                    seen.push(status(&partner).await);
                }
                seen
            })
        })
        .collect();
    assert!(shop.close_legacy("website").await);
    let mut answered = 1;
    for caller in callers {
        let seen = caller.await.unwrap();
        let (last, before) = seen.split_last().unwrap();
        assert!(*last == 410 && before.iter().all(|status| *status == 200), "{seen:?}");
        answered += before.len();
    }
    shop.flush().await;
    assert_eq!(
        called(&migration(&partner).await),
        [format!("GET /rest/orders: {answered}")]
    );
}
