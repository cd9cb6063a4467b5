//! `frequencies.txt`: templates become departures, or nothing.

use domain::gtfs::compile;
use domain::gtfs::model::Feed;
use rstest::rstest;
use testing::feed::TestFeed;

use super::{read, terms, trips};

/// The tiny feed with these rows for its trip `day`, whose own times are those of a template.
fn with(rows: &str) -> TestFeed {
    TestFeed::tiny().file(
        "frequencies.txt",
        format!("trip_id,start_time,end_time,headway_secs,exact_times\n{rows}"),
    )
}

/// The times at which the bus of a trip leaves its stops, in minutes.
fn minutes(feed: &Feed, trip: &str) -> Vec<i32> {
    let trip = feed.trips.iter().find(|t| t.id == trip).unwrap();
    trip.calls.iter().map(|call| call.departure / 60).collect()
}

#[test]
fn exact_times_are_separate_departures_and_the_end_time_is_not_one() {
    let (feed, findings) = read(&with("day,06:30:00,22:00:00,1800,1\n"));
    assert_eq!(findings.flaws, [], "{findings:?}");
    let ids = trips(&feed);
    assert_eq!(ids.len(), 31 + 1, "06:30 to 21:30, and the night trip");
    assert_eq!((ids[0], ids[30]), ("day@06:30:00", "day@21:30:00"));
    assert!(!ids.contains(&"day"), "the template itself is never sold");
    assert_eq!(minutes(&feed, "day@06:30:00"), [390, 520, 700, 870]);
    assert_eq!(minutes(&feed, "day@21:30:00"), [1290, 1420, 1600, 1770]);
    assert_eq!(feed.dated_departures(), 32 * 92);
    let first = feed.trips[0].calls[0];
    assert_eq!(
        (first.arrival, first.boarding, first.alighting),
        (first.departure, true, false)
    );
    assert_eq!(
        findings.notices,
        ["frequencies.txt: 1 trips are templates of 31 departures a day; the templates are not sold"]
    );
}

#[test]
fn ranges_of_one_trip_add_up_and_go_past_midnight() {
    let (feed, findings) = read(&with("day,23:30:00,25:00:01,3600,1\nday,08:00,09:00,1200,1\n"));
    assert_eq!(findings.flaws, []);
    assert_eq!(
        trips(&feed),
        [
            "day@08:00:00",
            "day@08:20:00",
            "day@08:40:00",
            "day@23:30:00",
            "day@24:30:00",
            "night"
        ]
    );
    assert_eq!(minutes(&feed, "day@24:30:00")[0], 24 * 60 + 30);
}

#[rstest]
#[case::by_headway(
    "day,06:00:00,22:00:00,1800,0\n",
    "exact_times is not 1, so these are not exact departure times"
)]
#[case::nothing_said(
    "day,06:00:00,22:00:00,1800,\n",
    "exact_times is not 1, so these are not exact departure times"
)]
#[case::odd("day,06:00:00,22:00:00,1800,2\n", "exact_times \"2\" is neither 0 nor 1")]
#[case::no_headway("day,06:00:00,22:00:00,0,1\n", "headway_secs \"0\" is not a positive number")]
#[case::negative("day,06:00:00,22:00:00,-600,1\n", "headway_secs \"-600\" is not a positive number")]
#[case::reversed("day,22:00:00,06:00:00,1800,1\n", "end_time is not after start_time")]
#[case::empty("day,22:00:00,22:00:00,1800,1\n", "end_time is not after start_time")]
#[case::bad_time("day,late,22:00:00,1800,1\n", "\"late\" is not a time")]
#[case::misshapen("day,06:00:00,22:00:00,1800,1,more\n", "has 6 fields, the header has 5")]
fn what_states_no_departure_is_left_out_and_the_template_is_not_sold(#[case] rows: &str, #[case] reason: &str) {
    let (feed, findings) = read(&with(rows));
    assert_eq!(trips(&feed), ["night"]);
    let flaw = findings.flaws[0].to_string();
    assert!(flaw.starts_with(&format!("frequencies.txt:2 {reason}")), "{flaw}");
}

