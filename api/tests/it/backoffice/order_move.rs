//! Orders that a company moves.

use serde_json::{Value, json};

use crate::backoffice::counter::{Counter, buy, history, standing};
use crate::harness::instant;
use crate::harness::manager::Manager;

#[tokio::test]
async fn a_booking_that_moved_to_another_day_is_found_under_its_old_id() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = partner.sell(50, "kyiv", "lviv", 2).await;
    partner.book(&sold.id).await.status(200);
    let body = json!({
        "departureDate": "2027-02-10", "orderIds": [sold.orders[1]], "reason": "The bus is in repair",
    });
    let seen = clerk.move_order(&sold.orders[0], &body).await;
    seen.status(200);
    let order = &seen.body["data"]["order"];
    let new = order["bookingId"].as_str().unwrap();
    assert_ne!(new, sold.id);
    assert_eq!(order["slices"][0]["departureAt"], "2027-02-10T12:00:00+02:00");
    assert_eq!(order["history"][2]["reason"], "The bus is in repair");
    assert_eq!(history(order)[2], "moved Confirmed Booked");
    assert_eq!(*order, clerk.order(&sold.orders[0]).await);

    let seen = partner.get(&format!("/v2/bookings/{}", sold.id)).await;
    let location = format!("/v2/bookings/{new}");
    assert_eq!((seen.status, seen.header("content-location")), (200, location.as_str()));
    assert_eq!(partner.standing(new).await, ["Confirmed Booked", "Confirmed Booked"]);
    let seen = partner.cancel_orders(&sold.id, &[&sold.orders[0]]).await;
    assert_eq!(seen.status, 200, "the old id still takes actions");
    assert_eq!(partner.left(50, "kyiv", "lviv").await, 50, "the old seats are free");
    counter.audit().await;

    let sold = partner.sell(50, "kyiv", "lviv", 3).await;
    let two = json!({ "departureDate": "2027-02-10", "orderIds": [sold.orders[1], sold.orders[2]] });
    let seen = clerk.move_order(&sold.orders[0], &two).await;
    let new = seen.body["data"]["order"]["bookingId"].as_str().unwrap();
    let seen = clerk
        .move_order(&sold.orders[1], &json!({ "departureDate": "2027-02-11" }))
        .await;
    seen.status(200);
    assert_eq!(partner.booking(new).await["tickets"].as_array().unwrap().len(), 2);
    let seen = partner.get(&format!("/v2/bookings/{}", sold.id)).await;
    assert_eq!(seen.code(), "BOOKING_NOT_FOUND", "its tickets are in two bookings");
}

#[tokio::test]
async fn a_booking_that_an_order_left_was_updated_then() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = partner.sell(50, "kyiv", "lviv", 2).await;
    counter.wait(1);
    let seen = clerk
        .move_order(&sold.orders[0], &json!({ "departureDate": "2027-02-10" }))
        .await;
    let now = instant(&counter.office.clock);
    let new = seen.body["data"]["order"]["bookingId"].as_str().unwrap();
    assert_eq!(partner.booking(new).await["updatedAt"], now);
    let left = partner.booking(&sold.id).await;
    assert_eq!(left["tickets"].as_array().unwrap().len(), 1);
    assert_eq!(left["updatedAt"], now);
}

#[tokio::test]
async fn an_order_moves_to_another_trip_by_its_id_or_by_a_route_that_has_one() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    let order = &sold.orders[0];
    let (small, tiny) = (counter.trip(3).await, counter.trip(2).await);
    let seen = clerk.move_order(order, &json!({ "tripId": small })).await;
    assert_eq!(seen.body["data"]["order"]["slices"][0]["bus"]["seatsQty"], 3);
    assert_eq!(
        seen.body["data"]["order"]["slices"][0]["departureAt"],
        "2027-02-08T09:00:00+02:00"
    );

    let route = &sold.body["tickets"][0]["slices"][0]["route"]["id"];
    let seen = clerk.move_order(order, &json!({ "routeId": route })).await;
    assert_eq!(seen.fields(), ["tripId required"]);
    let message = seen.body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(&tiny) && message.contains(&small), "{message}");
    let both = json!({ "routeId": route, "tripId": tiny, "departureDate": "2027-02-09" });
    let seen = clerk.move_order(order, &both).await;
    assert_eq!(
        seen.body["data"]["order"]["slices"][0]["departureAt"],
        "2027-02-09T08:00:00+02:00"
    );

    let full = (buy(&partner, 2).await, buy(&partner, 2).await);
    let back = json!({ "departureDate": "2027-02-08" });
    let seen = clerk.move_order(order, &back).await;
    seen.refused(409, "SEATS_UNAVAILABLE");
    clerk.reject(&full.1.orders[0]).await.status(200);
    clerk.move_order(order, &back).await.status(200);
    let seen = clerk.move_order(&full.1.orders[0], &json!({ "tripId": small })).await;
    assert_eq!((seen.status, seen.code()), (409, "ORDER_CONFLICT"), "it holds no seat");
    counter.audit().await;
}

