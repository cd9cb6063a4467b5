//! Files that a feed may do without: in an older form they are read, broken ones are left out, and the feed is not
//! refused.

use domain::gtfs::compile;
use domain::language::Language;
use rstest::rstest;
use testing::feed::TestFeed;

use super::{read, terms, trips};

#[test]
fn translations_in_the_form_before_2020_are_read() {
    let feed = TestFeed::tiny().file(
        "translations.txt",
        "trans_id,lang,translation\nKyiv,uk,Київ\nKyiv,en,Kyiv\nKyiv - Lviv,uk,Київ - Львів\nKyiv,xx,Q\nRivne,uk,\n",
    );
    let (feed, findings) = read(&feed);
    let names: Vec<_> = feed.stops[0].names.iter().collect();
    assert_eq!(
        names,
        [(&Language::Uk, &"Київ".to_owned()), (&Language::En, &"Kyiv".to_owned())]
    );
    assert!(feed.stops[2].names.is_empty());
    assert_eq!(findings.flaws.len(), 1);
    assert_eq!(findings.flaws[0].to_string(), "translations.txt:6 translation is blank");
}

#[test]
fn translations_in_an_unknown_form_are_left_out() {
    let feed = TestFeed::tiny().file("translations.txt", "word,german\nKyiv,Kiew\n");
    let (feed, findings) = read(&feed);
    assert_eq!(trips(&feed), ["day", "night"]);
    assert_eq!(
        findings.flaws[0].to_string(),
        "translations.txt:1 has no column table_name; the file is left out"
    );
}

const FILES: [&str; 6] = [
    "translations.txt",
    "feed_info.txt",
    "rider_categories.txt",
    "stop_areas.txt",
    "route_networks.txt",
    "fare_products.txt",
];

#[rstest]
#[case::blank(b"\n".to_vec(), true)]
#[case::nothing(b"".to_vec(), true)]
#[case::other_columns(b"a,b\n1,2\n".to_vec(), true)]
#[case::not_utf8(b"a,b\n\xc0\xfe,2\n".to_vec(), true)]
#[case::binary(b"a,b\n\0\0\n".to_vec(), true)]
#[case::wide(b"\xff\xfea\0,\0b\0".to_vec(), true)]
#[case::open_quote(format!("a,b\n\"{}", "x\n".repeat(99)).into_bytes(), true)]
fn no_optional_file_refuses_the_feed(#[case] content: Vec<u8>, #[case] sold: bool) {
    let (clean, _) = read(&TestFeed::tiny());
    for file in FILES {
        let (feed, _) = read(&TestFeed::tiny().file(file, content.clone()));
        assert_eq!(feed.trips == clean.trips, sold, "{file}");
        assert_eq!(feed.fares, clean.fares, "{file}");
    }
    // These decide about prices: without them nothing has one.
    for file in ["fare_attributes.txt", "fare_rules.txt", "fare_leg_rules.txt"] {
        let (feed, findings) = read(&TestFeed::tiny().file(file, content.clone()));
        assert_eq!(trips(&feed), ["day", "night"], "{file}");
        if file == "fare_leg_rules.txt" {
            assert_eq!(feed.fares, clean.fares, "Fares V1 is as good as before");
        } else if !content.is_empty() {
            assert!(
                feed.fares.is_empty() && feed.unpriced.len() == 1,
                "{file}: {:?}",
                feed.fares
            );
        }
        let left_out = findings
            .flaws
            .iter()
            .any(|flaw| flaw.file == file && flaw.reason.ends_with("left out"));
        assert_eq!(left_out, !content.is_empty(), "{file}: {findings:?}");
    }
}

#[test]
fn the_mark_of_an_invented_feed_does_not_get_lost_with_its_file() {
    let feed = TestFeed::tiny().file("feed_info.txt", b"feed_publisher_name\nSYNTHETIC by X\xff\n".to_vec());
    let (feed, findings) = read(&feed);
    assert!(feed.synthetic && findings.flaws.len() == 1, "{findings:?}");
}

#[test]
fn a_feed_with_calendar_dates_alone_is_read() {
    let dates = "service_id,date,exception_type\ndaily,20261124,1\ndaily,20261125,1\n";
    let only = TestFeed::tiny()
        .without("calendar.txt")
        .file("calendar_dates.txt", dates);
    let header = only.clone().file(
        "calendar.txt",
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n",
    );
    for feed in [only, header] {
        let (feed, findings) = read(&feed);
        assert_eq!((feed.dated_departures(), findings.flaws.len()), (4, 0), "{findings:?}");
    }
}

#[test]
fn services_of_a_broken_calendar_are_left_out_and_others_stay() {
    let two = TestFeed::tiny()
        .replace("trips.txt", "K1,daily,night", "K1,special,night")
        .file(
            "calendar_dates.txt",
            "service_id,date,exception_type\nspecial,20261124,1\n",
        );
    let broken = two.clone().file("calendar.txt", "service,days\ndaily,all\n");
    let (feed, findings) = read(&broken);
    assert_eq!(trips(&feed), ["night"]);
    let flaws: Vec<String> = findings.flaws.iter().map(ToString::to_string).collect();
    assert_eq!(
        flaws,
        [
            "calendar.txt:1 has no column service_id; the file is left out",
            "trips.txt:2 service \"daily\" may be in a calendar file that is left out; \"day\" is left out",
        ]
    );
    // Days on which a service does not run must not get lost either.
    let (feed, _) = read(
        &two.file("calendar_dates.txt", "service_id;day\nspecial;20261124\n")
            .replace(
                "calendar.txt",
                "daily,1,1,1,1,1,1,1,20261101,20270131\n",
                "daily,1,1,1,1,1,1,1,20261101,20270131\nspecial,1,1,1,1,1,1,1,20261101,20270131\n",
            ),
    );
    assert_eq!(trips(&feed), ["day"]);
}

#[test]
fn a_feed_without_any_calendar_that_can_be_read_is_refused() {
    let feed = TestFeed::tiny().file("calendar.txt", "service,days\ndaily,all\n");
    let refusal = compile(&feed.files(), &terms()).unwrap_err().to_string();
    assert_eq!(refusal, "calendar.txt has no column service_id");
}

#[test]
fn semicolons_and_capitals_in_headers_are_read() {
    let semicolons = |name: &str, feed: TestFeed| {
        let text = String::from_utf8(feed.files[name].clone()).unwrap();
        feed.file(name, text.replace(',', ";"))
    };
    let feed = semicolons("trips.txt", semicolons("stop_times.txt", TestFeed::tiny()));
    let feed = feed.replace("routes.txt", "route_id,agency_id", "Route_ID,AGENCY_ID");
    let ((feed, findings), (clean, _)) = (read(&feed), read(&TestFeed::tiny()));
    assert_eq!(feed, clean);
    assert_eq!(findings.flaws, []);
}
