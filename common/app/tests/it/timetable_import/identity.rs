//! A run is what runs, not what a feed calls it: its tickets and seats stay on it, and it is not sold anew.

use rstest::rstest;
use uuid::Uuid;

use super::model::{EVERY_DAY, Model, WEEKEND, WORKING_DAYS, minutes};
use super::shop::Shop;

/// A Tuesday and a Saturday of the calendar.
const TUESDAY: &str = "2026-12-01";
const SATURDAY: &str = "2026-12-05";

/// What outside names: stops, routes, companies and carriers by id.
async fn ids(shop: &Shop) -> Vec<Uuid> {
    sqlx::query_scalar(
        "select id from stops where withdrawn_at is null union all select id from routes where withdrawn_at is null
         union all select company_id from routes where withdrawn_at is null
         union all select carrier_id from routes where withdrawn_at is null order by 1",
    )
    .fetch_all(&shop.pool)
    .await
    .unwrap()
}

fn rename(id: &mut String, suffix: &str) {
    id.push_str(suffix);
}

fn everything(model: &mut Model) {
    model.stops.iter_mut().for_each(|stop| rename(&mut stop.0, "-v2"));
    for id in [
        &mut model.agencies[0].0,
        &mut model.routes[0].0,
        &mut model.services[0].0,
        &mut model.runs[0].trip_id,
    ] {
        rename(id, "-v2");
    }
}

/// All 50 seats are sold; then the feed is exported anew. Nothing of it is new.
#[rstest]
#[case::trip(|m: &mut Model| rename(&mut m.runs[0].trip_id, "-v2"))]
#[case::service(|m: &mut Model| rename(&mut m.services[0].0, "-v2"))]
#[case::route(|m: &mut Model| rename(&mut m.routes[0].0, "-v2"))]
#[case::route_and_its_name(|m: &mut Model| m.routes[0] = ("R2".to_owned(), "Lviv express".to_owned(), 0))]
#[case::route_and_trip(|m: &mut Model| { m.routes[0].0 = "R2".to_owned(); m.runs[0].trip_id = "X".to_owned(); })]
#[case::stops(|m: &mut Model| m.stops.iter_mut().for_each(|stop| rename(&mut stop.0, "-v2")))]
#[case::names_of_stops(|m: &mut Model| m.stops.iter_mut().for_each(|stop| rename(&mut stop.1, " (central)")))]
#[case::ids_of_stops_swapped(|m: &mut Model| { m.stops[0].0 = "l".to_owned(); m.stops[2].0 = "k".to_owned(); })]
#[case::agency(|m: &mut Model| rename(&mut m.agencies[0].0, "2"))]
#[case::name_of_the_agency(|m: &mut Model| rename(&mut m.agencies[0].1, " and Sons"))]
#[case::agency_and_its_name(|m: &mut Model| m.agencies[0] = ("NEW".to_owned(), "New Lines".to_owned()))]
#[case::block(|m: &mut Model| m.runs[0].block = Some("new-block".to_owned()))]
#[case::everything(everything)]
#[tokio::test]
async fn a_renamed_feed_is_the_same(#[case] change: fn(&mut Model)) {
    let base = Model::base();
    let shop = Shop::open(&base).await;
    let (before, offer) = (ids(&shop).await, shop.offers(TUESDAY).await.remove(0));
    let tickets = shop.sell(&offer, 50).await;
    let report = shop.import(&base.with(change)).await;
    assert_eq!(
        shop.left(TUESDAY).await.iter().map(|(_, left)| *left).sum::<u16>(),
        0,
        "{report}"
    );
    assert_eq!(shop.offers(SATURDAY).await[0].seats_left, 50, "other days are on sale");
    assert_eq!(ids(&shop).await, before, "ids outside stay");
    assert_eq!(
        (report.sold.closed.len(), report.sold.doubtful.len()),
        (0, 0),
        "{report}"
    );
    for ticket in &tickets {
        assert!(!shop.ticket(*ticket).await.3, "its departure is open");
    }
    // And back again.
    shop.import(&base).await;
    assert_eq!(shop.left(TUESDAY).await, [("T1".to_owned(), 0)]);
    assert_eq!(ids(&shop).await, before);
}

fn halves(model: &mut Model) {
    model.services = vec![
        ("WORK".to_owned(), WORKING_DAYS),
        ("END".to_owned(), WEEKEND),
        ("D".to_owned(), EVERY_DAY),
    ];
    let end = super::model::Run {
        trip_id: "T1-END".to_owned(),
        service: 1,
        ..model.runs[0].clone()
    };
    model.runs.push(end);
    model.runs[0].trip_id = "T1-WORK".to_owned();
}

