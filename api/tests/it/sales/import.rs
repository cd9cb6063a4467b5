use serde_json::Value;

use crate::harness::DAY;
use crate::harness::feed::{self, Line, lines};
use crate::harness::partner::{Sold, is_of_company};
use crate::sales::support::{Shop, kyiv};

/// Our trips with other calls for the bus with this number of seats; without that bus if there are none.
pub fn with(seats: u16, calls: Option<&'static str>) -> Vec<Line> {
    let mut lines = lines();
    lines.retain(|line| line.seats != seats);
    lines.extend(calls.map(|calls| Line { seats, calls }));
    lines
}

/// `city departure-or-arrival` of the first and the last stop of a ticket.
pub fn ends(booking: &Value) -> [String; 2] {
    let stops = booking["tickets"][0]["slices"][0]["stops"].as_array().unwrap();
    let text = |stop: &Value, time: &str| {
        format!(
            "{} {}",
            stop["city"]["slug"].as_str().unwrap(),
            stop[time].as_str().unwrap()
        )
    };
    [
        text(&stops[0], "departureTime"),
        text(stops.last().unwrap(), "arrivalTime"),
    ]
}

#[tokio::test]
async fn what_was_sold_follows_times_that_move() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(3, "rivne", "lviv", 1).await;
    let sold = partner.sell(3, "zhytomyr", "lviv", 2).await;
    let report = shop
        .import(&with(3, Some("kyiv@09:30 zhytomyr@11:45 rivne@14:00 lviv@17:15")))
        .await;
    assert_eq!((report.sold.moved, report.sold.closed.len()), (1, 0));
    let booking = partner.booking(&sold.id).await;
    assert_eq!(ends(&booking), ["zhytomyr 11:45", "lviv 17:15"]);
    assert_eq!(booking["departureDate"], "2027-02-08T09:45:00.000Z");
    assert_eq!(Sold::read(&booking).seats, sold.seats);
    let second = Sold::of(&partner.create(&token, 1).await);
    assert_eq!(
        ends(&second.body),
        ["rivne 14:00", "lviv 17:15"],
        "a token from before buys what runs now"
    );
    assert_eq!(partner.left(3, "rivne", "lviv").await, 0);
    shop.travel(kyiv(DAY, "11:40"));
    assert_eq!(partner.booking(&sold.id).await["status"], "Boarding");
    shop.audit().await;
}

#[tokio::test]
async fn what_was_sold_keeps_its_seats_when_stops_come_and_go() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let short = "rivne@14:00 lviv@17:00";
    let long = "kyiv@09:00 zhytomyr@11:00 rivne@14:00 lviv@17:00 przemysl@20:00";
    shop.import(&with(3, Some(short))).await;
    let token = partner.token(3, "rivne", "lviv", 2).await;
    let first = Sold::of(&partner.create(&token, 1).await);
    shop.import(&with(3, Some(long))).await;
    assert_eq!(partner.left(3, "kyiv", "rivne").await, 3);
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 2);
    assert_eq!(partner.left(3, "lviv", "przemysl").await, 3);
    let second = Sold::of(&partner.create(&token, 2).await);
    assert!(
        !second.seats.contains(&first.seats[0]),
        "positions moved, seats did not"
    );
    for sold in [&first, &second] {
        assert_eq!(ends(&partner.booking(&sold.id).await), ["rivne 14:00", "lviv 17:00"]);
    }
    shop.audit().await;
    shop.import(&with(3, Some(short))).await;
    assert_eq!(ends(&partner.booking(&first.id).await), ["rivne 14:00", "lviv 17:00"]);
    assert_eq!(partner.left(3, "rivne", "lviv").await, 0);
    shop.audit().await;
}

