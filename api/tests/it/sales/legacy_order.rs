//! Buying in the old API.

use app::permission;
use domain::company::PartnerAccess;
use serde_json::{Value, json};
use testing::world::operator;

use crate::harness::answer::Seen;
use crate::harness::partner::standing;
use crate::sales::legacy::{as_before, assert_old, ids};
use crate::sales::support::Shop;

/// A passenger with the token of an offer.
fn passenger(token: &str, name: &str) -> Value {
    json!({ "offerId": token, "firstName": name, "lastName": "Kovalenko", "phones": [{ "phone": "+380671234567" }] })
}

fn purchase(passengers: &[Value]) -> Value {
    json!({ "currency": "UAH", "passengers": passengers, "note": "by the window" })
}

/// The bookings of the tickets in a bare array.
fn bookings(seen: &Seen) -> Vec<&str> {
    let tickets = seen.body.as_array().unwrap().iter();
    tickets.map(|ticket| ticket["bookingId"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_old_purchase_is_a_booking_of_v2() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 2).await;
    let mut body = purchase(&[passenger(&token, "Olena"), passenger(&token, "Petro")]);
    // Fields that old clients send, in any place and with any value.
    for (name, value) in legacy_fields() {
        body[name] = value.clone();
        body["passengers"][1][name] = value;
    }
    let seen = partner.post("/rest/orders", &body).await;
    seen.status(200);
    assert_old(&seen);
    let booking = partner.booking(bookings(&seen)[0]).await;
    let tickets = booking["tickets"].as_array().unwrap();
    let old: Vec<Value> = tickets.iter().map(as_before).collect();
    assert_eq!(seen.body, json!(old), "a bare array");
    assert_eq!(tickets.len(), 2);
    assert_eq!(tickets[1]["passenger"]["firstName"], "Petro");
    assert_eq!(
        (&tickets[0]["note"], &tickets[0]["price"]["amount"]),
        (&json!("by the window"), &json!(300))
    );
    assert_eq!(standing(&booking), ["Processing Unpaid", "Processing Unpaid"]);
    assert_eq!(partner.left(50, "kyiv", "lviv").await, 48);
    shop.audit().await;
}

fn legacy_fields() -> [(&'static str, Value); 8] {
    [
        ("price", json!(1)),
        ("seats", json!([1, 2])),
        ("paymentRecipient", json!("Carrier")),
        ("invoice", json!({ "number": "A-1", "lines": [[], {}] })),
        ("sessionId", json!(null)),
        ("octobusRaceId", json!("17")),
        ("blaBlaCarRaceId", json!(17.5)),
        ("source", json!("Octobus")),
    ]
}

#[tokio::test]
async fn what_an_old_purchase_gets_wrong_is_named() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    let foreign = shop.reseller().token(50, "kyiv", "lviv", 1).await;
    let post = async |body: Value| partner.post("/rest/orders", &body).await;
    let good = passenger(&token, "Olena");

    let mut body = purchase(std::slice::from_ref(&good));
    body["offerId"] = json!(token);
    body["passengers"][0]["phones"][0]["phone"] = json!("067");
    assert_eq!(
        post(body).await.fields(),
        ["passengers[0].phones[0].phone pattern", "offerId unknown"]
    );
    let crowd = post(purchase(&[good.clone(), good.clone()])).await;
    assert_eq!(crowd.fields(), ["passengers max"], "the offer is for one");
    let strange = post(purchase(&[passenger("x", "A"), good.clone(), passenger(&foreign, "B")])).await;
    assert_eq!(
        strange.fields(),
        ["passengers[0].offerId offer", "passengers[2].offerId offer"]
    );
    let other = partner.token(20, "kyiv", "lviv", 1).await;
    let mut discounted = passenger(&other, "B");
    discounted["discountId"] = json!("dsc_1");
    assert_eq!(
        post(purchase(&[good.clone(), discounted])).await.fields(),
        ["passengers[1].discountId discount"]
    );
    let many: Vec<Value> = (0..11).map(|n| passenger(&format!("token {n}"), "A")).collect();
    assert_eq!(post(purchase(&many)).await.fields(), ["passengers max"]);
    let too_many = vec![good.clone(); 51];
    assert_eq!(post(purchase(&too_many)).await.fields(), ["passengers maxLength"]);
    assert_eq!(
        post(json!({ "passengers": [{}] })).await.fields(),
        [
            "currency required",
            "passengers[0].offerId required",
            "passengers[0].firstName required",
            "passengers[0].lastName required",
            "passengers[0].phones required",
        ]
    );
    shop.wait(21);
    let late = post(purchase(&[good])).await;
    late.refused(400, "OFFER_EXPIRED");
    let held = "select count(*) from seat_holds";
    assert_eq!(shop.count(held).await, 0, "nothing is half-bought");
}

#[tokio::test]
async fn several_offers_make_several_bookings() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let there = partner.token(50, "kyiv", "lviv", 2).await;
    let on = partner.token(4, "lviv", "krakow", 2).await;
    let body = purchase(&[
        passenger(&there, "Olena"),
        passenger(&on, "Olena"),
        passenger(&there, "Petro"),
        passenger(&on, "Petro"),
    ]);
    let seen = partner.post("/rest/orders", &body).await;
    assert_eq!(ids(&seen).len(), 4, "{}", seen.body);
    let of = bookings(&seen);
    assert_eq!((of[0], of[1]), (of[2], of[3]));
    assert_ne!(of[0], of[1]);
    let names: Vec<&Value> = (0..4).map(|at| &seen.body[at]["passenger"]["firstName"]).collect();
    assert_eq!(
        names,
        ["Olena", "Olena", "Petro", "Petro"],
        "in the order of the request"
    );
    let first = partner.booking(of[0]).await;
    let old: Vec<Value> = first["tickets"].as_array().unwrap().iter().map(as_before).collect();
    assert_eq!(json!(old), json!([seen.body[0], seen.body[2]]));
    shop.audit().await;
}

