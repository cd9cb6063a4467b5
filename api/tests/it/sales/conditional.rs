//! How the schedule may be cached: its tag changes with sales, rates, languages and time.

use reqwest::Method;
use reqwest::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};

use crate::harness::DAY;
use crate::harness::caller::Caller;
use crate::sales::support::Shop;

fn path(more: &str) -> String {
    format!("/v2/offers/schedule?departureCitySlug=kyiv&arrivalCitySlug=lviv&date={DAY}{more}")
}

/// Status, tag and cache policy of the schedule for a client that sends this tag.
async fn schedule(caller: &Caller, more: &str, known: &str) -> (u16, String, String) {
    let request = caller.request(Method::GET, &path(more));
    let answer = request.header(IF_NONE_MATCH, known).send().await.unwrap();
    let text = |name| {
        let value = answer.headers().get(name);
        value
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default()
    };
    assert!(
        answer
            .headers()
            .get_all(VARY)
            .iter()
            .any(|value| value == "x-api-key, cookie")
    );
    (answer.status().as_u16(), text(ETAG), text(CACHE_CONTROL))
}

#[tokio::test]
async fn a_schedule_is_asked_for_each_time_and_sent_when_it_has_changed() {
    let shop = Shop::open().await;
    let visitor = shop.visitor();
    let (status, first, policy) = schedule(&visitor, "", "\"\"").await;
    assert_eq!((status, policy.as_str()), (200, "public, no-cache"));
    assert_eq!(schedule(&visitor, "", &first).await.0, 304);
    // A sale.
    shop.website().sell(50, "kyiv", "lviv", 1).await;
    let (status, sold, _) = schedule(&visitor, "", &first).await;
    assert_eq!(status, 200, "a seat is gone");
    assert_ne!(sold, first);
    assert_eq!(schedule(&visitor, "", &sold).await.0, 304);
    // Time alone: the unpaid ticket has expired, so its seat is free again.
    shop.wait(21);
    let (status, freed, _) = schedule(&visitor, "", &sold).await;
    assert_eq!((status, freed), (200, first.clone()), "the seat is back");
    // Another search.
    for more in ["&currency=EUR", "&passengers=2", "&take=1"] {
        assert_eq!(schedule(&visitor, more, &first).await.0, 200, "{more}");
    }
    // A rate.
    shop.sql(
        "insert into exchange_rates (base, quote, rate, updated_at) values ('EUR', 'UAH', 50, now());
         update publication set version = version + 1",
    )
    .await;
    let euros = schedule(&visitor, "&currency=EUR", "\"\"").await.1;
    shop.sql("update exchange_rates set rate = rate * 2; update publication set version = version + 1")
        .await;
    assert_eq!(
        schedule(&visitor, "&currency=EUR", &euros).await.0,
        200,
        "prices changed"
    );
    // Departures leave.
    shop.travel(crate::sales::support::kyiv(DAY, "23:59"));
    assert_eq!(schedule(&visitor, "", &first).await.0, 200, "the buses have left");
}

#[tokio::test]
async fn a_schedule_with_tokens_is_never_cached() {
    let shop = Shop::open().await;
    let (status, tag, policy) = schedule(&shop.website(), "", "*").await;
    assert_eq!((status, tag.as_str(), policy.as_str()), (200, "", "private, no-store"));
}
