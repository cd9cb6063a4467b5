use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::harness::DAY;
use crate::harness::answer::Seen;
use crate::harness::partner::{Partner, Sold, standing};
use crate::sales::support::{Shop, kyiv};

/// The code of a refusal and the orders it names.
fn conflict(seen: &Seen) -> Vec<&str> {
    assert_eq!((seen.status, seen.code()), (409, "ORDER_CONFLICT"), "{}", seen.body);
    let orders = seen.body["errors"][0]["details"]["orderIds"].as_array().unwrap();
    orders.iter().map(|order| order.as_str().unwrap()).collect()
}

/// Sells one seat to Lviv and lets these actions succeed.
pub async fn after(partner: &Partner, actions: &[&str]) -> Sold {
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    for action in actions {
        let seen = partner.act(action, &sold.id).await;
        assert_eq!(seen.status, 200, "{action} {}", seen.body);
    }
    sold
}

#[tokio::test]
async fn actions_follow_the_table_with_one_line_of_history_each() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let cases: [(&[&str], &str, Option<&str>); 11] = [
        (&[], "pay", Some("paid Confirmed Paid")),
        (&[], "book", Some("booked Confirmed Booked")),
        (&[], "cancel", Some("canceled Canceled Unpaid")),
        (&["book"], "pay", Some("paid Confirmed Paid")),
        (&["book"], "book", None),
        (&["book"], "cancel", Some("canceled Canceled Booked")),
        (&["pay"], "pay", None),
        (&["pay"], "book", None),
        (&["pay"], "cancel", Some("canceled Refund Paid")),
        (&["cancel"], "cancel", None),
        (&["pay", "cancel"], "cancel", None),
    ];
    for (before, action, expected) in cases {
        let sold = after(&partner, before).await;
        let seen = partner.act(action, &sold.id).await;
        let history = shop.history(&sold.orders[0]).await;
        match expected {
            Some(line) => {
                assert_eq!(seen.status, 200, "{before:?} {action} {}", seen.body);
                let booking = &seen.body["data"]["booking"];
                assert_eq!(*booking, partner.booking(&sold.id).await, "the answer is refreshed");
                assert_eq!(history.len(), before.len() + 2, "{before:?} {action} {history:?}");
                assert_eq!(history.last().unwrap(), line);
                assert!(line.ends_with(&standing(booking)[0]));
            }
            None => {
                assert_eq!(conflict(&seen), [sold.orders[0].as_str()], "{before:?} {action}");
                assert_eq!(history.len(), before.len() + 1, "nothing was written");
            }
        }
    }
    for over in [&["cancel"] as &[_], &["pay", "cancel"]] {
        let sold = after(&partner, over).await;
        conflict(&partner.pay(&sold.id).await);
        conflict(&partner.book(&sold.id).await);
    }
    shop.audit().await;
}

#[tokio::test]
async fn an_action_applies_to_the_given_orders_or_to_all() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 3).await;
    let [a, b, c] = [0, 1, 2].map(|at| sold.orders[at].as_str());
    let seen = partner.pay_orders(&sold.id, &[b, b, b]).await;
    seen.status(200);
    assert_eq!(
        standing(&seen.body["data"]["booking"]),
        ["Processing Unpaid", "Confirmed Paid", "Processing Unpaid"]
    );
    assert_eq!(shop.history(b).await.len(), 2, "named thrice, paid once");
    assert_eq!(conflict(&partner.pay(&sold.id).await), [b]);
    assert_eq!(shop.history(a).await.len(), 1, "all or nothing");
    assert_eq!(conflict(&partner.book_orders(&sold.id, &[a, b]).await), [b]);
    partner.book_orders(&sold.id, &[a]).await.status(200);
    partner.cancel_orders(&sold.id, &[a, b]).await.status(200);
    assert_eq!(
        conflict(&partner.cancel(&sold.id).await),
        [a, b],
        "in the order of the tickets"
    );
    assert_eq!(
        partner.standing(&sold.id).await,
        ["Canceled Booked", "Refund Paid", "Processing Unpaid"]
    );
    partner.pay_orders(&sold.id, &[c]).await.status(200);
    let empty = partner.cancel_orders(&sold.id, &[]).await;
    assert_eq!(empty.fields(), ["orderIds minLength"]);
    shop.audit().await;
}

