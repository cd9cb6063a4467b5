//! When a scheduled report is due, also where the clocks change, and which days it covers.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proptest::prelude::*;
use rstest::rstest;

use super::{Days, Period, Timing, Weekday, Weekdays};
use crate::zone::Zone;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn timing(days: &[Weekday], time: &str) -> Timing {
    Timing {
        days: Days::OfWeek(Weekdays::of(days).unwrap()),
        time: time.parse().unwrap(),
    }
}

fn monthly(day: u8) -> Timing {
    Timing {
        days: Days::OfMonth(day),
        time: "07:00:00".parse().unwrap(),
    }
}

/// The next occurrences after an instant.
fn next(timing: Timing, zone: &str, after: &str, count: usize) -> Vec<String> {
    let (zone, mut last) = (Zone::named(zone).unwrap(), at(after));
    let mut found = Vec::new();
    for _ in 0..count {
        last = timing.next(&zone, last).unwrap();
        found.push(zone.local(last).format("%a %d %b %H:%M %:z").to_string());
    }
    found
}

#[test]
fn every_monday_at_seven_stays_at_seven_when_the_clocks_change() {
    assert_eq!(
        next(
            timing(&[Weekday::Monday], "07:00:00"),
            "Europe/Kyiv",
            "2027-03-22T05:00:00Z",
            3
        ),
        [
            "Mon 29 Mar 07:00 +03:00",
            "Mon 05 Apr 07:00 +03:00",
            "Mon 12 Apr 07:00 +03:00"
        ],
        "22 March at 07:00 is the instant itself, and not after it"
    );
    assert_eq!(
        next(
            timing(&[Weekday::Monday], "07:00:00"),
            "Europe/Kyiv",
            "2027-03-22T04:59:59Z",
            1
        ),
        ["Mon 22 Mar 07:00 +02:00"]
    );
}

#[test]
fn a_time_that_does_not_exist_is_the_first_after_it_that_does() {
    // Kyiv: 03:00 is followed by 04:00 on 28 March 2027.
    let sunday = timing(&[Weekday::Sunday], "03:30:00");
    assert_eq!(
        next(sunday, "Europe/Kyiv", "2027-03-22T00:00:00Z", 2),
        ["Sun 28 Mar 04:00 +03:00", "Sun 04 Apr 03:30 +03:00"]
    );
    // Samoa left out the whole of 30 December 2011, a Friday.
    let friday = timing(&[Weekday::Friday], "12:00:00");
    assert_eq!(
        next(friday, "Pacific/Apia", "2011-12-24T12:00:00Z", 2),
        ["Sat 31 Dec 00:00 +14:00", "Fri 06 Jan 12:00 +14:00"]
    );
}

#[test]
fn a_time_that_exists_twice_is_due_once() {
    // Kyiv: 04:00 is followed by 03:00 on 31 October 2027.
    let sunday = timing(&[Weekday::Sunday], "03:30:00");
    assert_eq!(
        next(sunday, "Europe/Kyiv", "2027-10-30T00:00:00Z", 2),
        ["Sun 31 Oct 03:30 +03:00", "Sun 07 Nov 03:30 +02:00"]
    );
}

#[test]
fn several_days_of_the_week_are_due_in_turn() {
    let days = timing(&[Weekday::Thursday, Weekday::Monday], "23:59:00");
    assert_eq!(
        next(days, "Europe/Warsaw", "2026-11-29T12:00:00Z", 3),
        [
            "Mon 30 Nov 23:59 +01:00",
            "Thu 03 Dec 23:59 +01:00",
            "Mon 07 Dec 23:59 +01:00"
        ]
    );
}

#[test]
fn a_month_that_lacks_the_day_has_its_last_one() {
    assert_eq!(
        next(monthly(31), "Europe/Kyiv", "2027-01-31T05:00:00Z", 3),
        [
            "Sun 28 Feb 07:00 +02:00",
            "Wed 31 Mar 07:00 +03:00",
            "Fri 30 Apr 07:00 +03:00"
        ]
    );
    assert_eq!(
        next(monthly(1), "Europe/Kyiv", "2027-01-01T05:00:00Z", 2),
        ["Mon 01 Feb 07:00 +02:00", "Mon 01 Mar 07:00 +02:00"]
    );
}

#[rstest]
#[case(Period::Yesterday, "2026-12-01", "2026-11-30", "2026-11-30")]
#[case(Period::LastWeek, "2026-11-30", "2026-11-23", "2026-11-29")] // a Monday
#[case(Period::LastWeek, "2026-11-29", "2026-11-16", "2026-11-22")] // a Sunday
#[case(Period::ThisWeek, "2026-11-29", "2026-11-23", "2026-11-29")]
#[case(Period::Next7Days, "2026-12-28", "2026-12-28", "2027-01-03")]
#[case(Period::ThisMonth, "2028-02-29", "2028-02-01", "2028-02-29")]
#[case(Period::LastMonth, "2028-03-31", "2028-02-01", "2028-02-29")]
#[case(Period::LastMonth, "2027-01-01", "2026-12-01", "2026-12-31")]
fn the_days_of_a_period(#[case] period: Period, #[case] day: &str, #[case] from: &str, #[case] to: &str) {
    let day_of = |text: &str| text.parse::<NaiveDate>().unwrap();
    let range = period.range(day_of(day)).unwrap();
    assert_eq!((range.from(), range.to()), (day_of(from), day_of(to)));
}

#[test]
fn days_of_the_week_are_stored_as_bits() {
    let days = [Weekday::Monday, Weekday::Sunday];
    let stored = Weekdays::of(&[Weekday::Sunday, Weekday::Monday, Weekday::Sunday]).unwrap();
    assert_eq!((stored.bits(), stored.list()), (0b100_0001, days.to_vec()));
    assert_eq!(Weekdays::stored(0b100_0001), Some(stored));
    for wrong in [-1, 0, 128] {
        assert_eq!(Weekdays::stored(wrong), None);
    }
    assert_eq!(Weekdays::of(&[]), None);
    assert_eq!(Days::stored(Some(1), Some(1)), None);
}

proptest! {
    /// Across all clock changes, an instant lies between its latest and its next occurrence, and there is none between
    /// them.
    #[test]
    fn next_and_latest_agree(
        second in 1_262_300_000_i64..2_208_980_000,
        bits in 1_i16..128,
        of_month in proptest::option::of(1_u8..=31),
        minute in 0_u32..1440,
        zone in proptest::sample::select(vec!["Europe/Kyiv", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
    ) {
        let days = of_month.map_or_else(|| Days::OfWeek(Weekdays::stored(bits).unwrap()), Days::OfMonth);
        let time = chrono::NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap();
        let (timing, zone) = (Timing { days, time }, Zone::named(zone).unwrap());
        let now = DateTime::from_timestamp(second, 0).unwrap();
        let (latest, next) = (timing.latest(&zone, now).unwrap(), timing.next(&zone, now).unwrap());
        prop_assert!(latest <= now && now < next);
        prop_assert_eq!(timing.latest(&zone, next), Some(next));
        prop_assert_eq!(timing.next(&zone, latest), Some(next));
        prop_assert_eq!(timing.latest(&zone, next - TimeDelta::seconds(1)), Some(latest));
    }
}
