//! Reading a feed: what is accepted, what a bad row costs, what refuses the whole.

use chrono::NaiveDate;
use domain::gtfs::model::Feed;
use domain::gtfs::{Findings, Refusal, Terms, Window, compile, vehicles};
use domain::language::Language;
use rstest::rstest;
use testing::feed::TestFeed;

mod area;
mod fare;
mod frequency;
mod optional;
mod stop;

fn terms() -> Terms {
    Terms {
        now: "2026-11-21T12:00:00Z".parse().unwrap(),
        ..Terms::default()
    }
}

fn read(feed: &TestFeed) -> (Feed, Findings) {
    compile(&feed.files(), &terms()).unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Ids of the trips that are left.
fn trips(feed: &Feed) -> Vec<&str> {
    feed.trips.iter().map(|trip| trip.id.as_str()).collect()
}

#[test]
fn a_clean_feed_is_taken_whole() {
    let (feed, findings) = read(&TestFeed::tiny());
    assert_eq!(findings, Findings::default());
    assert_eq!(trips(&feed), ["day", "night"]);
    assert_eq!(feed.dated_departures(), 2 * 92);
    let route = &feed.routes[0];
    assert_eq!(
        (route.name.as_str(), route.slug.as_str()),
        ("Kyiv - Lviv", "k1-kyiv-lviv")
    );
    let calls = &feed.trips[1].calls;
    assert_eq!(calls[3].arrival, 29 * 3_600 + 30 * 60);
    assert_eq!((calls[0].boarding, calls[0].alighting), (true, false));
    assert_eq!((calls[3].boarding, calls[3].alighting), (false, true));
    assert!(
        calls[0].meters == 0 && (450_000..500_000).contains(&calls[3].meters),
        "{calls:?}"
    );
    assert_eq!(feed.fares.len(), 3);
    assert_eq!(feed.stops[0].platform.as_deref(), Some("5"));
    assert!(!feed.synthetic);
}

#[test]
fn dirt_that_means_nothing_is_tolerated() {
    let padded = TestFeed::tiny()
        .replace("stops.txt", "stop_id,stop_name", "\u{feff} stop_id , \"stop_name\" ")
        .replace("stops.txt", "rivne,Rivne,", "  rivne , \"Rivne\" ,")
        .replace("stop_times.txt", "day,08:00:00,08:00:00,", "day, 8:00:00 ,,")
        .replace("trips.txt", "\n", "\r\n\r\n")
        .replace("routes.txt", "route_type\n", "route_type,invented_column\n");
    let (feed, findings) = read(&padded);
    let (clean, _) = read(&TestFeed::tiny());
    assert_eq!(findings, Findings::default());
    assert_eq!(feed, clean);
}

#[test]
fn an_address_of_an_agency_that_mail_cannot_be_sent_to_is_left_out_and_told() {
    let with = |address: &str| {
        TestFeed::tiny()
            .replace("agency.txt", "agency_phone\n", "agency_phone,agency_email\n")
            .replace("agency.txt", "+380441234567\n", &format!("+380441234567,{address}\n"))
    };
    let (feed, findings) = read(&with("Info@Автобус.укр"));
    assert_eq!(feed.agencies[0].email.as_deref(), Some("Info@xn--80acc2cqdj.xn--j1amh"));
    assert_eq!(findings, Findings::default());
    let (feed, findings) = read(&with("call us"));
    assert_eq!(feed.agencies[0].email, None);
    assert_eq!(findings.flaws, []);
    assert!(
        findings.notices[0].contains("agency_email \"call us\" is left out"),
        "{findings:?}"
    );
}

#[test]
fn times_between_timepoints_follow_the_distance() {
    let sparse = TestFeed::tiny()
        .replace("stop_times.txt", "day,10:00:00,10:10:00,", "day,,,")
        .replace("stop_times.txt", "day,13:00:00,13:10:00,", "day,,,");
    let (feed, findings) = read(&sparse);
    assert_eq!(findings, Findings::default());
    let calls = &feed.trips[0].calls;
    let share = |at: usize| f64::from(calls[at].arrival - 28_800) / 28_800.0;
    let way = |at: usize| f64::from(calls[at].meters) / f64::from(calls[3].meters);
    for at in [1, 2] {
        assert!((share(at) - way(at)).abs() < 0.001, "{calls:?}");
        assert_eq!(calls[at].arrival, calls[at].departure);
    }
}

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
            assert!(left.is_empty());
        }
    }
}

#[test]
fn a_single_step_back_in_time_closes_two_stops_and_keeps_the_trip() {
    let odd = TestFeed::tiny().replace("stop_times.txt", "day,13:00:00,13:10:00", "day,09:00:00,13:10:00");
    let (feed, findings) = read(&odd);
    assert_eq!(trips(&feed), ["day", "night"]);
    assert!(
        findings.flaws[0]
            .to_string()
            .starts_with("stop_times.txt:4 arrives before"),
        "{findings:?}"
    );
    let calls = &feed.trips[0].calls;
    for at in [1, 2] {
        assert!(!calls[at].boarding && !calls[at].alighting);
    }
    assert!(
        calls.windows(2).all(|pair| pair[0].departure <= pair[1].arrival),
        "{calls:?}"
    );
    let worse = odd.replace("stop_times.txt", "day,16:00:00,16:00:00", "day,08:30:00,08:30:00");
    assert_eq!(trips(&read(&worse).0), ["night"]);
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
    assert_eq!(compile(&feed.files(), &terms()).unwrap_err().to_string(), message);
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
            Refusal::Encoding {
                file: "stops.txt",
                line: 2,
                ..
            }
        ),
        "{refusal}"
    );
}

