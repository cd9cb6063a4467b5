//! What an old client reads: search, orders, headers, refusals.

use app::ticket::ticket_move::{Identity, TicketMove};
use serde_json::{Value, json};

use crate::harness::answer::Seen;
use crate::harness::partner::{Partner, order};
use crate::sales::support::Shop;
use crate::sales::ticket_move::tickets;

const SEARCH: &str = "departureCity=kyiv&arrivalCity=lviv&departureDate=2027-02-08&language=EN";

/// Offers without what differs between searches.
fn bare(offers: &Value) -> Vec<Value> {
    let mut offers = offers.as_array().unwrap().clone();
    for offer in &mut offers {
        offer.as_object_mut().unwrap().retain(|name, _| name != "id");
    }
    offers
}

/// A ticket of `/v2` as the old API returns it: without the fields that were added later.
pub fn as_before(ticket: &Value) -> Value {
    let mut ticket = ticket.clone();
    assert!(ticket.as_object_mut().unwrap().remove("reference").is_some());
    ticket
}

/// Asserts that a response has the headers of the old API.
pub fn assert_old(seen: &Seen) {
    assert_eq!(seen.header("deprecation"), "@1796083200");
    assert_eq!(seen.header("sunset"), "Mon, 01 Mar 2027 00:00:00 GMT");
    assert_eq!(
        seen.header("link"),
        "<http://127.0.0.1:8080/guides/rest-to-v2-migration>; rel=\"deprecation\""
    );
}

/// The tickets of a bare array, by their ids.
pub fn ids(seen: &Seen) -> Vec<String> {
    seen.status(200);
    let text = |ticket: &Value| ticket["id"].as_str().unwrap().to_owned();
    seen.body.as_array().unwrap().iter().map(text).collect()
}

#[tokio::test]
async fn an_old_search_finds_what_v2_finds() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let new = partner.get(&format!("/v2/offers?{SEARCH}&passengers=2")).await;
    let old = partner.get(&format!("/rest/offers?{SEARCH}&passengersQty=2")).await;
    assert_eq!((new.status, old.status), (200, 200), "{}", old.body);
    let names: Vec<&String> = old.body["data"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["source", "results"]);
    assert_eq!(old.body["data"]["source"], new.body["data"]["source"]);
    let results = bare(&old.body["data"]["results"]);
    assert!(results.len() > 3);
    assert_eq!(results, bare(&new.body["data"]["offers"]));
    // Tokens are the same: `/v2` sells what the old search found.
    let token = old.body["data"]["results"][0]["id"].as_str().unwrap();
    partner.create(token, 2).await.status(201);

    let wrong = partner.get(&format!("/rest/offers?{SEARCH}&passengers=2")).await;
    assert_eq!(wrong.fields(), ["passengersQty required"]);
    let wrong = partner.get(&format!("/rest/offers?{SEARCH}&passengersQty=11")).await;
    assert_eq!(wrong.fields(), ["passengersQty max"]);
    let nowhere = "/rest/offers?departureCity=atlantis&arrivalCity=lviv&departureDate=2027-02-08&passengersQty=1";
    let wrong = partner.get(nowhere).await;
    wrong.refused(404, "CITY_NOT_FOUND");
}

#[tokio::test]
async fn an_order_reads_as_it_does_in_its_booking() {
    let shop = Shop::open().await;
    shop.refund_rules(&["72h:90%", "24h:33.33%"]).await;
    let (partner, other) = (shop.website(), shop.reseller());
    let sold = partner.sell(50, "kyiv", "lviv", 2).await;
    let booking = partner.booking(&sold.id).await;
    let tiers = partner.get(&format!("/v2/bookings/{}/refund-rules", sold.id)).await;
    for (at, id) in sold.orders.iter().enumerate() {
        let one = partner.get(&format!("/rest/orders/{id}")).await;
        assert_eq!(one.status, 200);
        assert_eq!(one.body["data"]["order"], as_before(&booking["tickets"][at]));
        let rules = partner.get(&format!("/rest/orders/{id}/refund-rules")).await;
        rules.status(200);
        assert_eq!(
            rules.body["data"]["refundRules"],
            json!([tiers.body["data"]["refundRules"][at]])
        );
        assert_eq!(
            rules.body["data"]["refundRules"][0]["rules"].as_array().unwrap().len(),
            2
        );
        for path in [format!("/rest/orders/{id}"), format!("/rest/orders/{id}/refund-rules")] {
            let foreign = other.get(&path).await;
            assert_eq!((foreign.status, foreign.code()), (404, "ORDER_NOT_FOUND"), "{path}");
        }
    }
    let unknown = "ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a";
    for id in [unknown, &sold.id, "nonsense", "%00", "ord_"] {
        for path in [format!("/rest/orders/{id}"), format!("/rest/orders/{id}/refund-rules")] {
            let seen = partner.get(&path).await;
            assert_eq!((seen.status, seen.code()), (404, "ORDER_NOT_FOUND"), "{path}");
        }
    }
    let foreign = other.get(&format!("/rest/orders/{}", sold.orders[0])).await;
    let nobodys = other.get(&format!("/rest/orders/{unknown}")).await;
    assert_eq!(foreign.body, nobodys.body, "no word of whether it exists");
}

/// Ids and total of a page.
async fn page(partner: &Partner, query: &str) -> (Vec<String>, u64) {
    let seen = partner.get(&format!("/rest/orders{query}")).await;
    seen.status(200);
    let orders = seen.body["data"]["orders"].as_array().unwrap();
    let ids = orders.iter().map(|order| order["id"].as_str().unwrap().to_owned());
    (ids.collect(), seen.body["data"]["total"].as_u64().unwrap())
}

