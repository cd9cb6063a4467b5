//! Reading a feed: what is accepted, what a bad row costs, what refuses the whole.

use chrono::NaiveDate;
use domain::gtfs::model::Feed;
use domain::gtfs::{Findings, Remark, Terms, compile, vehicles};
use domain::language::Language;
use testing::feed::TestFeed;

mod area;
mod broken;
mod calendar;
mod fare;
mod fare_terms;
mod frequency;
mod optional;
mod stop;

pub fn terms() -> Terms {
    Terms {
        now: "2026-11-21T12:00:00Z".parse().unwrap(),
        ..Terms::default()
    }
}

pub fn read(feed: &TestFeed) -> (Feed, Findings) {
    let (feed, findings) = compile(&feed.files(), &terms()).unwrap();
    all_coded(&findings);
    (feed, findings)
}

/// Every reason and remark has clauses, and its text is made of theirs.
pub fn all_coded(findings: &Findings) {
    let reasons = findings.flaws.iter().map(|flaw| &flaw.reason);
    for remark in reasons.chain(&findings.notices).chain(&findings.fares) {
        coded(remark);
    }
}

pub fn coded(remark: &Remark) {
    assert!(!remark.clauses().is_empty(), "{remark}");
    for clause in remark.clauses() {
        assert!(remark.contains(&clause.to_string()), "{remark}: {clause:?}");
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Ids of the trips that are left.
pub fn trips(feed: &Feed) -> Vec<&str> {
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
fn harmless_irregularities_are_tolerated() {
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
fn an_address_of_an_agency_that_mail_cannot_be_sent_to_is_left_out_and_reported() {
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
