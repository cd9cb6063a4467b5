//! Canceling by the company, and what is refunded.

use serde_json::{Value, json};
use testing::world::operator;

use crate::backoffice::counter::{Counter, buy, history, standing};
use crate::harness::browser::Browser;

async fn preview(clerk: &Browser, order: &str) -> Value {
    let seen = clerk.get(&format!("/v2/orders/{order}/cancellation")).await;
    seen.status(200);
    seen.body["data"]["refund"].clone()
}

/// Sets the terms of the company: three quarters are refunded until a day before boarding, nothing later; partners may
/// not cancel.
async fn set_terms(counter: &Counter) {
    let tiers = ["24h:75%"].map(|tier| tier.parse().unwrap());
    let (now, by) = (counter.office.clock.now(), operator());
    app::refund_rule::set(counter.office.pool(), now, &by, counter.company, &tiers)
        .await
        .unwrap();
    sqlx::query("update companies set cancellation_cutoff_hours = 1000 where id = $1")
        .bind(counter.company.0)
        .execute(counter.office.pool())
        .await
        .unwrap();
}

#[tokio::test]
async fn the_refund_equals_the_displayed_amount() {
    let counter = Counter::open().await;
    set_terms(&counter).await;
    let partner = counter.website().await;
    // Minutes since the sale, days left before boarding: the bus of DAY leaves a week after the opening.
    for (wait, amount, basis, hours) in [
        (0, json!(300), "Grace", Value::Null),
        (30, json!(225), "Rule", json!(24)),
        (7 * 24 * 60 - 120, json!(0), "NoRule", Value::Null),
    ] {
        let sold = buy(&partner, 50).await;
        let order = &sold.orders[0];
        partner.pay(&sold.id).await.status(200);
        counter.wait(wait);
        let clerk = counter.clerk().await;
        let shown = preview(&clerk, order).await;
        assert_eq!(
            (&shown["amount"], &shown["basis"], &shown["hours"]),
            (&amount, &basis.into(), &hours)
        );
        assert_eq!(
            (&shown["currency"], shown["ruleId"].is_null()),
            (&"UAH".into(), basis != "Rule")
        );
        assert_eq!(
            standing(&clerk.order(order).await),
            "Confirmed Paid",
            "nothing has changed"
        );
        if wait > 20 {
            assert_eq!(
                partner.cancel(&sold.id).await.code(),
                "CANCELLATION_CLOSED",
                "not for the partner"
            );
        }
        let path = format!("/v2/orders/{order}/cancel");
        let seen = clerk.post(&path, &json!({ "reason": "The bus is in repair" })).await;
        seen.status(200);
        let told = &seen.body["data"]["order"];
        assert_eq!(
            (standing(told).as_str(), &told["refundAmount"]),
            ("Refund Paid", &amount)
        );
        let line = told["history"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&line["action"], &line["reason"]),
            (&"canceled".into(), &"The bus is in repair".into())
        );
        assert!(line["actor"].as_str().unwrap().starts_with("usr_"));
        assert_eq!(counter.messages(order).await[4..], ["canceled Email", "canceled Viber"]);
        assert_eq!(partner.standing(&sold.id).await, ["Refund Paid"]);
        for seen in [
            clerk.press(&path).await,
            clerk.get(&format!("/v2/orders/{order}/cancellation")).await,
        ] {
            seen.refused(409, "ORDER_CONFLICT");
        }
        counter.audit().await;
    }
}

#[tokio::test]
async fn an_unpaid_order_is_canceled_alone_and_without_a_refund() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = partner.sell(2, "kyiv", "lviv", 2).await;
    partner.book(&sold.id).await.status(200);
    assert_eq!(preview(&clerk, &sold.orders[0]).await, Value::Null);
    assert_eq!(partner.left(2, "kyiv", "lviv").await, 0);
    let seen = clerk.press(&format!("/v2/orders/{}/cancel", sold.orders[0])).await;
    seen.status(200);
    assert_eq!(
        partner.standing(&sold.id).await,
        ["Canceled Booked", "Confirmed Booked"]
    );
    assert_eq!(partner.left(2, "kyiv", "lviv").await, 1, "the seat is on sale at once");
    assert_eq!(history(&clerk.order(&sold.orders[1]).await).len(), 2);
    counter.audit().await;
}

#[tokio::test]
async fn only_the_companys_own_orders_can_be_canceled() {
    let counter = Counter::open().await;
    let partner = counter.website().await;
    let sold = buy(&partner, 50).await;
    let stranger = counter.office.at_karpaty(domain::role::Role::Admin).await;
    for id in [sold.orders[0].as_str(), "ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"] {
        let path = format!("/v2/orders/{id}");
        for seen in [
            stranger.press(&format!("{path}/cancel")).await,
            stranger.get(&format!("{path}/cancellation")).await,
        ] {
            seen.refused(404, "ORDER_NOT_FOUND");
        }
    }
    assert_eq!(partner.standing(&sold.id).await, ["Processing Unpaid"]);
}