#[test]
fn a_feed_of_nothing_but_headways_is_refused_with_the_reason() {
    let rows = "day,06:00:00,22:00:00,1800,0\nnight,06:00:00,22:00:00,1800,0\n";
    let refusal = compile(&with(rows).files(), &terms()).unwrap_err().to_string();
    assert!(
        refusal.starts_with("no trip is usable: frequencies.txt:2 exact_times is not 1"),
        "{refusal}"
    );
}

#[test]
fn exact_and_other_rows_of_one_trip_are_distinguished() {
    let (feed, findings) = read(&with("day,06:00:00,08:00:00,3600,1\nday,08:00:00,20:00:00,600,0\n"));
    assert_eq!(trips(&feed), ["day@06:00:00", "day@07:00:00", "night"]);
    assert_eq!((findings.flaws.len(), findings.flaws[0].line), (1, 3));
}

#[test]
fn of_rows_that_overlap_the_first_stays() {
    let (feed, findings) = read(&with("day,06:00:00,08:00:00,3600,1\nday,07:30:00,09:00:00,1800,1\n"));
    assert_eq!(trips(&feed), ["day@06:00:00", "day@07:00:00", "night"]);
    assert!(
        findings.flaws[0]
            .to_string()
            .starts_with("frequencies.txt:3 overlaps line 2, which is kept"),
        "{findings:?}"
    );
    let (feed, findings) = read(&with("day,06:00:00,08:00:00,3600,1\nday,08:00:00,09:00:00,1800,1\n"));
    assert_eq!(
        (trips(&feed).len(), findings.flaws.len()),
        (5, 0),
        "one begins where the other ends"
    );
}

#[test]
fn an_unknown_trip_is_named_and_a_name_is_not_taken_twice() {
    let (feed, findings) = read(&with("ghost,06:00:00,08:00:00,3600,1\n"));
    assert_eq!(trips(&feed), ["day", "night"]);
    assert_eq!(
        findings.flaws[0].to_string(),
        "frequencies.txt:2 trip \"ghost\" is not in trips.txt"
    );

    let twin = with("day,06:00:00,08:00:00,3600,1\n")
        .replace("trips.txt", "K1,daily,night", "K1,daily,day@07:00:00")
        .replace("stop_times.txt", "night,", "day@07:00:00,");
    let (feed, findings) = read(&twin);
    assert_eq!(trips(&feed), ["day@06:00:00", "day@07:00:00"]);
    assert_eq!(findings.flaws.len(), 1, "{findings:?}");
}

#[test]
fn implausibly_many_departures_are_refused() {
    let (feed, findings) = read(&with("day,00:00:00,24:00:00,1,1\n"));
    assert_eq!(trips(&feed), ["night"]);
    assert!(findings.flaws[0].reason.contains("too many departures"), "{findings:?}");
}

#[rstest]
#[case::other_columns(b"trip,from,to\nday,06:00:00,22:00:00\n".as_slice(), "has no column trip_id")]
#[case::open_quote(b"trip_id,start_time,end_time,headway_secs,exact_times\n\"day,06:00:00\n", "")]
#[case::wide(b"\xff\xfet\0r\0i\0p\0_\0i\0d\0\n\0d\0a\0y\0\n\0", "is not UTF-8")]
fn trips_of_a_file_that_cannot_be_read_are_not_sold(#[case] content: &[u8], #[case] reason: &str) {
    let mut content = content.to_vec();
    if reason.is_empty() {
        content.extend("x,y\n".repeat(60).into_bytes());
    }
    let (feed, findings) = read(&TestFeed::tiny().file("frequencies.txt", content));
    assert_eq!(trips(&feed), ["night"]);
    let flaw = findings.flaws[0].to_string();
    assert!(
        flaw.contains(reason) && flaw.ends_with("the file is left out"),
        "{flaw}"
    );
}