#[tokio::test]
async fn old_pages_are_pages_of_tickets() {
    let shop = Shop::open().await;
    let (partner, other) = (shop.website(), shop.reseller());
    assert_eq!(page(&partner, "").await, (vec![], 0));
    let mut monday = partner.sell(50, "kyiv", "lviv", 3).await.orders;
    monday.reverse();
    shop.wait(24 * 60);
    let mut tuesday = partner.sell(50, "kyiv", "rivne", 2).await.orders;
    tuesday.reverse();
    other.sell(50, "kyiv", "lviv", 1).await;
    let all = [tuesday.clone(), monday.clone()].concat();
    assert_eq!(page(&partner, "").await, (all.clone(), 5), "newest first");
    assert_eq!(page(&partner, "?take=2&skip=1").await, (all[1..3].to_vec(), 5));
    assert_eq!(page(&partner, "?take=100&skip=9").await, (vec![], 5));
    assert_eq!(page(&partner, "?createdAt=2027-02-01").await, (monday.clone(), 3));
    assert_eq!(
        page(&partner, "?createdAt=2027-02-02&take=1").await,
        (tuesday[..1].to_vec(), 2)
    );
    assert_eq!(page(&partner, "?createdAt=2027-02-03").await, (vec![], 0));
    assert_eq!(page(&other, "").await.1, 1);
    let listed = partner.get("/rest/orders?take=5").await.body["data"]["orders"][4].clone();
    let read = partner.get(&format!("/rest/orders/{}", monday[2])).await.body["data"]["order"].clone();
    assert_eq!(listed, read);
    let wrong = partner.get("/rest/orders?createdAt=yesterday&take=101&skip=-1").await;
    assert_eq!(wrong.fields(), ["createdAt date", "take max", "skip min"]);
}

#[tokio::test]
async fn every_answer_says_that_the_api_is_deprecated() {
    let shop = Shop::open().await;
    let (partner, visitor) = (shop.website(), shop.visitor());
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let gets = [
        (format!("/rest/offers?{SEARCH}&passengersQty=1"), 200),
        ("/rest/offers".to_owned(), 400),
        ("/rest/orders".to_owned(), 200),
        (format!("/rest/orders/{}", sold.orders[0]), 200),
        (format!("/rest/orders/{}/refund-rules", sold.orders[0]), 200),
        ("/rest/orders/x".to_owned(), 404),
        ("/rest/unknown".to_owned(), 404),
        ("/rest".to_owned(), 404),
    ];
    for (path, status) in gets {
        let seen = partner.get(&path).await;
        assert_eq!(seen.status, status, "{path} {}", seen.body);
        assert_old(&seen);
    }
    let refused = partner.post("/rest/orders", &json!({ "nonsense": 1 })).await;
    refused.status(400);
    assert_old(&refused);
    let no_method = partner.post("/rest/offers", &json!({})).await;
    assert_eq!(
        (no_method.status, no_method.header("allow")),
        (405, "GET, HEAD, OPTIONS")
    );
    assert_old(&no_method);
    let large = partner.post("/rest/orders", &json!("x".repeat(1024 * 1024))).await;
    large.status(413);
    assert_old(&large);
    assert_old(&visitor.get("/rest/orders").await);
    for path in ["/v2/cities", "/restaurant", "/healthz", "/guides/rest-to-v2-migration"] {
        let seen = partner.get(path).await;
        for header in ["deprecation", "sunset", "link"] {
            assert_eq!(seen.header(header), "", "{path}");
        }
    }
}

#[tokio::test]
async fn a_key_that_is_missing_or_unknown_is_403_with_the_body_of_a_401() {
    let shop = Shop::open().await;
    let nobody = shop.visitor();
    let stranger = Partner::new(&nobody, "pxs_local_0123456789".to_owned());
    for client in [&*nobody, &*stranger] {
        let new = client.get("/v2/bookings").await;
        new.status(401);
        let valid = order("token", 1);
        let olds = [
            client.get("/rest/orders").await,
            client.get(&format!("/rest/offers?{SEARCH}&passengersQty=1")).await,
            client.get("/rest/orders/ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a").await,
            client.get("/rest/orders/nonsense").await,
            client.post("/rest/orders", &valid).await,
            client.patch("/rest/orders", &json!({})).await,
        ];
        for old in olds {
            old.refused(403, "UNAUTHORIZED");
            assert_eq!(old.body, new.body);
            assert_eq!(old.header("www-authenticate"), "");
        }
    }
}

#[tokio::test]
async fn what_the_carrier_moved_is_read_where_it_is_now() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 2).await;
    let moving = TicketMove {
        passenger: Some(Identity {
            first_name: "Iryna".to_owned(),
            last_name: "Bondar".to_owned(),
            email: None,
            phones: vec![("+380501112233".to_owned(), Vec::new())],
        }),
        ..tickets(&[&sold.orders[1]])
    };
    shop.move_tickets(shop.company_id().await, &moving).await.unwrap();
    let ticket = partner.get(&format!("/rest/orders/{}", sold.orders[1])).await;
    let order = &ticket.body["data"]["order"];
    assert_ne!(order["bookingId"], sold.id.as_str());
    assert_eq!(order["passenger"]["firstName"], "Iryna");
    let body = json!({ "ids": sold.orders, "paymentStatus": "Paid" });
    let paid = partner.patch("/rest/orders", &body).await;
    assert_eq!(ids(&paid), sold.orders, "{}", paid.body);
    assert_eq!(paid.body[1]["bookingId"], order["bookingId"]);
    assert_eq!(partner.standing(&sold.id).await, ["Confirmed Paid"]);
}
