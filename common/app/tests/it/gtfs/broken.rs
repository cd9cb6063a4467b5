//! Feeds with rows or files that are broken.

use domain::gtfs::{Clause, Refusal, compile};
use rstest::rstest;
use testing::feed::TestFeed;

use super::{all_coded, coded, terms, trips};

#[rstest]
#[case::unknown_stop("stop_times.txt", "day,10:00:00,10:10:00,zhytomyr", "day,10:00:00,10:10:00,atlantis",
    "stop_times.txt:3 stop \"atlantis\" is not in stops.txt; trip \"day\" is left out", &["night"])]
#[case::bad_time("stop_times.txt", "night,26:30:00", "night,26:3O:00",
    "stop_times.txt:8 \"26:3O:00\" is not a time (HH:MM:SS, at most a week); trip \"night\" is left out", &["day"])]
#[case::no_first_time("stop_times.txt", "day,08:00:00,08:00:00", "day,,",
    "stop_times.txt:2 the first and the last stop must have a time; trip \"day\" is left out", &["night"])]
#[case::same_sequence("stop_times.txt", "rivne,3,0,0\nday", "rivne,2,0,0\nday",
    "stop_times.txt:4 stop_sequence 2 occurs twice; trip \"day\" is left out", &["night"])]
#[case::departs_first("stop_times.txt", "day,13:00:00,13:10:00", "day,13:10:00,13:00:00",
    "stop_times.txt:4 departs before it arrives; trip \"day\" is left out", &["night"])]
#[case::bad_pickup("stop_times.txt", "day,13:00:00,13:10:00,rivne,3,0", "day,13:00:00,13:10:00,rivne,3,7",
    "stop_times.txt:4 pickup_type \"7\" is not 0, 1, 2 or 3; trip \"day\" is left out", &["night"])]
#[case::unknown_trip("stop_times.txt", "day,08:00:00,08:00:00,kyiv,1,0,1\n", "day,08:00:00,08:00:00,kyiv,1,0,1\nghost,8:00,8:00,kyiv,1,0,0\n",
    "stop_times.txt:3 trip \"ghost\" is not in trips.txt", &["day", "night"])]
#[case::unknown_route("trips.txt", "K1,daily,night", "K9,daily,night",
    "trips.txt:3 route \"K9\" is not in routes.txt; \"night\" is left out", &["day"])]
#[case::unknown_service("trips.txt", "K1,daily,night", "K1,never,night",
    "trips.txt:3 service \"never\" is in no calendar file; \"night\" is left out", &["day"])]
#[case::same_trip_twice("trips.txt", "K1,daily,night", "K1,daily,day,x\nK1,daily,night",
    "trips.txt:3 \"day\" is defined twice; the first definition is kept", &["day", "night"])]
#[case::no_stop_times("trips.txt", "K1,daily,night", "K1,daily,empty,\nK1,daily,night",
    "trips.txt:3 has no stop times; trip \"empty\" is left out", &["day", "night"])]
#[case::not_on_earth("stops.txt", "49.83826,24.02324", "149.83826,24.02324",
    "stops.txt:5 \"149.83826\" \"24.02324\" is not a valid position; nothing is sold from stop \"lviv\" or to it", &["day", "night"])]
#[case::same_stop_twice("stops.txt", "rivne,Rivne,", "kyiv,Other Kyiv,,1,1,x,\nrivne,Rivne,",
    "stops.txt:4 stop \"kyiv\" is defined twice; the first definition is kept", &["day", "night"])]
#[case::unknown_agency("routes.txt", "K1,tiny", "K1,huge",
    "routes.txt:2 agency \"huge\" is not in agency.txt; \"K1\" is left out", &[])]
#[case::bad_day("calendar.txt", "20270131", "20270231",
    "calendar.txt:2 \"20270231\" is not a day (YYYYMMDD); service \"daily\" and its trips are left out", &[])]
#[case::bad_price("fare_attributes.txt", "250.00", "25O.00",
    "fare_attributes.txt:2 \"25O.00\" is not a price; fare \"short\" is left out, and nothing is sold where it applies", &["day", "night"])]
#[case::bad_currency("fare_attributes.txt", "760.00,UAH", "760.00,GBP",
    "fare_attributes.txt:3 currency \"GBP\": unknown currency, expected one of UAH PLN CZK EUR USD; fare \"long\" is left out, and nothing is sold where it applies", &["day", "night"])]