#[tokio::test]
async fn when_one_of_several_offers_is_refused_nothing_stays_bought() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let there = partner.token(50, "kyiv", "lviv", 1).await;
    let on = partner.token(2, "kyiv", "lviv", 2).await;
    partner.sell(2, "kyiv", "lviv", 1).await;
    let body = purchase(&[passenger(&there, "A"), passenger(&on, "B"), passenger(&on, "C")]);
    let noted = shop.platform.cache.lag().noted;
    let seen = partner.post("/rest/orders", &body).await;
    seen.refused(409, "SEATS_UNAVAILABLE");
    assert_eq!(seen.body["errors"][0]["details"]["seatsLeft"], 1);
    assert_eq!(
        shop.platform.cache.lag().noted,
        noted + 1,
        "a booking was made and canceled"
    );
    assert_eq!(partner.left(50, "kyiv", "lviv").await, 50, "the seat is free at once");
    let listed = partner.get("/rest/orders").await.body["data"]["orders"].clone();
    assert_eq!(
        standing(&json!({ "tickets": listed })),
        ["Canceled Unpaid", "Processing Unpaid"]
    );
    shop.audit().await;

    // For a company that does not let the partner cancel, the seat is freed when the ticket expires.
    let (company, website) = (shop.company_id().await, shop.partner_id("website").await);
    let allowed = [PartnerAccess::Search, PartnerAccess::Book];
    permission::set(shop.pool(), shop.clock.now(), &operator(), company, website, &allowed)
        .await
        .unwrap();
    let seen = partner.post("/rest/orders", &body).await;
    seen.refused(409, "SEATS_UNAVAILABLE");
    assert_eq!(partner.left(50, "kyiv", "lviv").await, 49);
    shop.wait(20);
    assert_eq!(partner.left(50, "kyiv", "lviv").await, 50);
}
