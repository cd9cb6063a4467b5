use domain::company::PartnerAccess::{Book, Cancel, Search};
use domain::discount::DiscountRule::Percent;
use domain::reference::Reference;
use rust_decimal::dec;
use serde_json::{Value, json};
use testing::world::operator;

use crate::harness::feed::{self, COMPANY};
use crate::harness::partner::{Sold, order};
use crate::sales::support::Shop;

/// The body with the value at a JSON pointer replaced or added.
pub fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let mut body = body.clone();
    let parent = body.pointer_mut(parent).unwrap();
    match name.parse::<usize>() {
        Ok(at) => parent[at] = value,
        Err(_) => parent[name] = value,
    }
    body
}

/// Ids reduced to their prefixes, and references: `bkg_0198...` is `bkg_`, `slc_0198..._20270208_0_3` is `slc_`.
fn without_ids(value: &mut Value) {
    if let Some(reference) = value.get_mut("reference") {
        assert!(reference.as_str().unwrap().parse::<Reference>().is_ok(), "{reference}");
        *reference = json!("a reference");
    }
    match value {
        Value::String(text) => {
            let hex = |part: &str| part.len() == 32 && part.bytes().all(|b| b.is_ascii_hexdigit());
            if let Some(prefix) = text
                .split_once('_')
                .filter(|(_, rest)| rest.split('_').any(hex))
                .map(|(p, _)| p)
            {
                *text = format!("{prefix}_");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_ids),
        Value::Object(fields) => fields.values_mut().for_each(without_ids),
        _ => {}
    }
}

#[tokio::test]
async fn a_booking_is_shown_in_full() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let mut body = order(&partner.token(2, "kyiv", "rivne", 2).await, 2);
    body["note"] = json!("Two suitcases");
    body["passengers"][0]["email"] = json!("olena@example.com");
    body["passengers"][0]["phones"][0]["messengers"] = json!(["Viber", "Telegram"]);
    body["passengers"][1]["firstName"] = json!("Ярослав");
    let mut seen = partner.post("/v2/bookings", &body).await;
    seen.status(201);
    let sold = Sold::of(&seen);
    assert_eq!(
        partner.booking(&sold.id).await,
        sold.body,
        "and it reads the same afterwards"
    );
    for order in &sold.orders {
        assert_eq!(shop.history(order).await, ["created Processing Unpaid"]);
    }
    without_ids(&mut seen.body);
    insta::assert_snapshot!("created", serde_json::to_string_pretty(&seen.body).unwrap());
    shop.audit().await;
}

#[tokio::test]
async fn a_token_is_good_for_its_partner_for_twenty_minutes() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    assert_eq!(shop.reseller().create(&token, 1).await.fields(), ["offerId offer"]);
    let tampered = format!("{}A", &token[..token.len() - 1]);
    if tampered != token {
        assert_eq!(partner.create(&tampered, 1).await.fields(), ["offerId offer"]);
    }
    let nobody = shop.visitor().post("/v2/bookings", &order(&token, 1)).await;
    nobody.refused(401, "UNAUTHORIZED");
    shop.clock.advance(chrono::TimeDelta::milliseconds(20 * 60 * 1000 - 1));
    assert_eq!(partner.create(&token, 1).await.status, 201, "the last moment");
    assert_eq!(partner.create(&token, 1).await.status, 201, "a token can be used again");
    shop.clock.advance(chrono::TimeDelta::milliseconds(1));
    let late = partner.create(&token, 1).await;
    late.refused(400, "OFFER_EXPIRED");
    assert_eq!(late.body["errors"][0]["message"], "Offer expired");
    assert_eq!(
        shop.reseller().create(&token, 1).await.fields(),
        ["offerId offer"],
        "foreign before expired"
    );
}

#[tokio::test]
async fn the_token_freezes_the_price() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    shop.sql("update fares set amount = amount * 2; update publication set version = version + 1")
        .await;
    assert_eq!(
        partner.offer(50, "kyiv", "lviv", 1).await.unwrap()["prices"][0]["amount"],
        600
    );
    let sold = Sold::of(&partner.create(&token, 1).await);
    assert_eq!(sold.body["tickets"][0]["price"]["amount"], 300);
    let mut in_euro = order(&token, 1);
    in_euro["currency"] = json!("EUR");
    let sold = Sold::of(&partner.post("/v2/bookings", &in_euro).await);
    let price = &sold.body["tickets"][0]["price"];
    assert_eq!((&price["amount"], &price["currency"]), (&json!(7.77), &json!("EUR")));
}

