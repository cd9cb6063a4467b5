//! Points on the globe: distance, and the nearest of many.

use serde::{Deserialize, Serialize};

/// Mean radius of the Earth in metres (IUGG).
const EARTH_RADIUS: f64 = 6_371_008.8;

/// A place in WGS 84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// North positive, -90 to 90.
    pub latitude: f64,
    /// East positive, -180 to 180.
    pub longitude: f64,
}

impl Point {
    /// A place in degrees, when both lie in their range.
    #[must_use]
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude))
            .then_some(Self { latitude, longitude })
    }

    /// Great-circle distance in metres (haversine).
    #[must_use]
    pub fn meters_to(self, other: Self) -> f64 {
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half_latitude = ((to - from) / 2.0).sin();
        let half_longitude = ((other.longitude - self.longitude).to_radians() / 2.0).sin();
        let chord = half_latitude * half_latitude + from.cos() * to.cos() * half_longitude * half_longitude;
        2.0 * EARTH_RADIUS * chord.sqrt().min(1.0).asin()
    }
}

/// Places ordered by latitude, so that a search only looks at a band of them.
#[derive(Debug, Clone)]
pub struct Places<T> {
    by_latitude: Vec<(Point, T)>,
}

impl<T: Copy> Places<T> {
    /// These places, in any order.
    #[must_use]
    pub fn new(mut places: Vec<(Point, T)>) -> Self {
        places.sort_by(|a, b| a.0.latitude.total_cmp(&b.0.latitude));
        Self { by_latitude: places }
    }

    /// The nearest place that is no farther than `limit` metres.
    #[must_use]
    pub fn nearest(&self, point: Point, limit: f64) -> Option<T> {
        let band = (limit / EARTH_RADIUS).to_degrees();
        let start = self
            .by_latitude
            .partition_point(|(p, _)| p.latitude < point.latitude - band);
        self.by_latitude[start..]
            .iter()
            .take_while(|(p, _)| p.latitude <= point.latitude + band)
            .map(|(p, place)| (p.meters_to(point), *place))
            .filter(|(distance, _)| *distance <= limit)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, place)| place)
    }
}

#[cfg(test)]
mod tests {
    use super::{Places, Point};

    fn point(latitude: f64, longitude: f64) -> Point {
        Point::new(latitude, longitude).unwrap()
    }

    #[test]
    fn distance_follows_the_great_circle() {
        let (kyiv, lviv) = (point(50.45466, 30.5238), point(49.83826, 24.02324));
        let kilometers = kyiv.meters_to(lviv) / 1000.0;
        assert!((kilometers - 468.5).abs() < 1.5, "{kilometers}");
        // Across the date line it is one degree, not 359.
        assert!((point(0.0, 179.5).meters_to(point(0.0, -179.5)) - 111_195.0).abs() < 1.0);
        assert!(Point::new(91.0, 0.0).is_none());
        assert!(Point::new(f64::NAN, 0.0).is_none());
    }

    #[test]
    fn nearest_respects_the_limit() {
        let places = Places::new(vec![(point(50.0, 20.0), 'a'), (point(50.1, 20.0), 'b')]);
        assert_eq!(places.nearest(point(50.08, 20.0), 15_000.0), Some('b'));
        assert_eq!(places.nearest(point(50.04, 20.0), 15_000.0), Some('a'));
        assert_eq!(places.nearest(point(50.3, 20.0), 15_000.0), None);
        assert_eq!(places.nearest(point(4.92, 20.0), 15_000.0), None);
    }
}