#[tokio::test]
async fn another_passenger_replaces_the_one_before() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    let order = &sold.orders[0];
    let taras = json!({
        "firstName": "Тарас", "lastName": "Бондар",
        "phones": [{ "phone": "+48501112233", "messengers": ["Telegram"] }],
    });
    let seen = clerk.move_order(order, &json!({ "passenger": taras })).await;
    seen.status(200);
    let passenger = &seen.body["data"]["order"]["passenger"];
    assert_eq!(
        (&passenger["lastName"], &passenger["email"]),
        (&"Бондар".into(), &Value::Null)
    );
    let phones = passenger["phones"].as_array().unwrap();
    assert_eq!((phones.len(), &phones[0]["phone"]), (1, &"+48501112233".into()));
    let booking = partner.booking(&sold.id).await;
    assert_eq!(booking["tickets"][0]["passenger"], *passenger);
    assert_eq!(booking["tickets"][0]["slices"][0]["seat"]["label"], sold.seats[0]);
    let told = counter.messages(order).await;
    assert_eq!(
        told,
        ["created Email", "created Viber"],
        "nobody hears of it at the old addresses"
    );
    assert_eq!(counter.count("select count(*) from passenger_phones").await, 1);

    let pair = partner.sell(50, "kyiv", "lviv", 2).await;
    let both = json!({ "passenger": taras, "orderIds": [pair.orders[1]] });
    assert_eq!(
        clerk.move_order(&pair.orders[0], &both).await.fields(),
        ["orderIds max"]
    );
}

#[tokio::test]
async fn orders_that_cannot_move_stay_and_the_reason_is_given() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let (sold, other) = (buy(&partner, 50).await, buy(&partner, 50).await);
    let order = &sold.orders[0];
    let before = clerk.order(order).await;
    for (body, wrong) in [
        (json!({}), "body change"),
        (json!({ "reason": "why not" }), "body change"),
        (json!({ "departureDate": "2027-02-08" }), "body change"),
        (json!({ "departureDate": "2027-02-30" }), "departureDate type"),
        (json!({ "departureDate": "10.02.2027" }), "departureDate pattern"),
        (
            json!({ "departureDate": "2027-02-10", "orderIds": [] }),
            "orderIds minLength",
        ),
        (
            json!({ "departureDate": "2027-02-10", "orderIds": [other.orders[0]] }),
            "orderIds booking",
        ),
        (json!({ "departureDate": "2027-02-10", "price": 1 }), "price unknown"),
        (
            json!({ "departureDate": "2027-02-10", "reason": "a\u{0}b" }),
            "reason text",
        ),
        (
            json!({ "passenger": { "firstName": "A", "lastName": "B", "phones": [] } }),
            "passenger.phones minLength",
        ),
        (
            json!({ "passenger": { "firstName": "", "lastName": "B", "phones": [{ "phone": "1" }] } }),
            "passenger.firstName minLength",
        ),
    ] {
        let seen = clerk.move_order(order, &body).await;
        assert!(seen.fields().contains(&wrong.to_owned()), "{body}: {}", seen.body);
    }
    let foreign = counter
        .trip(50)
        .await
        .replace("trp_", "trp_0")
        .get(..36)
        .unwrap()
        .to_owned();
    for body in [
        json!({ "departureDate": "2028-02-10" }),
        json!({ "departureDate": "2027-01-31" }),
        json!({ "departureDate": "9999-12-31" }),
        json!({ "tripId": foreign }),
        json!({ "tripId": "x" }),
        json!({ "routeId": "rte_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a" }),
    ] {
        let seen = clerk.move_order(order, &body).await;
        assert_eq!((seen.status, seen.code()), (409, "DEPARTURE_CLOSED"), "{body}");
    }
    let tenth = json!({ "departureDate": "2027-02-10", "orderIds": ["ord_1"] });
    assert_eq!(clerk.move_order(order, &tenth).await.code(), "ORDER_NOT_FOUND");
    assert_eq!(clerk.order(order).await, before);
    assert_eq!(
        counter.count("select count(*) from departures").await,
        1,
        "nothing is left behind"
    );

    counter.wait(20);
    let clerk = counter.clerk().await;
    let seen = clerk.move_order(order, &json!({ "departureDate": "2027-02-10" })).await;
    assert_eq!((seen.status, seen.code()), (409, "ORDER_CONFLICT"), "its time is over");
    assert_eq!(standing(&clerk.order(order).await), "Uncompleted Unpaid");
    let stranger = counter.office.at_wisla(domain::role::Role::Admin).await;
    let seen = Manager(stranger)
        .move_order(order, &json!({ "departureDate": "2027-02-10" }))
        .await;
    assert_eq!(seen.code(), "ORDER_NOT_FOUND");
}
