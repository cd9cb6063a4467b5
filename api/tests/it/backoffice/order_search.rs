//! Finding orders by what is known about them.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::backoffice::counter::Counter;
use crate::harness::DAY;
use crate::harness::browser::Browser;
use crate::harness::partner::{Partner, Sold, order};

async fn sell(partner: &Partner, first: &str, last: &str, phone: &str, email: Value) -> Sold {
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    let mut new = order(&token, 1);
    new["passengers"][0] = json!({
        "firstName": first, "lastName": last, "phones": [{ "phone": phone, "messengers": ["Viber"] }], "email": email,
    });
    Sold::of(&partner.post("/v2/bookings", &new).await)
}

/// Asserts what a search finds, newest first.
async fn finds(clerk: &Browser, search: &str, more: &str, expected: &[&Sold]) {
    let typed = utf8_percent_encode(search, NON_ALPHANUMERIC);
    let seen = clerk.get(&format!("/v2/orders?search={typed}&{more}")).await;
    assert_eq!(seen.status, 200, "{search}: {}", seen.body);
    let data = &seen.body["data"];
    let orders = data["orders"].as_array().unwrap().iter();
    let found: Vec<&str> = orders.map(|order| order["id"].as_str().unwrap()).collect();
    let wanted: Vec<&str> = expected.iter().rev().map(|sold| sold.orders[0].as_str()).collect();
    assert_eq!(found, wanted, "{search}");
    assert_eq!(data["total"], wanted.len(), "{search}");
}

#[tokio::test]
async fn an_order_is_found_by_each_of_its_details() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let email = json!("O.Kovalenko@example.com");
    let olena = sell(&partner, "Олена", "Коваленко", "+380671234567", email).await;
    let olha = sell(&partner, "Ольга", "Мар’яненко-Коваль", "+380501112233", Value::Null).await;
    let zdenek = sell(&partner, "Zdeněk", "Żółć", "+48501234567", Value::Null).await;
    for (search, expected) in [
        ("Коваленко", &[&olena][..]),
        ("коваль", &[&olha]),
        ("ковал", &[&olena, &olha]),
        ("  олена   КОВАЛ ", &[&olena]),
        ("Коваленко, Олена", &[&olena]),
        ("Олена Мар'яненко", &[]),
        ("мар'яненко", &[&olha]),
        ("Мар’яненко-Коваль", &[&olha]),
        ("zdenek", &[&zdenek]),
        ("ZOLC", &[&zdenek]),
        ("żołć", &[&zdenek]),
        ("+380671234567", &[&olena]),
        ("067 123-45-67", &[&olena]),
        ("+48 501", &[&zdenek]),
        ("4567", &[&olena, &zdenek]),
        ("o.kovalenko@", &[&olena]),
        ("valenko", &[]),
        ("%", &[]),
        ("%%", &[]),
        ("_лена", &[]),
        ("--", &[]),
        ("ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a", &[]),
    ] {
        if search.trim().chars().count() >= 2 {
            finds(&clerk, search, "", expected).await;
        }
    }
    finds(&clerk, &olena.orders[0], "", &[&olena]).await;
    finds(&clerk, &olha.id, "", &[&olha]).await;
    for reference in [&olha.body["reference"], &olha.body["tickets"][0]["reference"]] {
        let reference = reference.as_str().unwrap();
        let spoken = format!(" {}-{} ", &reference[..3], &reference[3..]);
        for typed in [reference.to_owned(), reference.to_lowercase(), spoken] {
            finds(&clerk, &typed, "", &[&olha]).await;
        }
        finds(&clerk, reference, &format!("bookingId={}", olena.id), &[]).await;
        let wrong: String = reference.chars().rev().collect();
        finds(&clerk, &wrong, "", &[]).await;
    }

    clerk.confirm(&olena.orders[0]).await.status(200);
    finds(&clerk, "ковал", "status=Confirmed", &[&olena]).await;
    finds(&clerk, "ковал", "paymentStatus=Paid", &[]).await;
    finds(
        &clerk,
        "ковал",
        &format!("departureDate={DAY}&take=5"),
        &[&olena, &olha],
    )
    .await;
    finds(&clerk, "ковал", "departureDate=2027-02-09", &[]).await;
    finds(&clerk, "ковал", &format!("bookingId={}", olha.id), &[&olha]).await;
    finds(&clerk, &olha.orders[0], &format!("bookingId={}", olena.id), &[]).await;
    let seen = clerk.get(&format!("/v2/orders?bookingId={}", olena.id)).await;
    assert_eq!(seen.body["data"]["total"], 1);
    for unknown in ["bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a", "x"] {
        let seen = clerk.get(&format!("/v2/orders?bookingId={unknown}")).await;
        assert_eq!(seen.body["data"], json!({ "orders": [], "total": 0 }));
    }
    assert_eq!(
        clerk.get("/v2/orders?search=x&bookingId=").await.fields(),
        ["bookingId minLength", "search minLength"]
    );

    // Users of another company find none of them.
    let stranger = counter.office.at_karpaty(domain::role::Role::Admin).await;
    for search in ["Коваленко", "4567", &olena.orders[0], &olena.id] {
        finds(&stranger, search, "", &[]).await;
    }
}

#[tokio::test]
async fn a_changed_order_is_found_by_its_present_details() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = sell(&partner, "Олена", "Коваленко", "+380671234567", Value::Null).await;
    let path = format!("/v2/orders/{}", sold.orders[0]);
    let passenger = json!({ "firstName": "Taras", "lastName": "Bondar", "phones": [{ "phone": "+380509998877" }] });
    let seen = clerk
        .post(&format!("{path}/move"), &json!({ "passenger": passenger }))
        .await;
    seen.status(200);
    finds(&clerk, "bondar", "", &[&sold]).await;
    finds(&clerk, "0509998877", "", &[&sold]).await;
    finds(&clerk, "Коваленко", "", &[]).await;
    clerk.confirm(&sold.orders[0]).await.status(200);
    let seen = clerk
        .post(&format!("{path}/resend"), &json!({ "phone": "+48600700800" }))
        .await;
    seen.status(200);
    finds(&clerk, "600700800", "", &[&sold]).await;
    finds(&clerk, "0509998877", "", &[]).await;
}