#[case::unknown_zone("fare_rules.txt", "kyiv,lviv", "kyiv,mars",
    "fare_rules.txt:4 no stop is in zone \"mars\"; this rule is left out", &["day", "night"])]
#[case::unknown_fare("fare_rules.txt", "long,K1", "longer,K1",
    "fare_rules.txt:4 fare \"longer\" is not in fare_attributes.txt; nothing is sold where this rule applies", &["day", "night"])]
#[case::lost_call("stop_times.txt", "rivne,3,0,0\nday", "rivne,3,0,0,0\nday",
    "stop_times.txt:4 has 8 fields, the header has 7", &["night"])]
#[case::lost_day("calendar.txt", "20270131", "20270131,0",
    "calendar.txt:2 has 11 fields, the header has 10", &[])]
#[case::surplus_fields("fare_rules.txt", "long,K1,kyiv,lviv", "long,K1,kyiv,lviv,more",
    "fare_rules.txt:4 has 5 fields, the header has 4", &["day", "night"])]
fn a_bad_row_is_named_and_costs_what_hangs_on_it(
    #[case] file: &str,
    #[case] from: &str,
    #[case] to: &str,
    #[case] flaw: &str,
    #[case] left: &[&str],
) {
    match compile(&TestFeed::tiny().replace(file, from, to).files(), &terms()) {
        Ok((feed, findings)) => {
            all_coded(&findings);
            let flaws: Vec<String> = findings.flaws.iter().map(ToString::to_string).collect();
            assert_eq!(flaws.first().map(String::as_str), Some(flaw), "{flaws:?}");
            assert_eq!(trips(&feed), left);
        }
        // A feed without a trip that is left would take everything off sale.
        Err(refusal) => {
            assert!(
                refusal.to_string().starts_with(&format!("no trip is usable: {flaw}")),
                "{refusal}"
            );
            coded(&refusal.remark());
            assert!(left.is_empty());
        }
    }
}

#[rstest]
#[case::no_agency("agency.txt", None, "agency.txt is missing")]
#[case::no_stops("stops.txt", None, "stops.txt is missing")]
#[case::no_calendar("calendar.txt", None, "calendar.txt and calendar_dates.txt are both missing")]
#[case::nothing_in_it("trips.txt", Some(""), "trips.txt is empty")]
#[case::header_only(
    "stop_times.txt",
    Some("trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"),
    "stop_times.txt is empty"
)]
#[case::no_column(
    "stops.txt",
    Some("stop_id,stop_name,stop_lat\nx,X,1\n"),
    "stops.txt has no column stop_lon"
)]
#[case::zone(
    "agency.txt",
    Some("agency_name,agency_timezone\nTiny,Mars/Olympus\n"),
    "agency.txt:2 no agency is usable: unknown time zone \"Mars/Olympus\""
)]
fn a_file_that_is_broken_refuses_the_feed(#[case] file: &str, #[case] content: Option<&str>, #[case] message: &str) {
    let feed = match content {
        Some(content) => TestFeed::tiny().file(file, content),
        None => TestFeed::tiny().without(file),
    };
    let refusal = compile(&feed.files(), &terms()).unwrap_err();
    assert_eq!(refusal.to_string(), message);
    coded(&refusal.remark());
}

#[test]
fn foreign_encodings_are_named() {
    let latin = TestFeed::tiny().file(
        "stops.txt",
        b"stop_id,stop_name,stop_lat,stop_lon\n1,K\xf6ln,50.9,6.9\n".to_vec(),
    );
    let refusal = compile(&latin.files(), &terms()).unwrap_err();
    assert!(
        matches!(
            refusal,
            Refusal::Malformed {
                file: "stops.txt",
                line: 2,
                ..
            }
        ),
        "{refusal}"
    );
}

#[test]
fn a_reason_says_in_clauses_what_is_wrong_and_what_is_left_out() {
    let feed = TestFeed::tiny().replace(
        "stop_times.txt",
        "day,10:00:00,10:10:00,zhytomyr",
        "day,10:00,10:10,atlantis",
    );
    let (_, findings) = compile(&feed.files(), &terms()).unwrap();
    let said = |clause: &Clause| {
        (
            clause.code().word(),
            clause.values().first().map(|(name, value)| format!("{name}={value}")),
        )
    };
    let said: Vec<_> = findings.flaws[0].reason.clauses().iter().map(said).collect();
    let expected = [
        ("STOP_UNKNOWN", Some("stop=atlantis".to_owned())),
        ("TRIP_LEFT_OUT", Some("trip=day".to_owned())),
    ];
    assert_eq!(said, expected);
}
