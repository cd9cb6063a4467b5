//! What is refunded, and when a ticket can no longer be canceled.

use chrono::TimeDelta;
use serde_json::{Value, json};
use testing::world::operator;

use crate::harness::DAY;
use crate::sales::action::after;
use crate::sales::support::{Shop, kyiv};

impl Shop {
    pub async fn refund_rules(&self, tiers: &[&str]) {
        let tiers: Vec<_> = tiers.iter().map(|tier| tier.parse().unwrap()).collect();
        let company = self.company_id().await;
        let (now, by) = (self.clock.now(), operator());
        app::refund_rule::set(self.pool(), now, &by, company, &tiers)
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_refund_is_whole_in_the_grace_and_follows_the_tiers_after() {
    let shop = Shop::open().await;
    shop.refund_rules(&["72h:90%", "24h:33.33%", "2h:10.00UAH"]).await;
    let partner = shop.website();
    let boarding = kyiv(DAY, "12:00");
    let moment = TimeDelta::milliseconds(1);
    // Minutes before boarding at which it was created and canceled, and the refund of 300.
    let minutes = |n: i64| boarding - TimeDelta::minutes(n);
    for (created, canceled, refund) in [
        (minutes(6000), minutes(5980) - moment, json!(300)),
        (minutes(6000), minutes(5980), json!(270)),
        (minutes(6000), minutes(72 * 60), json!(270)),
        (minutes(6000), minutes(72 * 60) + moment, json!(99.99)),
        (minutes(6000), minutes(24 * 60), json!(99.99)),
        (minutes(6000), minutes(2 * 60), json!(10)),
        (minutes(6000), minutes(2 * 60) + moment, json!(0)),
        (minutes(6000), minutes(-60), json!(0)),
        (minutes(10), minutes(-9), json!(300)),
        (minutes(10), minutes(-10), json!(0)),
    ] {
        shop.travel(created);
        let sold = after(&partner, &["pay"]).await;
        shop.travel(canceled);
        let seen = partner.cancel(&sold.id).await;
        let ticket = &seen.body["data"]["booking"]["tickets"][0];
        assert_eq!(ticket["status"], "Refund");
        assert_eq!(ticket["refundAmount"], refund, "created {created}, canceled {canceled}");
    }
    shop.travel(minutes(6000));
    let sold = after(&partner, &["book"]).await;
    assert_eq!(sold.body["tickets"][0]["refundAmount"], Value::Null);
    let seen = partner.cancel(&sold.id).await;
    assert_eq!(
        seen.body["data"]["booking"]["tickets"][0]["refundAmount"],
        Value::Null,
        "nothing was paid"
    );
}

#[tokio::test]
async fn refund_rules_are_shown_in_money_of_each_ticket() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 2).await;
    let rules = async || {
        partner
            .get(&format!("/v2/bookings/{}/refund-rules", sold.id))
            .await
            .body["data"]
            .clone()
    };
    let none = json!({ "refundRules": [{ "orderId": sold.orders[0], "rules": [] }, { "orderId": sold.orders[1], "rules": [] }] });
    assert_eq!(rules().await, none);
    shop.refund_rules(&["0h:5.55UAH", "72h:90%", "24h:1000.00UAH", "12h:3EUR"])
        .await;
    let told = rules().await;
    for at in [0, 1] {
        let rules = told["refundRules"][at]["rules"].as_array().unwrap();
        assert!(
            rules
                .iter()
                .all(|rule| rule["id"].as_str().unwrap().starts_with("rfr_"))
        );
        let tiers: Vec<_> = rules
            .iter()
            .map(|rule| json!([rule["hours"], rule["amount"]]))
            .collect();
        assert_eq!(
            tiers,
            [json!([72, 270]), json!([24, 300]), json!([12, 0]), json!([0, 5.55])],
            "never more than the price; nothing without a rate"
        );
    }
}

#[tokio::test]
async fn a_cut_off_closes_cancellation_of_what_is_paid_and_past_the_grace() {
    let shop = Shop::open().await;
    shop.sql("update companies set cancellation_cutoff_hours = 24 where slug = 'trial-lines'")
        .await;
    let partner = shop.website();
    let cutoff = kyiv(DAY, "12:00") - TimeDelta::hours(24);
    let [first, second, booked, both] = [
        after(&partner, &["pay"]).await,
        after(&partner, &["pay"]).await,
        after(&partner, &["book"]).await,
        partner.sell(50, "kyiv", "lviv", 2).await,
    ];
    partner.pay_orders(&both.id, &[&both.orders[0]]).await.status(200);
    partner.book_orders(&both.id, &[&both.orders[1]]).await.status(200);
    shop.travel(cutoff);
    assert_eq!(partner.cancel(&first.id).await.status, 200, "the last moment");
    shop.clock.advance(TimeDelta::milliseconds(1));
    let seen = partner.cancel(&second.id).await;
    seen.refused(400, "CANCELLATION_CLOSED");
    let seen = partner.cancel(&both.id).await;
    assert_eq!(
        (seen.status, seen.code()),
        (400, "CANCELLATION_CLOSED"),
        "all or nothing"
    );
    assert_eq!(partner.standing(&both.id).await, ["Confirmed Paid", "Confirmed Booked"]);
    assert_eq!(
        partner.cancel_orders(&both.id, &[&both.orders[1]]).await.status,
        200,
        "not paid"
    );
    assert_eq!(partner.cancel(&booked.id).await.status, 200, "not paid");
    let young = after(&partner, &["pay"]).await;
    let seen = partner.cancel(&young.id).await;
    assert_eq!(seen.status, 200, "in the grace");
    assert_eq!(seen.body["data"]["booking"]["tickets"][0]["refundAmount"], 300);
    shop.travel(kyiv(DAY, "13:00"));
    assert_eq!(partner.cancel(&second.id).await.code(), "CANCELLATION_CLOSED");
}
