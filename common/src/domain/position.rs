//! Positions of buses: what a tracker may claim, and what becomes of it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::geo::Point;

/// How far a tracker's clock may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// Faster than any bus, with room for what GPS is wrong by.
const FASTEST_KMH: f64 = 250.0;
/// A shorter way is never a jump: GPS is wrong by so many metres in a city or a tunnel.
const JITTER_METERS: f64 = 500.0;
/// At most this long a track is answered with at once.
pub const LONGEST_TRACK: TimeDelta = TimeDelta::days(31);

/// What a tracker says of itself, as the provider passes it on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawFix {
    /// North positive, in degrees.
    pub latitude: f64,
    /// East positive, in degrees.
    pub longitude: f64,
    /// Kilometres an hour.
    pub speed_kmh: Option<f64>,
    /// Degrees clockwise from north.
    pub course: Option<f64>,
    /// When, in Unix seconds by the tracker's clock.
    pub recorded_at: i64,
}

/// A position that can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Where.
    pub point: Point,
    /// Kilometres an hour, one decimal.
    pub speed_kmh: Option<f64>,
    /// Degrees clockwise from north, 0 to 359.
    pub course: Option<i16>,
    /// When, by the tracker's clock.
    pub recorded_at: DateTime<Utc>,
}

/// Where an object was last, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Last {
    /// Where.
    pub point: Point,
    /// When, by the tracker's clock.
    pub recorded_at: DateTime<Utc>,
}

/// Why a position is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impossible {
    /// Outside of the globe, or 0/0, which trackers say when they do not know.
    Nowhere,
    /// Later than now.
    Future,
    /// Older than what is kept.
    TooOld,
    /// Too far from the position before or after it.
    Jump,
}

/// What becomes of a position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// Into the track, and the latest one.
    Latest(Fix),
    /// Into the track only: a later one came first.
    Late(Fix),
    /// The latest one again: nothing to do.
    Repeat,
}

/// What becomes of what a tracker says.
///
/// # Errors
/// When it cannot be true.
pub fn judge(
    raw: &RawFix,
    last: Option<Last>,
    now: DateTime<Utc>,
    retention: TimeDelta,
) -> Result<Verdict, Impossible> {
    let point = Point::new(raw.latitude, raw.longitude)
        .filter(|point| point.latitude.abs() > 1e-6 || point.longitude.abs() > 1e-6)
        .ok_or(Impossible::Nowhere)?;
    let recorded_at = DateTime::from_timestamp_secs(raw.recorded_at).ok_or(Impossible::Future)?;
    if recorded_at > now + AHEAD {
        return Err(Impossible::Future);
    }
    if recorded_at <= now - retention {
        return Err(Impossible::TooOld);
    }
    let fix = Fix {
        point,
        speed_kmh: raw.speed_kmh.and_then(speed),
        course: raw.course.and_then(course),
        recorded_at,
    };
    let Some(last) = last else {
        return Ok(Verdict::Latest(fix));
    };
    if last.recorded_at == recorded_at {
        return Ok(Verdict::Repeat);
    }
    if is_jump(last, fix) {
        return Err(Impossible::Jump);
    }
    Ok(if recorded_at > last.recorded_at {
        Verdict::Latest(fix)
    } else {
        Verdict::Late(fix)
    })
}

/// Whether no bus can have driven from the one to the other. A wrong position that was believed is outlived: the longer
/// it is ago, the farther away the bus may be.
fn is_jump(last: Last, fix: Fix) -> bool {
    let seconds = (fix.recorded_at - last.recorded_at).abs().as_seconds_f64();
    last.point.meters_to(fix.point) > JITTER_METERS + seconds * FASTEST_KMH / 3.6
}

/// A speed that a bus can have; a tracker that says nonsense of its speed may still be right about the place.
fn speed(kmh: f64) -> Option<f64> {
    (0.0..=FASTEST_KMH).contains(&kmh).then(|| (kmh * 10.0).round() / 10.0)
}

#[expect(clippy::cast_possible_truncation, reason = "0 to 360")]
fn course(degrees: f64) -> Option<i16> {
    (0.0..=360.0).contains(&degrees).then(|| degrees.round() as i16 % 360)
}

/// Whether all of a UTC day is past the retention.
#[must_use]
pub fn is_past(day: NaiveDate, now: DateTime<Utc>, retention: TimeDelta) -> bool {
    let end = day
        .succ_opt()
        .map(|next| next.and_time(chrono::NaiveTime::MIN).and_utc());
    end.is_some_and(|end| end <= now - retention)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use rstest::rstest;

    use super::{Impossible, Last, RawFix, Verdict, is_past, judge};
    use crate::domain::geo::Point;

    const NOW: &str = "2027-02-01T08:00:00Z";

    fn now() -> DateTime<Utc> {
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
            Verdict::Latest(_) => "latest",
            Verdict::Late(_) => "late",
            Verdict::Repeat => "repeat",
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
    fn what_cannot_be_is_dropped(#[case] raw: RawFix, #[case] expected: Result<&str, Impossible>) {
        assert_eq!(verdict(raw, None), expected);
    }

    #[rstest]
    #[case::the_same(50.45, 60, Ok("repeat"))]
    #[case::onward(50.46, 0, Ok("latest"))]
    #[case::before(50.46, 120, Ok("late"))]
    #[case::jump(50.55, 0, Err(Impossible::Jump))]
    #[case::jump_back(50.55, 120, Err(Impossible::Jump))]
    fn a_position_is_seen_beside_the_last_one(
        #[case] latitude: f64,
        #[case] seconds_ago: i64,
        #[case] expected: Result<&str, Impossible>,
    ) {
        let last = Last {
            point: Point::new(50.45, 30.52).unwrap(),
            recorded_at: now() - TimeDelta::seconds(60),
        };
        assert_eq!(verdict(raw(latitude, 30.52, seconds_ago), Some(last)), expected);
    }

    #[test]
    fn a_wrong_position_that_was_believed_is_outlived() {
        let last = |minutes| Last {
            point: Point::new(50.45, 30.52).unwrap(),
            recorded_at: now() - TimeDelta::minutes(minutes),
        };
        // Lviv, 468 km away.
        assert_eq!(verdict(raw(49.84, 24.02, 0), Some(last(100))), Err(Impossible::Jump));
        assert_eq!(verdict(raw(49.84, 24.02, 0), Some(last(120))), Ok("latest"));
    }

    #[test]
    fn speed_and_course_are_rounded_and_nonsense_in_them_is_left_out() {
        let fix = |raw: RawFix| match judge(&raw, None, now(), TimeDelta::days(30)).unwrap() {
            Verdict::Latest(fix) => (fix.speed_kmh, fix.course),
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
}
