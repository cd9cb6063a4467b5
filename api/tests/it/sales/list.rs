use serde_json::Value;

use crate::harness::DAY;
use crate::harness::partner::{Partner, Sold, is_of_company};
use crate::sales::support::Shop;

/// Ids and total of a page.
async fn page(partner: &Partner, query: &str) -> (Vec<String>, u64) {
    let seen = partner.get(&format!("/v2/bookings{query}")).await;
    seen.status(200);
    let bookings = seen.body["data"]["bookings"].as_array().unwrap();
    let ids = bookings
        .iter()
        .map(|booking| booking["id"].as_str().unwrap().to_owned())
        .collect();
    (ids, seen.body["data"]["total"].as_u64().unwrap())
}

#[tokio::test]
async fn bookings_come_newest_first_page_by_page() {
    let shop = Shop::open().await;
    let (mine, yours) = (shop.website(), shop.reseller());
    assert_eq!(page(&mine, "").await, (vec![], 0));
    let mut sold = Vec::new();
    for _ in 0..3 {
        sold.insert(0, mine.sell(50, "kyiv", "lviv", 2).await.id);
    }
    let theirs = yours.sell(50, "kyiv", "lviv", 1).await.id;
    assert_eq!(
        page(&mine, "").await,
        (sold.clone(), 3),
        "bookings are counted, not tickets"
    );
    assert_eq!(page(&mine, "?take=2").await, (sold[..2].to_vec(), 3));
    assert_eq!(page(&mine, "?take=2&skip=2").await, (sold[2..].to_vec(), 3));
    assert_eq!(page(&mine, "?skip=9").await, (vec![], 3));
    assert_eq!(page(&mine, "?take=50&skip=").await.1, 3);
    assert_eq!(page(&yours, "").await, (vec![theirs], 1));
    for (query, refusal) in [
        ("?take=51", "take max"),
        ("?take=0", "take min"),
        ("?skip=-1", "skip min"),
        ("?departureDate=8.2.2027", "departureDate date"),
        ("?departureDate=", "departureDate date"),
    ] {
        assert_eq!(mine.get(&format!("/v2/bookings{query}")).await.fields(), [refusal]);
    }
    let listed = mine.get("/v2/bookings?take=1").await.body["data"]["bookings"][0].clone();
    assert_eq!(listed, mine.booking(&sold[0]).await, "in full");
}

#[tokio::test]
async fn a_day_is_the_utc_day_of_boarding() {
    let shop = Shop::open().await;
    let partner = shop.website();
    // 00:30 in Zhytomyr is 22:30 UTC of the day before; the offer is of the service day before that.
    let offers = partner.offers("zhytomyr", "lviv", DAY, "").await;
    let night = offers.iter().find(|offer| is_of_company(offer, 20)).unwrap();
    assert_eq!(night["slices"][0]["departureAt"], "2027-02-08T00:30:00+02:00");
    let night = Sold::of(&partner.create(night["id"].as_str().unwrap(), 1).await).id;
    let noon = partner.sell(50, "kyiv", "lviv", 1).await.id;
    assert_eq!(page(&partner, "?departureDate=2027-02-07").await, (vec![night], 1));
    assert_eq!(page(&partner, "?departureDate=2027-02-08").await, (vec![noon], 1));
    assert_eq!(page(&partner, "?departureDate=2027-02-09").await, (vec![], 0));
    assert_eq!(page(&partner, "").await.1, 2);
}

#[tokio::test]
async fn the_booking_of_another_partner_answers_like_an_unknown_one() {
    let shop = Shop::open().await;
    let (mine, yours) = (shop.website(), shop.reseller());
    let sold = mine.sell(50, "kyiv", "lviv", 1).await;
    let theirs = yours.get(&format!("/v2/bookings/{}", sold.id)).await;
    theirs.refused(404, "BOOKING_NOT_FOUND");
    for unknown in [
        "bkg_00000000000070008000000000000001",
        &sold.orders[0],
        "x",
        "%00",
        "bkg_",
    ] {
        let seen = yours.get(&format!("/v2/bookings/{unknown}")).await;
        assert_eq!((seen.status, &seen.body), (404, &theirs.body), "{unknown}");
    }
    let nobody = shop.visitor().get(&format!("/v2/bookings/{}", sold.id)).await;
    assert_eq!(
        (nobody.status, nobody.code(), &nobody.body["data"]),
        (401, "UNAUTHORIZED", &Value::Null)
    );
}
