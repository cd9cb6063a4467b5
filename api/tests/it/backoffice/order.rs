//! Decisions of a company on its orders.

use serde_json::{Value, json};

use crate::backoffice::counter::{Counter, buy, history, standing};
use crate::harness::manager::Manager;

/// Brings an order into a state by actions of partner and company.
async fn prepare(counter: &Counter, steps: &str) -> (Manager, String) {
    let clerk = counter.clerk().await;
    let partner = counter.website().await;
    let sold = buy(&partner, 50).await;
    for step in steps.split(' ').filter(|step| !step.is_empty()) {
        let seen = match step {
            "expired" => {
                counter.wait(20);
                continue;
            }
            "swept" => {
                assert!(counter.sweep().await > 0);
                continue;
            }
            "pay" | "book" | "cancel" => partner.act(step, &sold.id).await,
            "prepaid" => clerk.prepaid(&sold.orders[0], 100).await,
            decision => clerk.decide(&sold.orders[0], decision).await,
        };
        assert_eq!(seen.status, 200, "{steps}: {step}: {}", seen.body);
    }
    // A new session: the access token of the first one expires before a ticket does.
    (counter.clerk().await, sold.orders[0].clone())
}

#[tokio::test]
async fn every_state_allows_what_the_table_says_and_conflicts_change_nothing() {
    let counter = Counter::open().await;
    let table = [
        (
            "",
            [
                Some("Confirmed Unpaid"),
                Some("NotConfirmed Unpaid"),
                Some("Confirmed Prepaid"),
            ],
        ),
        (
            "confirm",
            [None, Some("NotConfirmed Unpaid"), Some("Confirmed Prepaid")],
        ),
        ("book", [None, Some("NotConfirmed Booked"), Some("Confirmed Prepaid")]),
        ("prepaid", [None, Some("NotConfirmed Prepaid"), None]),
        ("pay", [None, None, None]),
        ("reject", [None, None, None]),
        ("cancel", [None, None, None]),
        ("pay cancel", [None, None, None]),
        ("expired", [None, None, None]),
        ("expired swept", [None, None, None]),
        ("expired swept pay", [None, None, None]),
    ];
    for (steps, expected) in table {
        for (decision, expected) in ["confirm", "reject", "prepaid"].into_iter().zip(expected) {
            let (clerk, order) = prepare(&counter, steps).await;
            let before = clerk.order(&order).await;
            let seen = match decision {
                "prepaid" => clerk.prepaid(&order, 100).await,
                _ => clerk.decide(&order, decision).await,
            };
            let after = clerk.order(&order).await;
            match expected {
                Some(expected) => {
                    assert_eq!(seen.status, 200, "{steps}, then {decision}: {}", seen.body);
                    assert_eq!(standing(&after), expected, "{steps}, then {decision}");
                    assert_eq!(seen.body["data"]["order"], after);
                    assert_eq!(history(&after).len(), history(&before).len() + 1);
                }
                None => {
                    assert_eq!(
                        (seen.status, seen.code()),
                        (409, "ORDER_CONFLICT"),
                        "{steps}, then {decision}"
                    );
                    assert_eq!(seen.body["errors"][0]["details"], json!({ "orderIds": [order] }));
                    assert_eq!(after, before, "{steps}, then {decision}");
                }
            }
        }
    }
    counter.audit().await;
}

#[tokio::test]
async fn a_confirmed_order_needs_no_decision_and_its_passenger_hears_of_it_once() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    let order = &sold.orders[0];
    let path = format!("{}/v2/orders/{order}/confirm", clerk.base);
    let request = clerk.http.post(path).header("x-request-id", "desk-7");
    let seen = clerk.send(request).await;
    let line = &seen.body["data"]["order"]["history"][1];
    assert_eq!(line["action"], "confirmed");
    assert_eq!((&line["requestId"], &line["reason"]), (&"desk-7".into(), &Value::Null));
    assert!(line["actor"].as_str().unwrap().starts_with("usr_"));
    assert_eq!(line["by"], json!({ "kind": "Person", "name": "Олена Коваль" }));
    let created = &seen.body["data"]["order"]["history"][0];
    assert_eq!(created["by"]["kind"], "Partner");
    assert!(created["by"]["name"].is_string(), "{created}");
    assert_eq!(line["at"], "2027-02-01T08:00:00.000Z");
    clerk.confirm(order).await.status(409);
    let messages = ["created Email", "created Viber", "confirmed Email", "confirmed Viber"];
    assert_eq!(counter.messages(order).await, messages);

    counter.wait(60);
    assert_eq!(counter.sweep().await, 0);
    let booking = partner.booking(&sold.id).await;
    assert_eq!(booking["paymentRequiredBy"], Value::Null);
    assert_eq!(partner.standing(&sold.id).await, ["Confirmed Unpaid"]);
    assert_eq!(partner.pay(&sold.id).await.status, 200, "it can still be paid");
    partner.cancel(&sold.id).await.status(200);
}