#[test]
fn calendar_weekdays_and_exceptions_are_worked_out() {
    let weekly = TestFeed::tiny()
        .replace(
            "calendar.txt",
            "daily,1,1,1,1,1,1,1,20261101,20270131",
            "daily,1,0,0,0,0,0,0,20261101,20261130",
        )
        .file(
            "calendar_dates.txt",
            "service_id,date,exception_type\ndaily,20261109,2\ndaily,20261201,1\ndaily,20261102,1\n",
        );
    let (feed, findings) = read(&weekly);
    assert_eq!(findings, Findings::default());
    let expected = ["2026-11-02", "2026-11-16", "2026-11-23", "2026-11-30", "2026-12-01"].map(day);
    assert_eq!(feed.services[0].days, expected);
}

#[test]
fn the_calendar_moves_by_whole_weeks_and_is_cut_to_a_window() {
    let past = TestFeed::tiny().replace("calendar.txt", "20261101,20270131", "20250101,20250331");
    let moved = Terms {
        shift_calendar: true,
        ..terms()
    };
    let (feed, _) = compile(&past.files(), &moved).unwrap();
    let days = &feed.services[0].days;
    assert_eq!((days[0] - day("2025-01-01")).num_days(), feed.shifted_weeks * 7);
    assert!(
        days.contains(&day("2026-11-21")) && days.contains(&day("2027-01-20")),
        "{days:?}"
    );

    let cut = Terms {
        window: Some("2026-12-01..2026-12-07".parse().unwrap()),
        ..terms()
    };
    let (feed, findings) = compile(&TestFeed::tiny().files(), &cut).unwrap();
    assert_eq!(feed.dated_departures(), 14);
    assert_eq!(
        findings.notices,
        ["only 2026-12-01..2026-12-07 of the calendar 2026-11-01..2027-01-31 is imported"]
    );

    let endless = TestFeed::tiny().replace("calendar.txt", "20261101,20270131", "19700101,21991231");
    let (feed, findings) = read(&endless);
    let taken = Window {
        from: day("2026-10-21"),
        to: day("2029-10-20"),
    };
    assert_eq!((feed.window, feed.services[0].days.len()), (Some(taken), 1_096));
    assert_eq!(findings.notices.len(), 1, "{findings:?}");
}

#[test]
fn translations_come_by_record_and_by_value() {
    let feed = TestFeed::tiny().file(
        "translations.txt",
        "table_name,field_name,language,translation,record_id,field_value\n\
         stops,stop_name,uk,Київ,kyiv,\nstops,stop_name,cs-CZ,Lvov,,Lviv\nstops,stop_name,de,Lemberg,,Lviv\n\
         routes,route_long_name,uk,x,K1,\nstops,stop_name,pl,x,nowhere,\n",
    );
    let (feed, findings) = read(&feed);
    assert_eq!(feed.stops[0].names[&Language::Uk], "Київ");
    assert_eq!(
        feed.stops[3].names.iter().collect::<Vec<_>>(),
        [(&Language::Cs, &"Lvov".to_owned())]
    );
    assert_eq!(
        findings.flaws[0].to_string(),
        "translations.txt:6 stop \"nowhere\" is not in stops.txt"
    );
}

#[test]
fn stations_are_no_call_points() {
    let feed = TestFeed::tiny()
        .replace("stops.txt", "zone_id,platform_code", "zone_id,location_type")
        .replace("stops.txt", "kyiv,5", "kyiv,")
        .replace("stops.txt", "26.23695,rivne,", "26.23695,rivne,1")
        .replace("stop_times.txt", "day,13:00:00,13:10:00,rivne,3,0,0\n", "");
    let (feed, findings) = read(&feed);
    assert_eq!((feed.stops.len(), trips(&feed)), (3, vec!["day"]));
    assert!(
        findings.flaws[0].to_string().contains("stop \"rivne\" is not a stop"),
        "{findings:?}"
    );
}

#[test]
fn vehicles_have_seats_in_range() {
    let mut findings = Findings::default();
    let feed = TestFeed::tiny().file(
        "vehicles.csv",
        "company,bus,seats,brand\ntiny,a,49,Setra\ntiny,b,0,\ntiny,a,51,\ntiny,c,201,\n",
    );
    let vehicles = vehicles::read(&feed.files(), &mut findings).unwrap();
    assert_eq!(
        (vehicles.len(), vehicles[0].seats, vehicles[0].brand.as_deref()),
        (1, 49, Some("Setra"))
    );
    assert_eq!(
        findings.flaws.iter().map(|flaw| flaw.line).collect::<Vec<_>>(),
        [3, 4, 5]
    );
}
