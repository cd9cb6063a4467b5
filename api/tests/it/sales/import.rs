use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use app::timetable::{self, Verdict};
use clients::gtfs_source::Source;
use domain::id::{BusId, TripId};
use serde_json::{Value, json};
use testing::eventually::eventually;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::harness::DAY;
use crate::harness::feed::{self, Line, lines};
use crate::harness::partner::{Sold, is_ours};
use crate::sales::support::{Shop, day, kyiv};

/// Our trips with another course of the bus with so many seats; without it when there is none.
fn with(seats: u16, calls: Option<&'static str>) -> Vec<Line> {
    let mut lines = lines();
    lines.retain(|line| line.seats != seats);
    lines.extend(calls.map(|calls| Line { seats, calls }));
    lines
}

/// `city departure-or-arrival` of the first and the last stop of a ticket.
fn ends(booking: &Value) -> [String; 2] {
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
    assert_eq!(partner.act("pay", &paid.id).await.status, 200);
    let report = shop.import(&with(3, None)).await;
    assert_eq!(report.sold.closed.len(), 1, "the operator is told");
    let seen = partner.create(&token, 1).await;
    assert_eq!((seen.status, seen.code()), (409, "DEPARTURE_CLOSED"));
    assert!(partner.offer(3, "kyiv", "lviv", 1).await.is_none());
    assert_eq!(ends(&partner.booking(&paid.id).await), ["kyiv 09:00", "lviv 17:00"]);
    assert_eq!(partner.act("book", &open.id).await.status, 200, "its seat is held");
    shop.import(&lines()).await;
    assert_eq!(
        partner.left(3, "kyiv", "lviv").await,
        1,
        "it is back with the seats that were sold"
    );
    assert_eq!(partner.create(&token, 1).await.status, 201);
    shop.import(&with(3, None)).await;
    shop.wait(20);
    let lapsed = partner.get("/v2/bookings?take=1").await.body["data"]["bookings"][0]["id"].clone();
    let seen = partner.act("pay", lapsed.as_str().unwrap()).await;
    assert_eq!(
        (seen.status, seen.code()),
        (409, "DEPARTURE_CLOSED"),
        "nothing is revived on it"
    );
    assert_eq!(partner.act("cancel", &paid.id).await.status, 200);
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
    assert!(next_day.iter().any(|offer| is_ours(offer, 3)), "other days are on sale");
    assert_eq!(partner.act("cancel", &sold.id).await.status, 200);
    shop.audit().await;
}

#[tokio::test]
async fn a_smaller_bus_never_carries_more_than_it_has_seats() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(3, "kyiv", "lviv", 1).await;
    let sold = partner.sell(3, "kyiv", "lviv", 3).await;
    assert_eq!(partner.act("pay", &sold.id).await.status, 200);
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
        assert_eq!(
            partner
                .act_on("cancel", &sold.id, &[&sold.orders[at(seat)]])
                .await
                .status,
            200
        );
        assert_eq!(
            partner.left(1, "kyiv", "lviv").await,
            0,
            "the passenger of seat 3 rides"
        );
        assert_eq!(partner.create(&token, 1).await.code(), "SEATS_UNAVAILABLE");
    }
    assert_eq!(
        partner
            .act_on("cancel", &sold.id, &[&sold.orders[at("3")]])
            .await
            .status,
        200
    );
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
        assert_eq!(partner.act("pay", &sold.id).await.status, 200);
    }
    assert_eq!(partner.get("/v2/bookings").await.status, 200);
    let seen = partner.create(&token, 1).await;
    assert_eq!((seen.status, seen.code()), (409, "DEPARTURE_CLOSED"));
    assert_eq!(partner.left(3, "zhytomyr", "lviv").await, 0);
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 1);
    shop.import(&lines()).await;
    assert_eq!(partner.left(3, "zhytomyr", "lviv").await, 1, "it has been put right");
    shop.audit().await;
}

const SHORT: &str = "rivne@14:00 lviv@17:00";
const LONG: &str = "kyiv@09:00 zhytomyr@11:00 rivne@14:30 lviv@17:30";