#[tokio::test]
async fn the_seat_of_a_rejected_order_is_sold_again_at_once() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let (first, second) = (buy(&partner, 2).await, buy(&partner, 2).await);
    partner.book(&first.id).await.status(200);
    assert_eq!(partner.left(2, "kyiv", "lviv").await, 0);
    let path = format!("/v2/orders/{}/reject", first.orders[0]);
    let seen = clerk.post(&path, &json!({ "reason": "The bus is in repair" })).await;
    let lines = &seen.body["data"]["order"]["history"];
    assert_eq!(
        (seen.status, &lines[2]["reason"]),
        (200, &"The bus is in repair".into())
    );
    assert_eq!(lines[1]["reason"], Value::Null);
    assert_eq!(
        counter.messages(&first.orders[0]).await[4..],
        ["rejected Email", "rejected Viber"]
    );
    assert_eq!(partner.standing(&first.id).await, ["NotConfirmed Booked"]);

    assert_eq!(partner.left(2, "kyiv", "lviv").await, 1);
    let third = buy(&partner, 2).await;
    assert_eq!(third.seats, first.seats);
    counter.audit().await;
    let seen = partner.pay(&first.id).await;
    assert_eq!(
        (seen.status, seen.code()),
        (409, "SEATS_UNAVAILABLE"),
        "nobody gets it twice"
    );
    clerk.reject(&second.orders[0]).await.status(200);
    assert_eq!(
        partner.pay(&first.id).await.status,
        200,
        "the partner takes another seat"
    );
    assert_eq!(standing(&clerk.order(&first.orders[0]).await), "Confirmed Paid");
    counter.audit().await;
}

#[tokio::test]
async fn a_prepayment_is_what_was_recorded_or_what_the_carrier_says() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let order = buy(&partner, 50).await.orders[0].clone();
    let path = format!("/v2/orders/{order}/prepaid");
    for (body, wrong) in [
        (json!({}), "amount required"),
        (json!({ "amount": null }), "amount required"),
        (json!({ "amount": 0 }), "amount min"),
        (json!({ "amount": -1 }), "amount min"),
        (json!({ "amount": 300.01 }), "amount max"),
        (json!({ "amount": 0.001 }), "amount multipleOf"),
        (json!({ "amount": "100" }), "amount type"),
        (json!({ "amount": 100, "currency": "EUR" }), "currency unknown"),
    ] {
        let seen = clerk.post(&path, &body).await;
        assert_eq!(seen.fields(), [wrong], "{body}");
    }
    assert_eq!(history(&clerk.order(&order).await), ["created Processing Unpaid"]);
    let seen = clerk.post(&path, &json!({ "amount": 300 })).await;
    assert_eq!(
        (seen.status, &seen.body["data"]["order"]["prepaid"]),
        (200, &300.into())
    );
    assert_eq!(counter.messages(&order).await[2..], ["prepaid Email", "prepaid Viber"]);

    let token = partner.token(50, "kyiv", "lviv", 1).await;
    let mut new = crate::harness::partner::order(&token, 1);
    new["passengers"][0]["prepaid"] = json!(120.5);
    let sold = crate::harness::partner::Sold::of(&partner.post("/v2/bookings", &new).await);
    let seen = clerk.decide(&sold.orders[0], "prepaid").await;
    assert_eq!(
        (seen.status, &seen.body["data"]["order"]["prepaid"]),
        (200, &json!(120.5))
    );
    assert_eq!(partner.standing(&sold.id).await, ["Confirmed Prepaid"]);
}

#[tokio::test]
async fn an_unknown_order_and_that_of_another_company_get_the_same_response() {
    let counter = Counter::open().await;
    let partner = counter.website().await;
    let order = buy(&partner, 50).await.orders[0].clone();
    let stranger = counter.office.at_karpaty(domain::role::Role::Admin).await;
    for (method, action) in [
        ("get", ""),
        ("post", "/confirm"),
        ("post", "/reject"),
        ("post", "/prepaid"),
    ] {
        let mut bodies = Vec::new();
        for id in [order.as_str(), "ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a", "bkg_1", "%00"] {
            let path = format!("/v2/orders/{id}{action}");
            let seen = match method {
                "get" => stranger.get(&path).await,
                _ => stranger.press(&path).await,
            };
            assert_eq!((seen.status, seen.code()), (404, "ORDER_NOT_FOUND"), "{path}");
            bodies.push(seen.body);
        }
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]));
    }
    let seen = stranger.get("/v2/orders").await;
    assert_eq!(seen.body["data"], json!({ "orders": [], "total": 0 }));
    assert_eq!(partner.left(50, "kyiv", "lviv").await, 49);
}

#[tokio::test]
async fn history_is_in_the_order_of_writing_even_if_clocks_differ() {
    let counter = Counter::open().await;
    let (clerk, order) = prepare(&counter, "").await;
    // The first line is of a release that gave no numbers; the second is of a process whose clock was years ahead.
    sqlx::raw_sql(
        "update ticket_history set number = null;
         insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
         select 'ffffffff-ffff-7fff-bfff-ffffffffffff', id, created_at + interval '3 years', 'booked', 'Confirmed',
                'Booked', 'system' from tickets",
    )
    .execute(counter.office.pool())
    .await
    .unwrap();
    clerk.confirm(&order).await.status(200);
    let told = clerk.order(&order).await;
    assert_eq!(told["history"][1]["by"], json!({ "kind": "System", "name": null }));
    assert_eq!(
        history(&told),
        [
            "created Processing Unpaid",
            "booked Confirmed Booked",
            "confirmed Confirmed Unpaid"
        ]
    );
}