#[tokio::test]
async fn a_trip_that_is_withdrawn_is_not_sold_but_stays_with_those_who_have_it() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(3, "kyiv", "lviv", 1).await;
    let [paid, open] = [
        partner.sell(3, "kyiv", "lviv", 1).await,
        partner.sell(3, "kyiv", "lviv", 1).await,
    ];
    partner.pay(&paid.id).await.status(200);
    let report = shop.import(&with(3, None)).await;
    assert_eq!(report.sold.closed.len(), 1, "the operator is told");
    let seen = partner.create(&token, 1).await;
    seen.refused(409, "DEPARTURE_CLOSED");
    assert!(partner.offer(3, "kyiv", "lviv", 1).await.is_none());
    assert_eq!(ends(&partner.booking(&paid.id).await), ["kyiv 09:00", "lviv 17:00"]);
    assert_eq!(partner.book(&open.id).await.status, 200, "its seat is held");
    shop.import(&lines()).await;
    assert_eq!(
        partner.left(3, "kyiv", "lviv").await,
        1,
        "it is back with the seats that were sold"
    );
    partner.create(&token, 1).await.status(201);
    shop.import(&with(3, None)).await;
    shop.wait(20);
    let lapsed = partner.get("/v2/bookings?take=1").await.body["data"]["bookings"][0]["id"].clone();
    let seen = partner.pay(lapsed.as_str().unwrap()).await;
    assert_eq!(
        (seen.status, seen.code()),
        (409, "DEPARTURE_CLOSED"),
        "nothing is revived on it"
    );
    partner.cancel(&paid.id).await.status(200);
    shop.audit().await;
}

#[tokio::test]
async fn a_stop_that_is_sold_and_goes_closes_the_departure_alone() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(3, "zhytomyr", "lviv", 1).await;
    let report = shop.import(&with(3, Some("kyiv@09:00 rivne@14:00 lviv@17:00"))).await;
    assert_eq!(report.sold.closed.len(), 1);
    assert!(partner.offer(3, "kyiv", "lviv", 1).await.is_none());
    assert_eq!(ends(&partner.booking(&sold.id).await), ["zhytomyr 11:00", "lviv 17:00"]);
    let next_day = partner.offers("kyiv", "lviv", "2027-02-09", "").await;
    assert!(
        next_day.iter().any(|offer| is_of_company(offer, 3)),
        "other days are on sale"
    );
    partner.cancel(&sold.id).await.status(200);
    shop.audit().await;
}

#[tokio::test]
async fn a_smaller_bus_never_carries_more_than_it_has_seats() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(3, "kyiv", "lviv", 1).await;
    let sold = partner.sell(3, "kyiv", "lviv", 3).await;
    partner.pay(&sold.id).await.status(200);
    let mut source = feed::source(&lines());
    let vehicles = source.files.0.get_mut("vehicles.csv").unwrap();
    *vehicles = String::from_utf8(vehicles.clone())
        .unwrap()
        .replace("b3,3", "b3,1")
        .into_bytes();
    assert_eq!(
        shop.import_source(&source).await.sold.overbooked.len(),
        1,
        "the operator is told"
    );
    let at = |seat: &str| sold.seats.iter().position(|taken| taken == seat).unwrap();
    for seat in ["1", "2"] {
        partner
            .cancel_orders(&sold.id, &[&sold.orders[at(seat)]])
            .await
            .status(200);
        assert_eq!(
            partner.left(1, "kyiv", "lviv").await,
            0,
            "the passenger of seat 3 rides"
        );
        assert_eq!(partner.create(&token, 1).await.code(), "SEATS_UNAVAILABLE");
    }
    partner
        .cancel_orders(&sold.id, &[&sold.orders[at("3")]])
        .await
        .status(200);
    assert_eq!(partner.left(1, "kyiv", "lviv").await, 1);
    shop.audit().await;
}

#[tokio::test]
async fn a_stop_that_loses_its_city_is_not_sold_but_stays_on_tickets() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(3, "kyiv", "zhytomyr", 1).await;
    let through = partner.sell(3, "kyiv", "lviv", 1).await;
    let from = partner.sell(3, "zhytomyr", "lviv", 1).await;
    let mut source = feed::source(&lines());
    let stops = source.files.0.get_mut("stops.txt").unwrap();
    *stops = String::from_utf8(stops.clone())
        .unwrap()
        .replace("50.26235,28.67913", "60.5,20.5")
        .into_bytes();
    let report = shop.import_source(&source).await;
    assert_eq!(report.stops_without_city.len(), 1);
    for sold in [&through, &from] {
        let booking = partner.booking(&sold.id).await;
        assert_eq!(ends(&booking), ends(&sold.body));
        partner.pay(&sold.id).await.status(200);
    }
    partner.get("/v2/bookings").await.status(200);
    let seen = partner.create(&token, 1).await;
    seen.refused(409, "DEPARTURE_CLOSED");
    assert_eq!(partner.left(3, "zhytomyr", "lviv").await, 0);
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 1);
    shop.import(&lines()).await;
    assert_eq!(partner.left(3, "zhytomyr", "lviv").await, 1, "it has been put right");
    shop.audit().await;
}
