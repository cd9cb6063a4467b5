use chrono::{DateTime, TimeDelta, Utc};
use rstest::rstest;

use super::{ENOUGH, Impossible, Last, MOST_TRUST, PositionClass, RawFix, instant, is_past, judge};
use crate::geo::Point;

const NOW: &str = "2027-02-01T08:00:00Z";

pub(super) fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

fn raw(latitude: f64, longitude: f64, seconds_ago: i64) -> RawFix {
    RawFix {
        latitude,
        longitude,
        speed_kmh: Some(88.24),
        course: Some(359.6),
        recorded_at: now().timestamp() - seconds_ago,
    }
}

fn verdict(raw: RawFix, last: Option<Last>) -> Result<&'static str, Impossible> {
    judge(&raw, last, now(), TimeDelta::days(30)).map(|verdict| match verdict {
        PositionClass::Latest { .. } => "latest",
        PositionClass::Late(_) => "late",
        PositionClass::Doubtful(_) => "doubtful",
        PositionClass::Repeat => "repeat",
    })
}

#[rstest]
#[case(raw(50.45, 30.52, 0), Ok("latest"))]
#[case(raw(91.0, 30.52, 0), Err(Impossible::Nowhere))]
#[case(raw(50.45, -180.5, 0), Err(Impossible::Nowhere))]
#[case(raw(f64::NAN, 30.52, 0), Err(Impossible::Nowhere))]
#[case(raw(f64::INFINITY, 30.52, 0), Err(Impossible::Nowhere))]
#[case(raw(0.0, 0.0, 0), Err(Impossible::Nowhere))]
#[case(raw(0.0, 30.52, 0), Ok("latest"))]
#[case(raw(50.45, 30.52, -300), Ok("latest"))]
#[case(raw(50.45, 30.52, -301), Err(Impossible::Future))]
#[case(raw(50.45, 30.52, 30 * 86_400), Err(Impossible::TooOld))]
#[case(raw(50.45, 30.52, 30 * 86_400 - 1), Ok("latest"))]
#[case(RawFix { recorded_at: i64::MAX, ..raw(50.45, 30.52, 0) }, Err(Impossible::Future))]
fn impossible_positions_are_dropped(#[case] raw: RawFix, #[case] expected: Result<&str, Impossible>) {
    assert_eq!(verdict(raw, None), expected);
}

#[rstest]
#[case::the_same(50.45, 60, Ok("repeat"))]
#[case::onward(50.46, 0, Ok("latest"))]
#[case::before(50.46, 120, Ok("late"))]
#[case::jump(50.55, 0, Ok("doubtful"))]
#[case::jump_back(50.55, 120, Err(Impossible::Jump))]
fn a_position_is_seen_beside_the_last_one(
    #[case] latitude: f64,
    #[case] seconds_ago: i64,
    #[case] expected: Result<&str, Impossible>,
) {
    let last = Last {
        point: Point::new(50.45, 30.52).unwrap(),
        recorded_at: now() - TimeDelta::seconds(60),
        trust: 1,
        rival: None,
    };
    assert_eq!(verdict(raw(latitude, 30.52, seconds_ago), Some(last)), expected);
}

#[test]
fn an_accepted_wrong_position_is_overcome() {
    let last = |minutes| Last {
        point: Point::new(50.45, 30.52).unwrap(),
        recorded_at: now() - TimeDelta::minutes(minutes),
        trust: MOST_TRUST,
        rival: None,
    };
    // Lviv, 468 km away.
    assert_eq!(verdict(raw(49.84, 24.02, 0), Some(last(100))), Ok("doubtful"));
    assert_eq!(verdict(raw(49.84, 24.02, 0), Some(last(120))), Ok("latest"));
}

