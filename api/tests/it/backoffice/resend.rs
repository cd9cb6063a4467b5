//! Sending a ticket again.

use serde_json::{Value, json};

use crate::backoffice::counter::{Counter, buy, history};
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

async fn resend(clerk: &Browser, order: &str, body: &Value) -> Seen {
    clerk.post(&format!("/v2/orders/{order}/resend"), body).await
}

#[tokio::test]
async fn the_latest_message_with_the_ticket_goes_out_under_new_ids() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    let order = &sold.orders[0];
    let seen = resend(&clerk, order, &json!({})).await;
    assert_eq!(
        (seen.status, seen.code()),
        (409, "ORDER_CONFLICT"),
        "nothing to send yet"
    );
    partner.book(&sold.id).await.status(200);
    let seen = resend(&clerk, order, &json!({ "reason": "Lost in the spam" })).await;
    seen.status(200);
    let told = &seen.body["data"]["order"];
    assert_eq!(history(told)[2..], ["resent Confirmed Booked"]);
    let line = &told["history"][2];
    assert_eq!(line["reason"], "Lost in the spam");
    assert!(line["actor"].as_str().unwrap().starts_with("usr_"));
    let messages = counter.messages(order).await;
    assert_eq!(
        messages[2..],
        ["booked Email", "booked Viber", "booked Email", "booked Viber"]
    );
    let ids = counter
        .count("select count(distinct id) from notifications where event = 'booked'")
        .await;
    assert_eq!(ids, 4);
    let last = told["deliveries"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["event"], &last["state"]), (&"resent".into(), &"Pending".into()));
}

#[tokio::test]
async fn a_corrected_address_is_kept_and_the_ticket_goes_only_there() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    let order = &sold.orders[0];
    partner.pay(&sold.id).await.status(200);
    counter.wait(1);
    let clerk_now = counter.clerk().await;
    for (body, wrong) in [
        (json!({ "email": "olena" }), "email email"),
        (json!({ "phone": "0671234567" }), "phone pattern"),
        (json!({ "address": "x" }), "address unknown"),
    ] {
        assert_eq!(resend(&clerk, order, &body).await.fields(), [wrong]);
    }
    resend(&clerk_now, order, &json!({ "email": "Taras@EXAMPLE.com" }))
        .await
        .status(200);
    assert_eq!(counter.messages(order).await[4..], ["paid Email"]);
    let booking = partner.booking(&sold.id).await;
    let passenger = &booking["tickets"][0]["passenger"];
    assert_eq!(passenger["email"].as_str().unwrap().to_lowercase(), "taras@example.com");
    assert_eq!(booking["updatedAt"], "2027-02-01T08:01:00.000Z");

    let seen = resend(&clerk_now, order, &json!({ "phone": "+48501234567" })).await;
    seen.status(200);
    assert_eq!(counter.messages(order).await[5..], ["paid Viber"]);
    let phones = &seen.body["data"]["order"]["passenger"]["phones"];
    assert_eq!(
        (&phones[0]["phone"], &phones[0]["messengers"]),
        (&"+48501234567".into(), &json!(["Viber"]))
    );
    assert_eq!(phones.as_array().unwrap().len(), 1);
    let deliveries = seen.body["data"]["order"]["deliveries"].as_array().unwrap();
    let told = deliveries[4..]
        .iter()
        .map(|line| [line["event"].as_str().unwrap(), line["channel"].as_str().unwrap()]);
    assert_eq!(
        told.collect::<Vec<_>>(),
        [["resent", "Email"], ["resent", "Viber"]],
        "each on one channel only"
    );
    let clock = kernel::clock::Clock::manual("2027-02-01T08:01:00Z".parse().unwrap());
    let checked = app::invariant::check(counter.office.pool(), &clock, app::invariant::LASTING).await;
    let broken = checked.unwrap().into_iter().filter(|found| found.violations > 0);
    assert_eq!(broken.map(|found| found.rule).collect::<Vec<_>>(), []);
}

#[tokio::test]
async fn a_ticket_is_sent_again_three_times_an_hour_and_no_more() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let (sold, other) = (buy(&partner, 50).await, buy(&partner, 50).await);
    let order = &sold.orders[0];
    for sold in [&sold, &other] {
        partner.pay(&sold.id).await.status(200);
    }
    for _ in 0..3 {
        resend(&clerk, order, &json!({})).await.status(200);
        counter.wait(4);
    }
    let before = clerk.order(order).await;
    let seen = resend(&clerk, order, &json!({ "email": "x@example.com" })).await;
    seen.refused(429, "RATE_LIMITED");
    assert_eq!(
        seen.headers["retry-after"], "2880",
        "the first of the three is twelve minutes old"
    );
    assert_eq!(clerk.order(order).await, before);
    assert_eq!(
        resend(&clerk, &other.orders[0], &json!({})).await.status,
        200,
        "each ticket for itself"
    );
    counter.wait(49);
    let clerk = counter.clerk().await;
    resend(&clerk, order, &json!({})).await.status(200);
}

#[tokio::test]
async fn of_two_at_once_with_one_key_one_is_sent() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    partner.pay(&sold.id).await.status(200);
    let before = counter.messages(&sold.orders[0]).await.len();
    let send = || {
        let request = clerk
            .http
            .post(format!("{}/v2/orders/{}/resend", clerk.base, sold.orders[0]));
        clerk.send(request.header("idempotency-key", "once"))
    };
    let (first, second) = tokio::join!(send(), send());
    assert!(first.status == 200 || second.status == 200);
    send().await.status(200);
    assert_eq!(counter.messages(&sold.orders[0]).await.len(), before + 2);
}

#[tokio::test]
async fn nothing_is_sent_to_a_passenger_without_contacts() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let order = &sold.orders[0];
    partner.pay(&sold.id).await.status(200);
    let seen = resend(&clerk, order, &json!({})).await;
    assert_eq!(seen.fields(), ["email required"]);
    assert_eq!(history(&clerk.order(order).await).len(), 2, "nothing is recorded");
    resend(&clerk, order, &json!({ "email": "olena@example.com" }))
        .await
        .status(200);
    let stranger = counter.office.at_karpaty(domain::role::Role::Admin).await;
    for id in [order.as_str(), "ord_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"] {
        let seen = resend(&stranger, id, &json!({})).await;
        seen.refused(404, "ORDER_NOT_FOUND");
    }
}
