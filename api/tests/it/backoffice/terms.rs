//! Refund rules, discounts and cutoffs, as companies set them.

use domain::access::Workplace;
use domain::role::Role;
use serde_json::{Value, json};

use crate::backoffice::counter::{Counter, buy};
use crate::harness::browser::Browser;
use crate::harness::partner::order as order_for;

const RULES: &str = "/v2/refund-rules";
const DISCOUNTS: &str = "/v2/company/discounts";
const SETTINGS: &str = "/v2/company/sales-settings";

async fn sign_in(counter: &Counter) -> Browser {
    let place = Workplace::Company(counter.company);
    counter.office.signed_in(place, Role::Manager).await
}

#[tokio::test]
async fn refund_rules_hold_for_what_is_canceled_from_then_on() {
    let counter = Counter::open().await;
    let (partner, manager) = (counter.website().await, sign_in(&counter).await);
    assert_eq!(manager.get(RULES).await.data(), &json!({ "refundRules": [] }));
    let sold = buy(&partner, 50).await;
    partner.pay(&sold.id).await.status(200);
    let rules = json!([{ "hours": 0, "amount": 10.5, "currency": "UAH" }, { "hours": 24, "percent": 75 }]);
    let seen = manager.put(RULES, &json!({ "rules": rules })).await;
    let stored = seen.status(200).data()["refundRules"].clone();
    let shown = |rule: &Value| json!([rule["hours"], rule["percent"], rule["amount"], rule["currency"]]);
    let shown: Vec<Value> = stored.as_array().unwrap().iter().map(shown).collect();
    assert_eq!(shown, [json!([24, 75, null, null]), json!([0, null, 10.5, "UAH"])]);
    let same = manager.put(RULES, &json!({ "rules": rules })).await;
    assert_eq!(same.data()["refundRules"], stored, "the same rules keep their ids");
    let seen = partner.get(&format!("/v2/bookings/{}/refund-rules", sold.id)).await;
    assert_eq!(seen.data()["refundRules"][0]["rules"][0]["amount"], 225);
    counter.wait(21);
    let canceled = partner.cancel(&sold.id).await;
    assert_eq!(canceled.data()["booking"]["tickets"][0]["refundAmount"], 225);
    sign_in(&counter)
        .await
        .put(RULES, &json!({ "rules": [] }))
        .await
        .status(200);
    assert_eq!(counter.count("select count(*) from refund_rules").await, 0);
}

#[tokio::test]
async fn inconsistent_refund_rules_are_refused_by_field() {
    let counter = Counter::open().await;
    let manager = sign_in(&counter).await;
    for (rules, wrong) in [
        (json!([{ "hours": 1 }]), "rules[0].percent required"),
        (json!([{ "hours": 1, "amount": 5 }]), "rules[0].currency required"),
        (
            json!([{ "hours": 1, "percent": 5, "amount": 5, "currency": "UAH" }]),
            "rules[0].percent rule",
        ),
        (
            json!([{ "hours": 1, "percent": 5 }, { "hours": 1, "percent": 6 }]),
            "rules[1].hours unique",
        ),
        (json!([{ "hours": -1, "percent": 5 }]), "rules[0].hours min"),
        (json!([{ "hours": 1, "percent": 101 }]), "rules[0].percent max"),
        (json!([{ "hours": 1, "percent": 0.001 }]), "rules[0].percent multipleOf"),
    ] {
        let seen = manager.put(RULES, &json!({ "rules": rules })).await;
        assert_eq!(seen.fields(), [wrong], "{rules}");
    }
    assert_eq!(counter.count("select count(*) from refund_rules").await, 0);
}

