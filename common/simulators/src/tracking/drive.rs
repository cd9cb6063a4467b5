//! How a simulated bus moves: along straight legs between stops, at the times of the timetable.

use std::f64::consts::TAU;

use chrono::{DateTime, TimeDelta, Utc};
use domain::geo::Point;
use domain::position::RawFix;

/// Seconds between two reports of a bus that stands still.
const STANDING_SECONDS: i64 = 60;
/// Seconds in which a circling bus completes the circle; that is 94 km/h.
const ROUND_SECONDS: i64 = 1200;
/// Radius of its circle in degrees of latitude (5 km).
const RADIUS: f64 = 0.045;

/// From one stop to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    /// When it leaves.
    pub leaves_at: DateTime<Utc>,
    /// When it arrives.
    pub arrives_at: DateTime<Utc>,
    /// Where it leaves from.
    pub from: Point,
    /// Where it arrives.
    pub to: Point,
}

/// How a bus moves.
#[derive(Debug, Clone, PartialEq)]
pub enum Motion {
    /// Its position is unknown.
    Unknown,
    /// Along these legs, in ascending order; between them it stands still.
    Legs(Vec<Leg>),
    /// In a circle, without end, some seconds ahead of the first bus.
    Circle {
        /// The centre.
        center: Point,
        /// How many seconds ahead.
        ahead: i64,
    },
}

impl Motion {
    /// The position that the bus reports.
    pub fn fix(&self, now: DateTime<Utc>) -> Option<RawFix> {
        match self {
            Self::Unknown => None,
            Self::Circle { center, ahead } => Some(circle(*center, *ahead, now)),
            Self::Legs(legs) => {
                let next = legs.partition_point(|leg| leg.leaves_at <= now);
                let Some(leg) = next.checked_sub(1).and_then(|last| legs.get(last)) else {
                    return legs.first().map(|leg| standing(leg.from, now));
                };
                Some(if now >= leg.arrives_at {
                    standing(leg.to, now)
                } else {
                    driving(leg, now)
                })
            }
        }
    }
}

fn standing(point: Point, now: DateTime<Utc>) -> RawFix {
    RawFix {
        latitude: point.latitude,
        longitude: point.longitude,
        speed_kmh: Some(0.0),
        course: Some(0.0),
        recorded_at: now.timestamp() / STANDING_SECONDS * STANDING_SECONDS,
    }
}

fn driving(leg: &Leg, now: DateTime<Utc>) -> RawFix {
    let whole = (leg.arrives_at - leg.leaves_at)
        .max(TimeDelta::seconds(1))
        .as_seconds_f64();
    let second = DateTime::from_timestamp_secs(now.timestamp()).unwrap_or(now);
    let part = ((second - leg.leaves_at).as_seconds_f64() / whole).clamp(0.0, 1.0);
    let between = |from: f64, to: f64| ((from + (to - from) * part) * 1e6).round() / 1e6;
    RawFix {
        latitude: between(leg.from.latitude, leg.to.latitude),
        longitude: between(leg.from.longitude, leg.to.longitude),
        speed_kmh: Some(leg.from.meters_to(leg.to) / whole * 3.6),
        course: Some(course(leg.from, leg.to)),
        recorded_at: now.timestamp(),
    }
}

fn course(from: Point, to: Point) -> f64 {
    let (north, south) = (from.latitude.to_radians(), to.latitude.to_radians());
    let east = (to.longitude - from.longitude).to_radians();
    let y = east.sin() * south.cos();
    let x = north.cos() * south.sin() - north.sin() * south.cos() * east.cos();
    y.atan2(x).to_degrees().rem_euclid(360.0)
}

#[expect(clippy::cast_precision_loss, reason = "less than 1200")]
fn circle(center: Point, ahead: i64, now: DateTime<Utc>) -> RawFix {
    let second = (now.timestamp() + ahead).rem_euclid(ROUND_SECONDS);
    let angle = TAU * second as f64 / ROUND_SECONDS as f64;
    RawFix {
        latitude: center.latitude + RADIUS * angle.sin(),
        longitude: center.longitude + RADIUS * angle.cos() / center.latitude.to_radians().cos(),
        speed_kmh: Some(94.0),
        course: Some((360.0 - angle.to_degrees()).rem_euclid(360.0)),
        recorded_at: now.timestamp(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use domain::geo::Point;
    use rstest::rstest;

    use super::{Leg, Motion};

    #[rstest]
    #[case("2027-02-01T07:00:00Z", 50.0, 30.0, 0)]
    #[case("2027-02-01T08:30:00Z", 50.0, 30.5, 71)]
    #[case("2027-02-01T09:00:30Z", 50.0, 31.0, 0)]
    #[case("2027-02-01T11:00:00Z", 50.5, 31.0, 56)]
    #[case("2027-02-02T00:00:00Z", 51.0, 31.0, 0)]
    fn a_bus_is_where_its_timetable_says(
        #[case] now: DateTime<Utc>,
        #[case] latitude: f64,
        #[case] longitude: f64,
        #[case] kmh: i64,
    ) {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let point = |latitude, longitude| Point::new(latitude, longitude).unwrap();
        let legs = Motion::Legs(vec![
            Leg {
                leaves_at: at("2027-02-01T08:00:00Z"),
                arrives_at: at("2027-02-01T09:00:00Z"),
                from: point(50.0, 30.0),
                to: point(50.0, 31.0),
            },
            Leg {
                leaves_at: at("2027-02-01T10:00:00Z"),
                arrives_at: at("2027-02-01T12:00:00Z"),
                from: point(50.0, 31.0),
                to: point(51.0, 31.0),
            },
        ]);
        let fix = legs.fix(now).unwrap();
        assert!((fix.latitude - latitude).abs() < 1e-6, "{fix:?}");
        assert!((fix.longitude - longitude).abs() < 1e-6, "{fix:?}");
        #[expect(clippy::cast_possible_truncation, reason = "a speed")]
        let speed = fix.speed_kmh.unwrap().round() as i64;
        assert_eq!(speed, kmh);
    }
}
