//! Sales of trips that an import recognises, or is not sure about.

use app::timetable::{self, MatchDecision};
use clients::gtfs_source::Source;
use serde_json::{Value, json};
use testing::world::operator;

use crate::harness::feed::{self, lines};
use crate::sales::import::ends;
use crate::sales::support::Shop;

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

/// The names and ids on a ticket that outsiders know: order, seat, bus, carriage, route with its company, stops.
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
    partner.pay(&sold.id).await.status(200);
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
async fn a_departure_in_doubt_is_not_sold_until_an_operator_decides() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(3, "kyiv", "lviv", 1).await;
    let sold = partner.sell(3, "kyiv", "lviv", 2).await;
    partner.pay(&sold.id).await.status(200);
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
    seen.refused(409, "DEPARTURE_CLOSED");
    assert_eq!(
        ends(&partner.booking(&sold.id).await),
        ["kyiv 09:00", "lviv 17:00"],
        "as it was sold"
    );
    let now = shop.clock.now();
    let (open, _) = timetable::matches(shop.pool(), now, None, 10).await.unwrap();
    timetable::resolve(shop.pool(), now, &operator(), open[0].id, MatchDecision::SameRun, false)
        .await
        .unwrap();
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 1);
    assert_eq!(ends(&partner.booking(&sold.id).await), ["kyiv 09:10", "lviv 17:00"]);
    partner.sell(3, "kyiv", "lviv", 1).await;
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 0);
    shop.audit().await;
}