#[tokio::test]
async fn a_discount_is_used_until_it_is_withdrawn_and_stays_on_what_was_sold() {
    let counter = Counter::open().await;
    let (partner, manager) = (counter.website().await, sign_in(&counter).await);
    let body = json!({ "name": " Student ", "rule": "Percent", "amount": 10 });
    let seen = manager.post(DISCOUNTS, &body).await;
    let discount = seen.status(201).data()["discount"].clone();
    assert_eq!(
        (&discount["name"], &discount["amount"]),
        (&json!("Student"), &json!(10))
    );
    assert_eq!(manager.post(DISCOUNTS, &body).await.fields(), ["name unique"]);
    let id = discount["id"].as_str().unwrap();
    let buy_with = async |expected: u16| {
        let token = partner.token(50, "kyiv", "lviv", 1).await;
        let mut order = order_for(&token, 1);
        order["passengers"][0]["discountId"] = json!(id);
        let seen = partner.post("/v2/bookings", &order).await;
        assert_eq!(seen.status, expected, "{}", seen.body);
        seen
    };
    let sold = buy_with(201).await;
    assert_eq!(sold.data()["booking"]["tickets"][0]["price"]["amount"], 270);
    let one = format!("{DISCOUNTS}/{id}");
    let seen = manager.put(&one, &json!({ "endDate": "2027-01-31" })).await;
    assert_eq!(seen.status(200).data()["discount"]["endDate"], "2027-01-31");
    assert!(
        buy_with(400).await.body["errors"][0]["message"].is_string(),
        "its days are over"
    );
    let days = json!({ "startDate": "2027-02-02", "endDate": "2027-02-01" });
    assert_eq!(manager.put(&one, &days).await.fields(), ["endDate range"]);
    manager.put(&one, &json!({})).await.status(200);
    buy_with(201).await;

    for _ in 0..2 {
        assert_eq!(manager.delete(&one).await.status, 204);
    }
    buy_with(400).await;
    assert_eq!(
        manager.get(DISCOUNTS).await.data(),
        &json!({ "discounts": [], "total": 0 })
    );
    assert_eq!(partner.get("/v2/discounts").await.data()["total"], 0);
    manager.put(&one, &json!({})).await.refused(404, "NOT_FOUND");
    let booking = partner.booking(sold.data()["booking"]["id"].as_str().unwrap()).await;
    assert_eq!(booking["tickets"][0]["discount"]["name"], "Student");
    manager.post(DISCOUNTS, &body).await.status(201);
    let stranger = counter.office.at_karpaty(Role::Admin).await;
    assert_eq!(stranger.get(DISCOUNTS).await.data()["total"], 0);
}

#[tokio::test]
async fn a_cut_off_ends_sale_and_canceling_also_of_what_was_offered_before() {
    let counter = Counter::open().await;
    let (partner, manager) = (counter.website().await, sign_in(&counter).await);
    let seen = manager.get(SETTINGS).await;
    let open = json!({ "salesCutoffMinutes": 0, "cancellationCutoffHours": null, "timeZone": "Europe/Kyiv" });
    assert_eq!(seen.data()["salesSettings"], open);
    let sold = buy(&partner, 50).await;
    partner.pay(&sold.id).await.status(200);
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    // A week before the departure.
    let body = json!({ "salesCutoffMinutes": 10080, "cancellationCutoffHours": 200 });
    let seen = manager.put(SETTINGS, &body).await;
    assert_eq!(seen.status(200).data()["salesSettings"]["cancellationCutoffHours"], 200);
    counter.wait(19);
    assert!(
        partner.offer(50, "kyiv", "lviv", 1).await.is_some(),
        "just before the cutoff"
    );
    partner.create(&token, 1).await.status(201);
    counter.wait(4 * 60);
    assert!(partner.offer(50, "kyiv", "lviv", 1).await.is_none());
    partner.cancel(&sold.id).await.refused(400, "CANCELLATION_CLOSED");
    let manager = sign_in(&counter).await;
    manager
        .put(SETTINGS, &json!({ "salesCutoffMinutes": 0 }))
        .await
        .status(200);
    assert!(partner.offer(50, "kyiv", "lviv", 1).await.is_some());
    partner.cancel(&sold.id).await.status(200);
    assert_eq!(
        manager.put(SETTINGS, &json!({})).await.fields(),
        ["salesCutoffMinutes required"]
    );
    let wrong = json!({ "salesCutoffMinutes": -1 });
    assert_eq!(manager.put(SETTINGS, &wrong).await.fields(), ["salesCutoffMinutes min"]);
}