#[test]
fn speed_and_course_are_rounded_and_nonsense_in_them_is_left_out() {
    let fix = |raw: RawFix| match judge(&raw, None, now(), TimeDelta::days(30)).unwrap() {
        PositionClass::Latest { fix, .. } => (fix.speed_kmh, fix.course),
        other => panic!("{other:?}"),
    };
    assert_eq!(fix(raw(50.0, 30.0, 0)), (Some(88.2), Some(0)));
    let nonsense = RawFix {
        speed_kmh: Some(-1.0),
        course: Some(f64::NAN),
        ..raw(50.0, 30.0, 0)
    };
    assert_eq!(fix(nonsense), (None, None));
}

#[test]
fn a_day_is_past_when_its_last_instant_is() {
    let past = |day: &str| is_past(day.parse().unwrap(), now(), TimeDelta::days(30));
    assert!(past("2027-01-01"));
    assert!(!past("2027-01-02"));
}

#[rstest]
#[case::nothing(0, None)]
#[case::negative(-1, None)]
#[case::a_day_before_the_epoch(i64::MIN, None)]
#[case::seconds(1_801_468_800, Some(1_801_468_800))]
#[case::milliseconds(1_801_468_800_123, Some(1_801_468_800))]
#[case::microseconds(1_801_468_800_123_456, Some(1_801_468_800))]
#[case::nanoseconds(1_801_468_800_123_456_789, Some(1_801_468_800))]
#[case::week_rollover(1_801_468_800 - 1024 * 7 * 86_400, Some(1_801_468_800 - 1024 * 7 * 86_400))]
fn times_are_read_in_every_unit(#[case] time: i64, #[case] seconds: Option<i64>) {
    assert_eq!(instant(time).map(|at| at.timestamp()), seconds);
}

#[rstest]
#[case::undated(0, Err(Impossible::Undated))]
#[case::milliseconds(NOW_MILLIS, Ok("latest"))]
#[case::week_rollover(NOW_MILLIS / 1000 - 1024 * 7 * 86_400, Err(Impossible::TooOld))]
#[case::next_century(4_102_444_800, Err(Impossible::Future))]
#[case::unsigned_minus_one(i64::from(u32::MAX), Err(Impossible::Future))]
fn an_odd_time_is_read_or_dropped(#[case] recorded_at: i64, #[case] expected: Result<&str, Impossible>) {
    assert_eq!(
        verdict(
            RawFix {
                recorded_at,
                ..raw(50.45, 30.52, 0)
            },
            None
        ),
        expected
    );
}

/// [`NOW`].
const NOW_MILLIS: i64 = 1_801_468_800_000;

/// A tracker, as the database remembers it.
#[derive(Default)]
pub(super) struct Tracker {
    pub last: Option<Last>,
    /// Latitudes in the order in which they became the latest.
    pub shown: Vec<f64>,
}

impl Tracker {
    pub fn hear(&mut self, raw: RawFix, now: DateTime<Utc>) -> Result<PositionClass, Impossible> {
        let verdict = judge(&raw, self.last, now, TimeDelta::days(30));
        match (&verdict, &mut self.last) {
            (Ok(PositionClass::Latest { fix, trust, .. }), last) => {
                self.shown.push(fix.point.latitude);
                *last = Some(Last {
                    point: fix.point,
                    recorded_at: fix.recorded_at,
                    trust: *trust,
                    rival: None,
                });
            }
            (Ok(PositionClass::Doubtful(rival)), Some(last)) => last.rival = Some(*rival),
            _ => {}
        }
        verdict
    }
}

/// A position `seconds` after [`NOW`] by the tracker's clock.
pub(super) fn at(latitude: f64, longitude: f64, seconds: i64) -> RawFix {
    raw(latitude, longitude, -seconds)
}

const SHENZHEN: (f64, f64) = (22.54, 114.06);

#[test]
fn a_few_positions_that_agree_win_over_a_first_one_that_was_wrong() {
    let mut tracker = Tracker::default();
    tracker.hear(at(SHENZHEN.0, SHENZHEN.1, 0), now()).unwrap();
    for n in 1..=i64::from(ENOUGH) {
        tracker
            .hear(
                at(50.45 + 0.001 * n as f64, 30.52, 30 * n),
                now() + TimeDelta::seconds(30 * n),
            )
            .unwrap();
    }
    assert_eq!(tracker.shown, [SHENZHEN.0, 50.453]);
}