#[tokio::test]
async fn prepaid_is_at_most_what_the_passenger_pays() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let half = shop
        .discount(COMPANY, "Half", (Percent, dec!(50), None), [None, None])
        .await;
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    let sell = async |prepaid: Value, discount: Value| {
        let body = with(&order(&token, 1), "/passengers/0/prepaid", prepaid);
        partner
            .post("/v2/bookings", &with(&body, "/passengers/0/discountId", discount))
            .await
    };
    let sold = Sold::of(&sell(json!(300), Value::Null).await);
    let ticket = &sold.body["tickets"][0];
    assert_eq!(
        (&ticket["status"], &ticket["paymentStatus"]),
        (&json!("Processing"), &json!("Unpaid"))
    );
    sell(json!(150), json!(half)).await.status(201);
    assert_eq!(
        sell(json!(150.01), json!(half)).await.fields(),
        ["passengers[0].prepaid max"]
    );
    sell(json!(1e30), Value::Null).await.status(400);
}

#[tokio::test]
async fn a_full_bus_says_how_many_seats_are_left() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let [for_two, for_three] = [
        partner.token(3, "kyiv", "lviv", 2).await,
        partner.token(3, "kyiv", "lviv", 3).await,
    ];
    let first = Sold::of(&partner.create(&for_two, 2).await);
    assert_ne!(first.seats[0], first.seats[1]);
    let seen = partner.create(&for_three, 3).await;
    seen.refused(409, "SEATS_UNAVAILABLE");
    assert_eq!(seen.body["errors"][0]["details"], json!({ "seatsLeft": 1 }));
    assert_eq!(partner.create(&for_two, 1).await.status, 201, "fewer than searched for");
    let seen = partner.create(&for_two, 1).await;
    assert_eq!(seen.body["errors"][0]["details"], json!({ "seatsLeft": 0 }));
    assert_eq!(shop.count("select count(*) from tickets").await, 3);
    shop.audit().await;
}

#[tokio::test]
async fn a_trip_that_is_withdrawn_is_closed() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    let left: Vec<_> = feed::lines().into_iter().filter(|line| line.seats != 50).collect();
    shop.import(&left).await;
    assert!(partner.offer(50, "kyiv", "lviv", 1).await.is_none());
    let seen = partner.create(&token, 1).await;
    seen.refused(409, "DEPARTURE_CLOSED");
    assert_eq!(shop.count("select count(*) from departures").await, 0);
}

#[tokio::test]
async fn a_withdrawn_permission_takes_effect_at_once() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let (company, reseller) = (shop.company_id().await, shop.partner_id("reseller").await);
    let website = shop.partner_id("website").await;
    let allow = async |partner, accesses: &[_]| {
        app::permission::set(shop.pool(), shop.clock.now(), &operator(), company, partner, accesses)
            .await
            .unwrap();
    };
    let offer = partner.offer(50, "kyiv", "lviv", 1).await.unwrap();
    assert_eq!(
        offer["slices"][0]["route"]["permissions"][0]["accesses"],
        json!(["search", "book", "cancel"])
    );
    let token = offer["id"].as_str().unwrap();
    let sold = Sold::of(&partner.create(token, 1).await);

    let lapsed = Sold::of(&partner.create(token, 1).await);
    shop.wait(19);
    let kept = Sold::of(&partner.create(token, 1).await);
    shop.wait(1);

    allow(website, &[Search, Cancel]).await;
    let fresh = partner.token(50, "kyiv", "lviv", 1).await;
    let seen = partner.create(&fresh, 1).await;
    seen.refused(403, "FORBIDDEN");
    let seen = partner.pay(&lapsed.id).await;
    assert_eq!(
        (seen.status, seen.code()),
        (403, "FORBIDDEN"),
        "to revive is to sell again"
    );
    assert_eq!(partner.pay(&kept.id).await.status, 200, "what is held can be paid");
    let offer = partner.offer(50, "kyiv", "lviv", 1).await.unwrap();
    assert_eq!(
        offer["slices"][0]["route"]["permissions"][0]["accesses"],
        json!(["search", "cancel"])
    );
    assert!(
        shop.reseller().offer(50, "kyiv", "lviv", 1).await.is_some(),
        "it is about one partner"
    );

    allow(website, &[Search, Book]).await;
    partner.pay(&sold.id).await.status(200);
    let seen = partner.cancel(&sold.id).await;
    seen.refused(403, "FORBIDDEN");

    allow(website, &[]).await;
    assert!(partner.offer(50, "kyiv", "lviv", 1).await.is_none());
    assert_eq!(
        partner.booking(&sold.id).await["tickets"][0]["status"],
        "Confirmed",
        "what was sold stays"
    );
    allow(reseller, &[Book]).await;
    assert!(shop.reseller().offer(50, "kyiv", "lviv", 1).await.is_none());
    allow(website, &[Search, Book, Cancel]).await;
    assert!(partner.offer(50, "kyiv", "lviv", 1).await.is_some());
    partner.cancel(&sold.id).await.status(200);
}
