//! Stops of which the feed says too little: they stay on the way, and are not sold.

use common::testing::feed::TestFeed;
use rstest::rstest;

use super::{read, trips};

#[rstest]
#[case::blank("rivne,Rivne,,,,rivne,", "stop_lat and stop_lon are blank")]
#[case::half("rivne,Rivne,,50.62036,,rivne,", "\"50.62036\" \"\" is no place on Earth")]
#[case::origin("rivne,Rivne,,0,0.0,rivne,", "\"0\" \"0.0\" is no place where a bus stops")]
#[case::pole(
    "rivne,Rivne,,89.9,26.23695,rivne,",
    "\"89.9\" \"26.23695\" is no place where a bus stops"
)]
#[case::words("rivne,Rivne,,north,east,rivne,", "\"north\" \"east\" is no place on Earth")]
#[case::far(
    "rivne,Rivne,,506.2036,26.23695,rivne,",
    "\"506.2036\" \"26.23695\" is no place on Earth"
)]
#[case::not_a_number("rivne,Rivne,,NaN,26.23695,rivne,", "\"NaN\" \"26.23695\" is no place on Earth")]
#[case::nameless("rivne,,,50.62036,26.23695,rivne,", "stop_name is blank")]
fn a_stop_without_point_or_name_is_not_sold_and_the_trip_stays(#[case] row: &str, #[case] reason: &str) {
    let (feed, findings) = read(&TestFeed::tiny().replace("stops.txt", "rivne,Rivne,,50.62036,26.23695,rivne,", row));
    assert_eq!(trips(&feed), ["day", "night"]);
    assert_eq!(
        findings.flaws.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [format!(
            "stops.txt:4 {reason}; nothing is sold from stop \"rivne\" or to it"
        )]
    );
    let on_sale: Vec<bool> = feed.stops.iter().map(|stop| stop.on_sale).collect();
    assert_eq!(on_sale, [true, true, false, true]);
    let meters: Vec<i32> = feed.trips[0].calls.iter().map(|call| call.meters).collect();
    assert!(meters.is_sorted() && meters[3] > 440_000, "{meters:?}");
}

#[test]
fn a_stop_takes_point_and_name_from_its_station() {
    let feed = TestFeed::tiny()
        .replace(
            "stops.txt",
            "zone_id,platform_code",
            "zone_id,parent_station,location_type",
        )
        .replace("stops.txt", "kyiv,5", "kyiv,,")
        .replace(
            "stops.txt",
            "rivne,Rivne,,50.62036,26.23695,rivne,",
            "rivne,,,,,rivne,hall,0",
        )
        .replace(
            "stops.txt",
            "zhytomyr,Zhytomyr,,50.26235,28.67913,",
            "zhytomyr,Zhytomyr,,0,0,",
        )
        .replace("stops.txt", "zhytomyr,\n", "zhytomyr,nowhere,\n");
    let stops = String::from_utf8(feed.files["stops.txt"].clone()).unwrap();
    let feed = feed.file("stops.txt", format!("{stops}hall,Rivne hall,,50.62036,26.23695,,,1\n"));
    let (feed, findings) = read(&feed);
    let rivne = &feed.stops[2];
    assert_eq!((rivne.name.as_str(), rivne.on_sale), ("Rivne hall", true));
    assert!(rivne.point.is_some_and(|point| point.latitude > 50.6));
    assert_eq!(
        findings.notices,
        ["1 stops have the point or the name of their station"]
    );
    assert_eq!(
        findings.flaws.len(),
        1,
        "a station that is not there gives nothing: {findings:?}"
    );
    assert!(!feed.stops[1].on_sale);
}

#[test]
fn the_first_stop_may_be_the_one_without_a_point() {
    let (feed, _) = read(&TestFeed::tiny().replace("stops.txt", "50.45466,30.5238", ","));
    let meters: Vec<i32> = feed.trips[0].calls.iter().map(|call| call.meters).collect();
    assert_eq!(meters[..2], [0, 0]);
    assert!(meters[2] > 100_000, "{meters:?}");
}
