//! What partners and companies can see of the delivery of messages to passengers.

use serde_json::{Value, json};

use crate::backoffice::counter::{Counter, buy};
use crate::harness::partner::{Sold, order};

/// `event channel state code reason` of deliveries.
fn lines(deliveries: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let deliveries = deliveries.as_array().unwrap().iter();
    deliveries
        .map(|delivery| {
            ["event", "channel", "state", "code", "reason"]
                .map(|name| text(&delivery[name]))
                .join(" ")
        })
        .collect()
}

/// Records an outcome as a worker would.
async fn happens(counter: &Counter, sql: &'static str) {
    sqlx::raw_sql(sql).execute(counter.office.pool()).await.unwrap();
}

#[tokio::test]
async fn partner_and_company_see_each_delivery() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    let path = format!("/v2/bookings/{}/deliveries", sold.id);
    let seen = partner.get(&path).await;
    seen.status(200);
    assert_eq!(
        lines(&seen.body["data"]["deliveries"]),
        ["created Email Pending - -", "created Viber Pending - -"]
    );
    happens(
        &counter,
        "update notifications set state = 'sent', sent_at = '2027-02-01T08:00:05Z' where channel = 'Email';
         update notifications set state = 'failed', last_error = 'timed out', fault = 'provider' where channel = 'Viber'",
    )
    .await;
    clerk.confirm(&sold.orders[0]).await.status(200);
    happens(
        &counter,
        "update notifications set state = 'failed', last_error = 'refused: 550 5.1.1', fault = 'request'
         where event = 'confirmed' and channel = 'Email';
         update jobs set state = 'dead' where dedupe_key in (
             select 'ntf_' || replace(id::text, '-', '') from notifications
             where event = 'confirmed' and channel = 'Email')",
    )
    .await;
    let told = [
        "created Email Sent - -",
        "created Viber Pending ProviderUnavailable The Viber service was unreachable or busy. Another attempt follows.",
        "confirmed Email Failed Refused The mail server refused the message or its recipient.",
        "confirmed Viber Pending - -",
    ];
    let seen = partner.get(&path).await.body["data"]["deliveries"].clone();
    assert_eq!(lines(&seen), told);
    assert_eq!(
        (&seen[0]["at"], &seen[1]["at"]),
        (&"2027-02-01T08:00:05.000Z".into(), &Value::Null)
    );
    assert_eq!(seen[0]["orderId"], sold.orders[0].as_str());
    assert_eq!(clerk.order(&sold.orders[0]).await["deliveries"], seen);
    happens(&counter, "update jobs set state = 'canceled' where state = 'dead'").await;
    let seen = partner.get(&path).await.body["data"]["deliveries"].clone();
    assert_eq!(
        lines(&seen),
        told,
        "no attempt follows when an operator discards the job"
    );
}

#[tokio::test]
async fn a_missing_message_has_a_reason() {
    let counter = Counter::open().await;
    let partner = counter.website().await;
    let token = partner.token(50, "kyiv", "lviv", 2).await;
    let mut new = order(&token, 2);
    new["passengers"][1]["phones"] = json!([{ "phone": "+380671234567", "messengers": ["WhatsApp", "Telegram"] }]);
    let sold = Sold::of(&partner.post("/v2/bookings", &new).await);
    let seen = partner.get(&format!("/v2/bookings/{}/deliveries", sold.id)).await;
    let deliveries = &seen.body["data"]["deliveries"];
    let address = "created Email NotSent NoEmail The passenger has no e-mail address.";
    let mut of = std::collections::HashMap::<String, Vec<String>>::new();
    for (line, delivery) in lines(deliveries).into_iter().zip(deliveries.as_array().unwrap()) {
        let order = delivery["orderId"].as_str().unwrap().to_owned();
        of.entry(order).or_default().push(line);
    }
    assert_eq!(
        of[&sold.orders[0]],
        [
            address,
            "created Viber NotSent NoViber No phone number of the passenger lists Viber."
        ]
    );
    assert_eq!(
        of[&sold.orders[1]],
        [
            address,
            "created Viber NotSent NoViber The phone numbers of the passenger list Telegram and WhatsApp only. We send \
             messages through Viber."
        ]
    );
}

#[tokio::test]
async fn a_booking_that_moved_is_followed_and_that_of_another_is_unknown() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    let body = json!({ "departureDate": "2027-02-10" });
    let seen = clerk.post(&format!("/v2/orders/{}/move", sold.orders[0]), &body).await;
    let current = seen.body["data"]["order"]["bookingId"].as_str().unwrap().to_owned();
    let seen = partner.get(&format!("/v2/bookings/{}/deliveries", sold.id)).await;
    let told = lines(&seen.body["data"]["deliveries"]);
    assert_eq!(told[2..], ["moved Email Pending - -", "moved Viber Pending - -"]);

    let other = counter.partner(counter.office.reseller).await;
    for id in [current.as_str(), "bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"] {
        let seen = other.get(&format!("/v2/bookings/{id}/deliveries")).await;
        seen.refused(404, "BOOKING_NOT_FOUND");
    }
}
