//! Properties that hold for any reports of trackers.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::tests::{Tracker, at, now};
use super::{AHEAD, ENOUGH, Last, MOST_TRUST, PositionClass, RawFix};
use crate::geo::Point;

/// Any place and any time that a provider may report.
fn anything() -> impl Strategy<Value = RawFix> {
    let time = prop_oneof![
        any::<i64>(),
        (-400i64..400).prop_map(|s| now().timestamp() + s),
        -3i64..3
    ];
    (any::<f64>(), any::<f64>(), time, any::<f64>()).prop_map(|(latitude, longitude, recorded_at, speed)| RawFix {
        latitude,
        longitude,
        speed_kmh: Some(speed),
        course: Some(speed),
        recorded_at,
    })
}

/// Any place, and seconds before or after now, at most as far ahead as a tracker may be. Not 0/0, which is not a place.
fn garbage() -> impl Strategy<Value = (f64, f64, i64)> {
    (-80.0..80.0f64, -179.0..179.0f64, -3600i64..300).prop_filter("0/0 is no place", |(latitude, longitude, _)| {
        latitude.abs() + longitude.abs() > 1e-3
    })
}

proptest! {
    /// After any first report, correct positions are shown from the third one on, regardless of the error of the first.
    /// One at the very instant of the first counts, but leaves it to the next one to be shown.
    #[test]
    fn a_wrong_first_position_is_overcome((latitude, longitude, ahead) in garbage(), north in 45.0..60.0f64) {
        let mut tracker = Tracker::default();
        tracker.hear(at(latitude, longitude, ahead), now()).unwrap();
        let mut shown = Vec::new();
        for n in 1..=20 {
            // 15 m/s northwards.
            let honest = north + f64::from(n) * 30.0 * 15.0 / 111_195.0;
            tracker.hear(at(honest, 30.0, 30 * i64::from(n)), now() + TimeDelta::seconds(30 * i64::from(n))).unwrap();
            if n >= i32::from(ENOUGH) && 30 * i64::from(n) != ahead {
                shown.push((tracker.shown.last().copied(), Some(honest)));
            }
        }
        for (shown, honest) in shown {
            prop_assert_eq!(shown, honest);
        }
    }

    /// One wrong position among correct ones is never shown, and costs none of them.
    #[test]
    fn a_lone_outlier_in_a_track_is_never_shown((latitude, longitude, _) in garbage(), place in 2usize..30) {
        prop_assume!(Point::new(latitude, longitude).unwrap().meters_to(Point::new(50.0, 30.0).unwrap()) > 50_000.0);
        let mut tracker = Tracker::default();
        for n in 0..30usize {
            let seconds = i64::try_from(n).unwrap() * 30;
            let fix = if n == place { at(latitude, longitude, seconds) } else { at(50.0, 30.0, seconds) };
            tracker.hear(fix, now() + TimeDelta::seconds(seconds)).unwrap();
        }
        prop_assert_eq!(tracker.shown, vec![50.0; 29]);
    }

    /// With any stored state of a tracker, from any clock, correct positions are shown after eleven of them.
    #[test]
    fn no_position_freezes_a_tracker(
        (latitude, longitude, _) in garbage(),
        hours in -700i64..700,
        trust in 0..=MOST_TRUST,
        rival in proptest::option::of((garbage(), 0i16..100)),
    ) {
        let last = Last {
            point: Point::new(latitude, longitude).unwrap(),
            recorded_at: now() + TimeDelta::hours(hours),
            trust,
            rival: rival.map(|((latitude, longitude, seconds), fixes)| super::Rival {
                point: Point::new(latitude, longitude).unwrap(),
                recorded_at: now() + TimeDelta::seconds(seconds),
                fixes,
            }),
        };
        let mut tracker = Tracker { last: Some(last), shown: Vec::new() };
        for n in 1..=i64::from(MOST_TRUST) + 2 {
            let _ = tracker.hear(at(50.0, 30.0, 30 * n), now() + TimeDelta::seconds(30 * n));
        }
        prop_assert_eq!(tracker.shown.last(), Some(&50.0));
        prop_assert!(tracker.last.unwrap().rival.is_none());
    }

    /// No input makes it fail, and what it accepts can be stored and has a possible time.
    #[test]
    fn every_position_of_a_provider_is_judged(fixes in proptest::collection::vec(anything(), 1..20)) {
        let mut tracker = Tracker::default();
        for raw in fixes {
            if let Ok(PositionClass::Latest { fix, trust, .. }) = tracker.hear(raw, now()) {
                prop_assert!(fix.recorded_at <= now() + AHEAD && fix.recorded_at > now() - TimeDelta::days(30));
                prop_assert!((1..=MOST_TRUST).contains(&trust));
            }
        }
    }
}
