//! A departure in memory: what is taken, and how many passengers it can still seat.

use std::ops::{Deref, Range};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use domain::seat::{self, Segment};
use domain::sold::Sold;

/// Maximum number of results that a departure remembers. Few segments of a trip are searched for repeatedly.
const REMEMBERED: usize = 16;

/// The taken seats of a departure. Counting the seats that are left may need a search for an assignment, and is done
/// once for each segment as long as nothing changes.
#[derive(Debug, Default)]
pub struct Departure {
    sold: Sold,
    left: Mutex<Vec<Left>>,
}

/// Seats left on a segment of a bus.
#[derive(Debug, Clone)]
struct Left {
    seats: u16,
    segment: Segment,
    during: Range<DateTime<Utc>>,
    left: u16,
}

impl From<Sold> for Departure {
    fn from(sold: Sold) -> Self {
        Self {
            sold,
            left: Mutex::default(),
        }
    }
}

impl Deref for Departure {
    type Target = Sold;

    fn deref(&self) -> &Sold {
        &self.sold
    }
}

impl Departure {
    /// How many passengers can be seated on `segment` of a bus with `seats` seats, and the span of time in which this
    /// is true if nothing is sold or canceled.
    #[must_use]
    pub fn seats_left(&self, seats: u16, segment: &Segment, now: DateTime<Utc>) -> (u16, Range<DateTime<Utc>>) {
        let is_it = |left: &&Left| (left.seats, &left.segment) == (seats, segment) && left.during.contains(&now);
        if let Some(known) = self.remembered().iter().find(is_it) {
            return (known.left, known.during.clone());
        }
        // Computed without the lock, so that requests for other segments do not wait.
        let during = self.sold.unchanged_around(now);
        let left = seat::left(seats, &self.sold.holds(now), segment);
        let mut remembered = self.remembered();
        remembered.retain(|known| known.during.contains(&now));
        if remembered.len() == REMEMBERED {
            remembered.remove(0);
        }
        remembered.push(Left {
            seats,
            segment: segment.clone(),
            during: during.clone(),
            left,
        });
        (left, during)
    }

    fn remembered(&self) -> MutexGuard<'_, Vec<Left>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use domain::seat::Hold;
    use domain::sold::Sold;

    use super::{Departure, REMEMBERED};

    #[test]
    fn seats_left_are_those_of_the_instant_the_segment_and_the_bus() {
        let noon: DateTime<Utc> = "2027-02-01T12:00:00Z".parse().unwrap();
        let hold = |seat| Hold {
            seat,
            segment: 1..3,
            fixed: true,
        };
        let lapse = noon + TimeDelta::minutes(1);
        let departure = Departure::from(Sold::new(false, vec![(hold(1), None), (hold(2), Some(lapse))]));
        // Asked twice, the second time from memory; then back in time.
        for _ in 0..2 {
            assert_eq!(departure.seats_left(3, &(0..2), noon).0, 1);
            assert_eq!(departure.seats_left(3, &(0..1), noon).0, 3);
            assert_eq!(departure.seats_left(4, &(2..4), noon).0, 2);
            let (left, during) = departure.seats_left(3, &(0..2), lapse);
            assert_eq!((left, during.start), (2, lapse));
        }
        assert_eq!(departure.seats_left(3, &(0..2), noon).1.end, lapse);
        for stops in 4..100 {
            assert_eq!(departure.seats_left(3, &(0..stops), noon).0, 1);
        }
        assert_eq!(departure.left.lock().unwrap().len(), REMEMBERED);
    }
}