#[tokio::test]
async fn the_ticket_of_another_partner_answers_like_an_unknown_one() {
    let shop = Shop::open().await;
    let (mine, yours) = (shop.website(), shop.reseller());
    let sold = mine.sell(50, "kyiv", "lviv", 1).await;
    let other = mine.sell(50, "kyiv", "lviv", 1).await;
    let foreign = yours.sell(50, "kyiv", "lviv", 1).await;
    let unknown = "bkg_00000000000070008000000000000001";
    for action in ["pay", "book", "cancel"] {
        let [theirs, nobodys, shapeless] = [
            yours.act(action, &sold.id).await,
            yours.act(action, unknown).await,
            yours.act(action, &sold.orders[0]).await,
        ];
        theirs.refused(404, "BOOKING_NOT_FOUND");
        assert_eq!(theirs.body, nobodys.body);
        assert_eq!(theirs.body, shapeless.body);
        for order in [
            &other.orders[0],
            &foreign.orders[0],
            "ord_00000000000070008000000000000001",
            "5",
            "",
        ] {
            let seen = mine.act_on(action, &sold.id, &[&sold.orders[0], order]).await;
            assert_eq!((seen.status, seen.code()), (404, "ORDER_NOT_FOUND"), "{order}");
        }
    }
    for path in [sold.id.clone(), format!("{}/refund-rules", sold.id)] {
        let theirs = yours.get(&format!("/v2/bookings/{path}")).await;
        let nobodys = yours
            .get(&format!("/v2/bookings/{}", path.replace(&sold.id, unknown)))
            .await;
        assert_eq!((theirs.status, theirs.body), (404, nobodys.body));
    }
    assert_eq!(
        mine.standing(&sold.id).await,
        ["Processing Unpaid"],
        "nothing happened to it"
    );
}

/// Status and both deadlines at an instant.
async fn at(shop: &Shop, booking: &str, instant: DateTime<Utc>) -> [String; 3] {
    shop.travel(instant);
    let booking = shop.website().booking(booking).await;
    ["status", "bookingRequiredBy", "paymentRequiredBy"].map(|name| booking[name].as_str().unwrap_or("-").to_owned())
}

#[tokio::test]
async fn the_status_follows_the_boarding_instant() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "zhytomyr", "lviv", 2).await;
    partner.pay(&sold.id).await.status(200);
    let boarding = kyiv(DAY, "14:00");
    assert_eq!(sold.body["departureDate"], "2027-02-08T12:00:00.000Z");
    let (hour, moment) = (TimeDelta::hours(1), TimeDelta::milliseconds(1));
    for (instant, status) in [
        (boarding - hour * 8 - moment, "Upcoming"),
        (boarding - hour * 8, "Boarding"),
        (boarding - moment, "Boarding"),
        (boarding, "InTransit"),
        (boarding + hour * 24 - moment, "InTransit"),
        (boarding + hour * 24, "Completed"),
    ] {
        assert_eq!(at(&shop, &sold.id, instant).await, [status, "-", "-"], "{instant}");
    }
    partner.cancel_orders(&sold.id, &[&sold.orders[0]]).await.status(200);
    assert_eq!(
        partner.booking(&sold.id).await["status"],
        "Completed",
        "one ticket is left"
    );
    partner.cancel_orders(&sold.id, &[&sold.orders[1]]).await.status(200);
    assert_eq!(partner.booking(&sold.id).await["status"], "Canceled");
}

#[tokio::test]
async fn the_deadlines_are_shown_while_a_ticket_is_open() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let opening = shop.clock.now();
    let deadline = "2027-02-01T08:20:00.000Z";
    let sold = partner.sell(50, "kyiv", "lviv", 3).await;
    let [a, b, c] = [0, 1, 2].map(|at| sold.orders[at].as_str());
    assert_eq!(at(&shop, &sold.id, opening).await, ["Upcoming", deadline, deadline]);
    partner.pay_orders(&sold.id, &[a]).await.status(200);
    partner.book_orders(&sold.id, &[b]).await.status(200);
    assert_eq!(at(&shop, &sold.id, opening).await, ["Upcoming", deadline, deadline]);
    let last = opening + TimeDelta::minutes(20) - TimeDelta::milliseconds(1);
    assert_eq!(at(&shop, &sold.id, last).await, ["Upcoming", deadline, deadline]);
    assert_eq!(
        at(&shop, &sold.id, opening + TimeDelta::minutes(20)).await,
        ["Upcoming", "-", "-"]
    );
    assert_eq!(
        partner.standing(&sold.id).await,
        ["Confirmed Paid", "Confirmed Booked", "Uncompleted Unpaid"]
    );
    partner.cancel_orders(&sold.id, &[c]).await.status(200);
    assert_eq!(
        shop.history(c).await,
        ["created Processing Unpaid", "canceled Canceled Unpaid"]
    );
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    assert_eq!(
        partner.cancel(&sold.id).await.body["data"]["booking"]["paymentRequiredBy"],
        Value::Null
    );
}

#[tokio::test]
async fn canceling_frees_the_seats_at_once() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(3, "kyiv", "lviv", 3).await;
    partner
        .pay_orders(&sold.id, &[&sold.orders[0], &sold.orders[1]])
        .await
        .status(200);
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 0);
    partner
        .cancel_orders(&sold.id, &[&sold.orders[0], &sold.orders[2]])
        .await
        .status(200);
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 2);
    let again = shop.reseller().sell(3, "kyiv", "lviv", 2).await;
    let mut seats = [&sold.seats[0], &sold.seats[2]];
    let mut taken: Vec<_> = again.seats.iter().collect();
    seats.sort_unstable();
    taken.sort_unstable();
    assert_eq!(taken, seats);
    shop.audit().await;
}
