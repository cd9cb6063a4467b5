use serde_json::{Value, json};

use crate::harness::DAY;
use crate::harness::partner::{Partner, order};
use crate::sales::idempotency::action;
use crate::sales::support::Shop;

async fn usage(shop: &Shop, partner: &Partner, query: &str) -> Value {
    shop.platform.usage.flush(shop.pool()).await.unwrap();
    let seen = partner.get(&format!("/v2/partner/usage{query}")).await;
    seen.status(200);
    seen.body["data"].clone()
}

#[tokio::test]
async fn looks_and_books_are_counted_by_day() {
    let shop = Shop::open().await;
    let (website, reseller, visitor) = (shop.website(), shop.reseller(), shop.visitor());
    let offers = website.offers("kyiv", "lviv", DAY, "").await.len();
    let sold = website.sell(50, "kyiv", "lviv", 2).await;
    website.book(&sold.id).await.status(200);
    website.pay_orders(&sold.id, &[&sold.orders[0]]).await.status(200);
    website.cancel(&sold.id).await.status(200);
    // Refused requests, and those without a partner, count neither as looks nor as bookings.
    website.cancel(&sold.id).await.status(409);
    website.create("nonsense", 1).await.status(400);
    website.get("/v2/offers?passengers=x").await.status(400);
    let schedule = format!("/v2/offers/schedule?departureCitySlug=kyiv&arrivalCitySlug=lviv&date={DAY}&take=1");
    visitor.get(&schedule).await.status(200);
    website.get(&schedule).await.status(200);

    let seen = usage(&shop, &website, "?from=2027-02-01").await;
    let day = &seen["days"][0];
    assert_eq!(seen["total"], 1);
    assert_eq!(
        (&day["day"], &day["looks"], &day["bookings"]),
        (&json!("2027-02-01"), &json!(3), &json!(1))
    );
    assert!(day["offers"].as_u64().unwrap() > offers as u64, "{day}");
    assert_eq!(day["lookToBook"], 3);
    assert_eq!(
        (&day["ticketsBooked"], &day["ticketsPaid"], &day["ticketsCanceled"]),
        (&json!(2), &json!(1), &json!(2))
    );
    let requests = json!({ "catalogue": 0, "search": 4, "read": 0, "write": 6, "limited": 0 });
    assert_eq!(day["requests"], requests);

    // The next day, in UTC, is another row; the sum is of both.
    shop.wait(24 * 60);
    website.offers("kyiv", "lviv", DAY, "").await;
    let seen = usage(&shop, &website, "").await;
    let days = seen["days"].as_array().unwrap();
    assert_eq!((days.len(), seen["total"].as_u64()), (90, Some(90)));
    assert_eq!(
        (&days[89]["day"], &days[89]["looks"]),
        (&json!("2027-02-02"), &json!(1))
    );
    assert_eq!((&days[89]["lookToBook"], &days[87]["looks"]), (&Value::Null, &json!(0)));
    assert_eq!(
        (&seen["sum"]["looks"], &seen["sum"]["lookToBook"]),
        (&json!(4), &json!(4))
    );
    assert_eq!(
        (&seen["from"], &seen["to"]),
        (&json!("2026-11-05"), &json!("2027-02-02"))
    );

    // Another partner sees none of it.
    let other = usage(&shop, &reseller, "").await;
    assert_eq!(
        (&other["sum"]["looks"], &other["sum"]["bookings"]),
        (&json!(0), &json!(0))
    );
}

#[tokio::test]
async fn undone_requests_do_not_count() {
    let shop = Shop::open().await;
    let website = shop.website();
    let sold = website.sell(50, "kyiv", "lviv", 1).await;
    let body = order(&website.token(50, "kyiv", "lviv", 1).await, 1).to_string();
    let requests = [
        ("/v2/bookings".to_owned(), &*body),
        (action(&sold.id, "pay"), ""),
        (action(&sold.id, "cancel"), ""),
    ];
    let counts = async || {
        let seen = usage(&shop, &website, "?from=2027-02-01").await;
        let day = &seen["days"][0];
        ["bookings", "ticketsPaid", "ticketsCanceled"].map(|name| day[name].as_u64().unwrap())
    };
    // The use case succeeds, the commit with its response does not.
    shop.sql(
        "create function refuse() returns trigger language plpgsql as $$ begin raise 'broken'; end $$;
         create constraint trigger broken after insert on idempotency_keys deferrable initially deferred
             for each row execute function refuse()",
    )
    .await;
    for (path, body) in &requests {
        assert_eq!(website.once("k", path, body).await.status, 500, "{path}");
    }
    assert_eq!(counts().await, [1, 0, 0]);
    shop.sql("drop trigger broken on idempotency_keys").await;
    for (number, (path, body)) in requests.iter().enumerate() {
        let told = website.once(&format!("k{number}"), path, body).await;
        assert!(told.status < 300, "{told:?}");
    }
    assert_eq!(counts().await, [2, 1, 1]);
}

#[tokio::test]
async fn usage_is_for_partners_and_of_the_last_90_days() {
    let shop = Shop::open().await;
    let website = shop.website();
    shop.visitor().get("/v2/partner/usage").await.status(401);
    for (query, fields) in [
        ("?from=yesterday", vec!["from date"]),
        ("?from=2027-2-1&to=", vec!["from date", "to date"]),
        ("?from=2026-11-03", vec!["from min"]),
        ("?to=2027-02-02", vec!["to max"]),
        ("?from=2027-02-01&to=2027-01-31", vec!["to min"]),
        ("?from=0001-01-01&to=9999-12-31", vec!["from min", "to max"]),
    ] {
        let seen = website.get(&format!("/v2/partner/usage{query}")).await;
        assert_eq!(seen.fields(), fields, "{query}");
    }
}
