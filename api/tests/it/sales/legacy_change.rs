//! Paying, booking and canceling in the old API.

use serde_json::{Value, json};

use crate::harness::partner::{Partner, standing};
use crate::sales::legacy::{as_before, assert_old, ids};
use crate::sales::support::Shop;

/// `status payment` of each ticket.
async fn stand(partner: &Partner, orders: &[String]) -> Vec<String> {
    let mut stand = Vec::new();
    for order in orders {
        let seen = partner.get(&format!("/rest/orders/{order}")).await;
        stand.extend(standing(&json!({ "tickets": [seen.body["data"]["order"]] })));
    }
    stand
}

#[tokio::test]
async fn old_changes_are_the_actions_of_v2_over_several_bookings() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let (a, b) = (
        partner.sell(50, "kyiv", "lviv", 2).await,
        partner.sell(4, "kyiv", "krakow", 1).await,
    );
    let mixed = vec![b.orders[0].clone(), a.orders[1].clone()];
    let seen = partner
        .patch("/rest/orders", &json!({ "ids": mixed, "paymentStatus": "Booked" }))
        .await;
    assert_eq!(ids(&seen), mixed, "in the order in which they were named");
    assert_old(&seen);
    assert_eq!(seen.body[0], as_before(&partner.booking(&b.id).await["tickets"][0]));
    assert_eq!(partner.standing(&a.id).await, ["Processing Unpaid", "Confirmed Booked"]);
    let twice = json!({ "ids": [mixed[0], mixed[0]], "paymentStatus": "Paid" });
    let seen = partner.patch("/rest/orders", &twice).await;
    assert_eq!(ids(&seen), mixed[..1]);
    assert_eq!(
        shop.history(&mixed[0]).await,
        [
            "created Processing Unpaid",
            "booked Confirmed Booked",
            "paid Confirmed Paid"
        ]
    );

    // If one of them cannot be paid any more, none is.
    let all = [a.orders.clone(), b.orders.clone()].concat();
    let seen = partner
        .patch("/rest/orders", &json!({ "ids": all, "paymentStatus": "Paid" }))
        .await;
    seen.refused(409, "ORDER_CONFLICT");
    assert_eq!(seen.body["errors"][0]["details"]["orderIds"], json!(b.orders));
    assert_eq!(partner.standing(&a.id).await, ["Processing Unpaid", "Confirmed Booked"]);

    let seen = partner
        .patch("/rest/orders", &json!({ "ids": all, "status": "Canceled" }))
        .await;
    assert_eq!(ids(&seen), all);
    assert_eq!(
        stand(&partner, &all).await,
        ["Canceled Unpaid", "Canceled Booked", "Refund Paid"]
    );
    assert_eq!(seen.body[2]["refundAmount"], seen.body[2]["price"]["amount"]);
    assert_eq!(partner.left(4, "kyiv", "krakow").await, 4);
    shop.audit().await;
}

#[tokio::test]
async fn what_a_partner_cannot_change_is_refused_and_changes_nothing() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let own = partner.sell(50, "kyiv", "lviv", 1).await.orders[0].clone();
    let foreign = shop.reseller().sell(50, "kyiv", "lviv", 1).await.orders[0].clone();
    let patch = async |body: Value| partner.patch("/rest/orders", &body).await;
    for carriers in [
        json!({ "status": "Confirmed" }),
        json!({ "status": "NotConfirmed" }),
        json!({ "paymentStatus": "Prepaid" }),
        json!({ "status": "Confirmed", "paymentStatus": "Paid" }),
    ] {
        let mut body = carriers;
        body["ids"] = json!([own]);
        let seen = patch(body).await;
        seen.refused(403, "FORBIDDEN");
        assert!(
            seen.body["errors"][0]["message"]
                .as_str()
                .unwrap()
                .contains("back office")
        );
        assert_old(&seen);
    }
    for (body, fields) in [
        (json!({ "ids": [own] }), vec!["status required"]),
        (json!({ "ids": [], "status": "Canceled" }), vec!["ids minLength"]),
        (
            json!({ "ids": vec![&own; 101], "status": "Canceled" }),
            vec!["ids maxLength"],
        ),
        (json!({ "status": "Canceled" }), vec!["ids required"]),
        (json!({ "ids": [own], "status": "Refund" }), vec!["status enum"]),
        (json!({ "ids": [own], "status": "gone" }), vec!["status enum"]),
        (
            json!({ "ids": [own], "paymentStatus": "Unpaid" }),
            vec!["paymentStatus enum"],
        ),
        (
            json!({ "ids": [own], "paymentStatus": "Paid", "status": "Canceled" }),
            vec!["paymentStatus exclusive"],
        ),
        (json!({ "ids": [own], "status": "Canceled", "x": 1 }), vec!["x unknown"]),
    ] {
        assert_eq!(patch(body).await.fields(), fields);
    }
    let unknown = "ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a".to_owned();
    for wrong in [&foreign, &unknown, &"nonsense".to_owned()] {
        let seen = patch(json!({ "ids": [own, wrong], "paymentStatus": "Paid" })).await;
        assert_eq!((seen.status, seen.code()), (404, "ORDER_NOT_FOUND"), "{wrong}");
    }
    assert_eq!(stand(&partner, &[own]).await, ["Processing Unpaid"]);
}

#[tokio::test]
async fn changes_at_once_over_overlapping_bookings_are_all_or_nothing() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let mut sold = Vec::new();
    for (seats, to) in [(50, "lviv"), (4, "krakow"), (20, "lviv"), (3, "lviv")] {
        sold.push(partner.sell(seats, "kyiv", to, 1).await.orders.remove(0));
    }
    // Each pair of neighbours in a ring, in both orders: the first request gets both.
    let requests = (0..4).flat_map(|at| {
        let (one, next) = (sold[at].clone(), sold[(at + 1) % 4].clone());
        [[one.clone(), next.clone()], [next, one]]
    });
    let running: Vec<_> = requests
        .map(|pair| {
            let partner = partner.clone();
            tokio::spawn(async move {
                let body = json!({ "ids": pair, "paymentStatus": "Paid" });
                (partner.patch("/rest/orders", &body).await, pair)
            })
        })
        .collect();
    let mut paid = Vec::new();
    for request in running {
        let (seen, pair) = request.await.unwrap();
        match seen.status {
            200 => paid.extend(pair),
            _ => assert_eq!((seen.status, seen.code()), (409, "ORDER_CONFLICT")),
        }
    }
    assert_eq!(paid.len(), 4, "two pairs that have nothing in common: {paid:?}");
    for order in &sold {
        let (expected, lines) = if paid.contains(order) {
            ("Confirmed Paid", 2)
        } else {
            ("Processing Unpaid", 1)
        };
        assert_eq!(stand(&partner, std::slice::from_ref(order)).await, [expected]);
        assert_eq!(shop.history(order).await.len(), lines);
    }
    shop.audit().await;
}