#[tokio::test]
async fn a_trip_may_be_split_and_merged() {
    let base = Model::base();
    let shop = Shop::open(&base).await;
    let mut sold = Vec::new();
    for day in [TUESDAY, SATURDAY] {
        let offer = shop.offers(day).await.remove(0);
        sold.extend(shop.sell(&offer, 30).await);
    }
    let split = base.with(halves);
    let report = shop.import(&split).await;
    assert_eq!(report.sold.moved, 1, "those of one half go to the other trip: {report}");
    assert_eq!(shop.left(TUESDAY).await, [("T1-WORK".to_owned(), 20)]);
    assert_eq!(shop.left(SATURDAY).await, [("T1-END".to_owned(), 20)]);
    let seats: Vec<i16> = {
        let mut seats = Vec::new();
        for ticket in &sold {
            seats.push(shop.ticket(*ticket).await.2);
        }
        seats
    };
    let offer = shop.offers(SATURDAY).await.remove(0);
    sold.extend(shop.sell(&offer, 20).await);
    // Merged under a name that neither had.
    let merged = base.with(|m| m.runs[0].trip_id = "T2".to_owned());
    let report = shop.import(&merged).await;
    assert!(
        report.sold.closed.is_empty() && report.sold.doubtful.is_empty(),
        "{report}"
    );
    assert_eq!(shop.left(TUESDAY).await, [("T2".to_owned(), 20)]);
    assert_eq!(shop.left(SATURDAY).await, [("T2".to_owned(), 0)]);
    for (ticket, seat) in sold.iter().zip(seats) {
        assert_eq!(shop.ticket(*ticket).await.2, seat, "every passenger keeps the seat");
    }
    let rows: i64 = sqlx::query_scalar("select count(*) from departures")
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert_eq!(rows, 2, "no departure is left behind");
}

#[tokio::test]
async fn ids_that_are_swapped_change_nothing() {
    let base = Model::base().with(|m| {
        m.run("T2", "14:00");
        m.runs[1].block = Some("small".to_owned());
        m.buses = vec![("small".to_owned(), 20)];
    });
    let shop = Shop::open(&base).await;
    let offers = shop.offers(TUESDAY).await;
    shop.sell(&offers[0], 50).await;
    shop.sell(&offers[1], 5).await;
    let swapped = base.with(|m| {
        m.runs[0].trip_id = "T2".to_owned();
        m.runs[1].trip_id = "T1".to_owned();
    });
    let report = shop.import(&swapped).await;
    assert_eq!(
        shop.left(TUESDAY).await,
        [("T2".to_owned(), 0), ("T1".to_owned(), 15)],
        "{report}"
    );
    assert_eq!(report.sold.moved, 0, "not even the trips have other ids inside");
}

#[tokio::test]
async fn a_run_that_comes_back_under_another_id_has_its_tickets() {
    let base = Model::base().with(|m| {
        m.run("T2", "14:00");
    });
    let shop = Shop::open(&base).await;
    let offer = shop.offers(TUESDAY).await.remove(0);
    shop.sell(&offer, 50).await;
    let report = shop.import(&base.with(|m| m.runs[0].withdrawn = true)).await;
    assert_eq!(
        (report.sold.closed.len(), report.sold.doubtful.len()),
        (1, 0),
        "{report}"
    );
    assert_eq!(
        shop.left(TUESDAY).await,
        [("T2".to_owned(), 50)],
        "the other coach is another coach"
    );
    let report = shop.import(&base.with(|m| m.runs[0].trip_id = "T9".to_owned())).await;
    assert_eq!(report.sold.reopened, 1, "{report}");
    assert_eq!(shop.left(TUESDAY).await, [("T9".to_owned(), 0), ("T2".to_owned(), 50)]);
}

#[tokio::test]
async fn a_smaller_bus_under_another_name_is_not_filled_again() {
    let base = Model::base();
    let shop = Shop::open(&base).await;
    let offer = shop.offers(TUESDAY).await.remove(0);
    shop.sell(&offer, 40).await;
    let smaller = base.with(|m| {
        rename(&mut m.runs[0].trip_id, "-v2");
        m.runs[0].block = Some("small".to_owned());
        m.buses = vec![("small".to_owned(), 30)];
    });
    let report = shop.import(&smaller).await;
    assert_eq!(report.sold.overbooked.len(), 1, "{report}");
    assert_eq!(shop.left(TUESDAY).await, [("T1-v2".to_owned(), 0)]);
}

#[tokio::test]
async fn what_a_feed_has_twice_is_offered_once() {
    let base = Model::base();
    let shop = Shop::open(&base).await;
    let offer = shop.offers(TUESDAY).await.remove(0);
    shop.sell(&offer, 50).await;
    let double = base.with(|m| {
        m.runs.insert(
            0,
            super::model::Run {
                trip_id: "T0".to_owned(),
                ..m.runs[0].clone()
            },
        );
    });
    let report = shop.import(&double).await;
    assert!(
        report
            .findings
            .notices
            .iter()
            .any(|line| line.contains("\"T1\" is trip \"T0\" again on 14 days")),
        "{report}"
    );
    assert_eq!(report.dated_departures, 14);
    assert_eq!(shop.left(TUESDAY).await, [("T0".to_owned(), 0)]);
    // Another bus is another run.
    let second = double.with(|m| {
        m.runs[1].block = Some("second".to_owned());
        m.buses = vec![("second".to_owned(), 20)];
    });
    shop.import(&second).await;
    let mut left = shop.left(TUESDAY).await;
    left.sort_unstable();
    assert_eq!(left, [("T0".to_owned(), 0), ("T1".to_owned(), 20)]);
}

#[tokio::test]
async fn the_same_trip_at_other_times_keeps_its_tickets() {
    let base = Model::base();
    let shop = Shop::open(&base).await;
    let offer = shop.offers(TUESDAY).await.remove(0);
    shop.sell(&offer, 50).await;
    let report = shop.import(&base.with(|m| m.runs[0].leaves = minutes("08:40"))).await;
    assert_eq!((report.sold.moved, report.sold.doubtful.len()), (1, 0), "{report}");
    assert_eq!(shop.left(TUESDAY).await, [("T1".to_owned(), 0)]);
}
