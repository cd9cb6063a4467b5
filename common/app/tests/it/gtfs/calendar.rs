//! Days of service.

use domain::gtfs::{Findings, Terms, Window, compile};
use testing::feed::TestFeed;

use super::{day, read, terms};

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