#[test]
fn a_first_position_from_the_future_and_from_elsewhere_holds_no_later_one_up() {
    let mut tracker = Tracker::default();
    tracker.hear(at(SHENZHEN.0, SHENZHEN.1, 290), now()).unwrap();
    for n in 1..=i64::from(ENOUGH) {
        tracker
            .hear(at(50.45, 30.52, 30 * n), now() + TimeDelta::seconds(30 * n))
            .unwrap();
    }
    assert_eq!(tracker.shown, [SHENZHEN.0, 50.45]);
}

#[rstest]
#[case::tracker_ahead(200)]
#[case::our_clock_was_a_day_ahead(26 * 3600)]
fn a_position_from_the_future_is_followed_by_the_next_from_now(#[case] ahead: i64) {
    let mut tracker = Tracker {
        last: Some(Last {
            point: Point::new(50.45, 30.52).unwrap(),
            recorded_at: now() + TimeDelta::seconds(ahead),
            trust: MOST_TRUST,
            rival: None,
        }),
        shown: Vec::new(),
    };
    tracker.hear(at(50.451, 30.52, -5), now()).unwrap();
    tracker
        .hear(at(50.452, 30.52, 25), now() + TimeDelta::seconds(30))
        .unwrap();
    assert_eq!(tracker.shown, [50.451, 50.452]);
}

#[test]
fn what_a_tracker_kept_for_later_does_not_follow_a_position_that_is_a_little_ahead() {
    let mut tracker = Tracker::default();
    tracker.hear(at(50.45, 30.52, 60), now()).unwrap();
    assert!(matches!(
        tracker.hear(at(50.44, 30.52, -600), now()),
        Ok(PositionClass::Late(_))
    ));
    assert_eq!(tracker.shown, [50.45]);
}

#[test]
fn eleven_rivals_replace_a_trusted_position() {
    let mut tracker = Tracker::default();
    for n in 0..20 {
        tracker
            .hear(at(50.45, 30.52, n), now() + TimeDelta::seconds(n))
            .unwrap();
    }
    for n in 20..31 {
        assert!(
            tracker.shown.iter().all(|latitude| *latitude > 50.0),
            "after {}",
            n - 20
        );
        tracker
            .hear(at(SHENZHEN.0, SHENZHEN.1, n), now() + TimeDelta::seconds(n))
            .unwrap();
    }
    assert_eq!(tracker.shown.last(), Some(&SHENZHEN.0));
}

#[test]
fn a_repeated_rival_counts_once() {
    let mut tracker = Tracker::default();
    tracker.hear(at(SHENZHEN.0, SHENZHEN.1, 0), now()).unwrap();
    for _ in 0..10 {
        tracker
            .hear(at(50.45, 30.52, 30), now() + TimeDelta::seconds(30))
            .unwrap();
    }
    assert_eq!(tracker.shown, [SHENZHEN.0]);
}

#[test]
fn after_a_silence_a_position_rests_on_itself_alone() {
    let mut tracker = Tracker::default();
    for n in 0..20 {
        tracker
            .hear(at(50.45, 30.52, n), now() + TimeDelta::seconds(n))
            .unwrap();
    }
    // Lviv, three hours later, and wrong.
    let later = 3 * 3600;
    for (n, (latitude, longitude)) in (0..).zip([(49.84, 24.02), (50.45, 30.52), (50.45, 30.52), (50.45, 30.52)]) {
        let seconds = later + 30 * n;
        tracker
            .hear(at(latitude, longitude, seconds), now() + TimeDelta::seconds(seconds))
            .unwrap();
    }
    assert_eq!(tracker.shown[20..], [49.84, 50.45]);
}