/// Buys Rivne to Lviv on any day and reads it over and over: the journey is always one that was published.
async fn passenger(shop: Arc<Shop>, number: usize, importing: Arc<AtomicBool>) {
    let partner = shop.website();
    let date = format!("2027-02-{:02}", 10 + number);
    while importing.load(Ordering::SeqCst) {
        let offers = partner.offers("rivne", "lviv", &date, "").await;
        let Some(offer) = offers.iter().find(|offer| is_ours(offer, 20)) else {
            break; // full
        };
        let seen = partner.create(offer["id"].as_str().unwrap(), 1).await;
        if seen.status != 201 {
            assert_eq!(seen.code(), "SEATS_UNAVAILABLE", "{}", seen.body);
            break;
        }
        let sold = Sold::of(&seen);
        let action = if number.is_multiple_of(2) { "pay" } else { "cancel" };
        assert_eq!(partner.act(action, &sold.id).await.status, 200);
        for _ in 0..6 {
            let ends = ends(&partner.booking(&sold.id).await);
            assert!(
                [["rivne 14:00", "lviv 17:00"], ["rivne 14:30", "lviv 17:30"]]
                    .contains(&ends.each_ref().map(String::as_str)),
                "{ends:?} is no mix"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sales_and_readers_never_see_half_an_import() {
    let shop = Arc::new(Shop::open().await);
    shop.import(&with(20, Some(SHORT))).await;
    let importing = Arc::new(AtomicBool::new(true));
    let mut passengers: JoinSet<()> = (0..8)
        .map(|number| passenger(Arc::clone(&shop), number, Arc::clone(&importing)))
        .collect();
    // Ten imports, and on until passengers met more than one of them.
    let mut round = 0;
    while round < 10 || shop.count("select count(*) from tickets").await <= 8 {
        shop.import(&with(20, Some(if round % 2 == 0 { LONG } else { SHORT })))
            .await;
        round += 1;
        assert!(round < 1_000, "nobody buys");
    }
    importing.store(false, Ordering::SeqCst);
    while let Some(done) = passengers.join_next().await {
        done.unwrap();
    }
    shop.audit().await;
}

/// Waits until so many sessions of this database stand in line for a lock.
async fn in_line(shop: &Shop, sessions: i64) {
    eventually("sessions that wait for a lock", Duration::from_secs(60), async || {
        let waiting = shop
            .count(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
            )
            .await;
        (waiting == sessions).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_first_sale_an_import_and_a_move_do_not_wait_in_a_circle() {
    let shop = Arc::new(Shop::open().await);
    let partner = shop.website();
    let offer = partner.offer(3, "kyiv", "lviv", 1).await.unwrap();
    let token = offer["id"].as_str().unwrap().to_owned();
    let (trip, bus): (Uuid, Uuid) = sqlx::query_as("select id, bus_id from trips where feed_trip_id = 't3'")
        .fetch_one(shop.pool())
        .await
        .unwrap();
    // As regrouping begins.
    let mut moving = shop.pool().begin().await.unwrap();
    db::publication::hold(&mut moving).await.unwrap();
    let importing = {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move { shop.import(&with(3, Some(LONG))).await })
    };
    in_line(&shop, 1).await;
    let selling = tokio::spawn(async move { partner.create(&token, 1).await });
    in_line(&shop, 2).await;
    let stored = db::departure::ensure(&mut moving, (TripId(trip), day(DAY)), BusId(bus)).await;
    assert!(stored.unwrap(), "nobody is in the way");
    moving.rollback().await.unwrap();
    importing.await.unwrap();
    let sold = Sold::of(&selling.await.unwrap());
    assert_eq!(ends(&sold.body), ["kyiv 09:00", "lviv 17:30"], "the sale looked again");
    shop.audit().await;
}

#[tokio::test]
async fn a_late_payment_that_waits_for_an_import_gets_the_bus_that_runs_then() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(4, "kyiv", "lviv", 3).await;
    shop.wait(20);
    assert_eq!(shop.sweep().await, 3);
    let mut importing = shop.pool().begin().await.unwrap();
    sqlx::raw_sql("select from departures for update")
        .execute(&mut *importing)
        .await
        .unwrap();
    let (client, id) = (partner.clone(), sold.id.clone());
    let paying = tokio::spawn(async move { client.act("pay", &id).await });
    in_line(&shop, 1).await;
    sqlx::raw_sql("update departures set bus_id = (select id from buses where key = 'b2')")
        .execute(&mut *importing)
        .await
        .unwrap();
    importing.commit().await.unwrap();
    let seen = paying.await.unwrap();
    assert_eq!(
        (seen.status, seen.code()),
        (409, "SEATS_UNAVAILABLE"),
        "two seats for three"
    );
    assert_eq!(
        partner
            .act_on("pay", &sold.id, &[&sold.orders[0], &sold.orders[2]])
            .await
            .status,
        200
    );
    shop.audit().await;
}

/// The feed with trip `t3` under another id.
fn renamed() -> Source {
    let mut source = feed::source(&lines());
    for name in ["trips.txt", "stop_times.txt"] {
        let text = source.files.0.get_mut(name).unwrap();
        *text = String::from_utf8(text.clone())
            .unwrap()
            .replace("t3,", "other,")
            .into_bytes();
    }
    source
}

/// What outside names on a ticket: order, seat, bus, carriage, route with its company, stops.
fn names(booking: &Value) -> Value {
    let (ticket, slice) = (&booking["tickets"][0], &booking["tickets"][0]["slices"][0]);
    let stops: Vec<&Value> = slice["stops"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stop| &stop["cityStopId"])
        .collect();
    json!([
        ticket["id"],
        slice["id"],
        slice["seat"],
        slice["bus"],
        slice["carriage"],
        slice["route"],
        stops
    ])
}

#[tokio::test]
async fn a_trip_that_is_renamed_is_not_sold_again() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(3, "kyiv", "lviv", 3).await;
    let sold = partner.sell(3, "kyiv", "lviv", 2).await;
    assert_eq!(partner.act("pay", &sold.id).await.status, 200);
    let before = partner.booking(&sold.id).await;
    let report = shop.import_source(&renamed()).await;
    assert_eq!(
        (report.sold.closed.len(), report.sold.doubtful.len()),
        (0, 0),
        "{report}"
    );
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 1, "the seats that were left");
    assert_eq!(
        names(&partner.booking(&sold.id).await),
        names(&before),
        "ids outside stay"
    );
    assert_eq!(
        partner.create(&token, 1).await.status,
        201,
        "a token from before buys the last seat"
    );
    assert_eq!(partner.create(&token, 1).await.code(), "SEATS_UNAVAILABLE");
    shop.audit().await;
}

#[tokio::test]
async fn a_departure_in_doubt_is_sold_by_nobody_until_somebody_decides() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(3, "kyiv", "lviv", 1).await;
    let sold = partner.sell(3, "kyiv", "lviv", 2).await;
    assert_eq!(partner.act("pay", &sold.id).await.status, 200);
    let mut source = renamed();
    let times = source.files.0.get_mut("stop_times.txt").unwrap();
    *times = String::from_utf8(times.clone())
        .unwrap()
        .replace("other,09:00:00,09:00:00", "other,09:10:00,09:10:00")
        .into_bytes();
    let report = shop.import_source(&source).await;
    assert_eq!(report.sold.doubtful.len(), 1, "{report}");
    assert!(partner.offer(3, "kyiv", "lviv", 1).await.is_none());
    let seen = partner.create(&token, 1).await;
    assert_eq!((seen.status, seen.code()), (409, "DEPARTURE_CLOSED"));
    assert_eq!(
        ends(&partner.booking(&sold.id).await),
        ["kyiv 09:00", "lviv 17:00"],
        "as it was sold"
    );
    let now = shop.clock.now();
    let (open, _) = timetable::matches(shop.pool(), now, None, 10).await.unwrap();
    timetable::resolve(shop.pool(), now, open[0].id, Verdict::SameRun, false)
        .await
        .unwrap();
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 1);
    assert_eq!(ends(&partner.booking(&sold.id).await), ["kyiv 09:10", "lviv 17:00"]);
    partner.sell(3, "kyiv", "lviv", 1).await;
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 0);
    shop.audit().await;
}
