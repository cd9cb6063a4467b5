//! The time in new ids. Lists show the newest entries in the order of their ids, so all processes must use the same
//! time.

use std::sync::{Mutex, OnceLock, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

use crate::clock::Clock;

/// The clock of new ids; that of the machine until [`follow`] is called.
static CLOCK: OnceLock<Clock> = OnceLock::new();

static SEQUENCE: Mutex<Sequence> = Mutex::new(Sequence {
    context: ContextV7::new(),
    last: DateTime::UNIX_EPOCH,
});

/// How far ids may run ahead of the clock, so that they keep rising when it moves back. A larger difference means that
/// a wrong clock was corrected; then ids follow it.
const AHEAD: TimeDelta = TimeDelta::seconds(1);

/// From now on all new ids of this process carry the time of this clock. A process calls this once, before it creates
/// any.
pub fn follow(clock: &Clock) {
    let _first_counts = CLOCK.set(clock.clone());
}

/// A new UUIDv7 (RFC 9562). Those of one process always increase.
#[must_use]
pub fn uuid() -> Uuid {
    let now = CLOCK.get().map_or_else(|| Clock::system().now(), Clock::now);
    SEQUENCE.lock().unwrap_or_else(PoisonError::into_inner).next(now)
}

struct Sequence {
    context: ContextV7,
    last: DateTime<Utc>,
}

impl Sequence {
    fn next(&mut self, now: DateTime<Utc>) -> Uuid {
        if self.last - now > AHEAD {
            self.context = ContextV7::new();
            self.last = now;
        }
        self.last = self.last.max(now);
        let seconds = now.timestamp().try_into().unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(
            &self.context,
            seconds,
            now.timestamp_subsec_nanos(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use uuid::{ContextV7, Uuid};

    use super::Sequence;

    fn millis(id: Uuid) -> i64 {
        let (seconds, nanos) = id.get_timestamp().unwrap().to_unix();
        i64::try_from(seconds).unwrap() * 1000 + i64::from(nanos) / 1_000_000
    }

    #[test]
    fn ids_rise_while_the_clock_hesitates_and_follow_it_when_it_was_wrong() {
        let noon: DateTime<Utc> = "2027-02-01T12:00:00Z".parse().unwrap();
        let mut sequence = Sequence {
            context: ContextV7::new(),
            last: DateTime::UNIX_EPOCH,
        };
        let first = sequence.next(noon);
        let second = sequence.next(noon);
        let third = sequence.next(noon - TimeDelta::milliseconds(300));
        assert!(first < second && second < third);
        assert_eq!(millis(first), noon.timestamp_millis());
        let wrong = sequence.next(noon + TimeDelta::hours(26));
        let right = sequence.next(noon + TimeDelta::seconds(8));
        assert!(right < wrong);
        assert_eq!(millis(right), (noon + TimeDelta::seconds(8)).timestamp_millis());
    }
}
