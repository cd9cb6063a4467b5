//! The clock. Every rule takes the time as an argument; this is the only place that reads it.
//!
//! Processes use the time of the database, which is the same for all of them, independent of their machines' clocks. A
//! [`Clock`] of that kind counts on from the database's time with the machine's monotonic clock, which cannot be set,
//! and is measured again every few seconds (`process::time`). The wall clock of the machine decides nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// Where the time comes from: the database, the machine, or a test that sets it. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Clock(Source);

#[derive(Debug, Clone, Default)]
enum Source {
    #[default]
    Machine,
    Database(Arc<Measured>),
    Manual(Arc<AtomicI64>),
}

/// A clock that is measured against another one.
#[derive(Debug)]
struct Measured {
    start: Instant,
    /// The value of the other clock at `start`, in microseconds since 1970.
    at_start: AtomicI64,
    /// The latest reading, in microseconds since `start`.
    read_at: AtomicI64,
    /// The corrections since they were last taken, in microseconds.
    moved: AtomicI64,
}

/// One reading of another clock. Its value was true at an unknown instant between the two.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Just before the reading.
    pub before: Instant,
    /// The value that was read.
    pub said: DateTime<Utc>,
    /// Just after the reading.
    pub after: Instant,
}

impl Clock {
    /// The wall clock of the machine: for programs that have no database.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::Machine)
    }

    /// A clock that follows another one, starting from a first reading of it.
    #[must_use]
    pub fn measured(first: Sample) -> Self {
        let half = (first.after.saturating_duration_since(first.before) / 2).as_micros();
        let at_start = first.said.timestamp_micros().saturating_sub(whole(half));
        Self(Source::Database(Arc::new(Measured {
            start: first.before,
            at_start: AtomicI64::new(at_start),
            read_at: AtomicI64::new(0),
            moved: AtomicI64::new(0),
        })))
    }

    /// Corrects a measured clock by another reading, and returns by how much. It moves no more than the reading
    /// requires, so a slow response never makes it worse. Any other clock stays as it is.
    pub fn correct(&self, sample: Sample) -> TimeDelta {
        let Source::Database(measured) = &self.0 else {
            return TimeDelta::zero();
        };
        let said = sample.said.timestamp_micros();
        let at_most = said.saturating_sub(measured.elapsed(sample.before));
        let at_least = said.saturating_sub(measured.elapsed(sample.after)).min(at_most);
        // In one step: several threads may correct a clock at a time, and none may count what another has corrected.
        let (Ok(was) | Err(was)) = measured
            .at_start
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |was| {
                Some(was.clamp(at_least, at_most))
            });
        let is = was.clamp(at_least, at_most);
        measured
            .read_at
            .fetch_max(measured.elapsed(sample.after), Ordering::SeqCst);
        let moved = is.saturating_sub(was);
        measured.moved.fetch_add(moved, Ordering::SeqCst);
        TimeDelta::microseconds(moved)
    }

    /// Whether a measured clock was corrected within this time, by whomever. No other clock is.
    #[must_use]
    pub fn was_read_within(&self, age: Duration) -> bool {
        let Source::Database(measured) = &self.0 else {
            return false;
        };
        let read_at = measured.read_at.load(Ordering::SeqCst);
        measured.elapsed(Instant::now()).saturating_sub(read_at) < whole(age.as_micros())
    }

    /// By how much a measured clock was corrected since the last call.
    #[must_use]
    pub fn take_moved(&self) -> TimeDelta {
        match &self.0 {
            Source::Database(measured) => TimeDelta::microseconds(measured.moved.swap(0, Ordering::SeqCst)),
            Source::Machine | Source::Manual(_) => TimeDelta::zero(),
        }
    }

    /// A clock that stands still until it is set.
    #[must_use]
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.timestamp_micros()))))
    }

    /// The present instant, in microseconds (what PostgreSQL can store).
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &self.0 {
            Source::Manual(micros) => micros.load(Ordering::SeqCst),
            Source::Database(measured) => {
                let at_start = measured.at_start.load(Ordering::SeqCst);
                at_start.saturating_add(measured.elapsed(Instant::now()))
            }
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Source::Machine => Utc::now().timestamp_micros(),
        };
        DateTime::from_timestamp_micros(micros).unwrap_or_default()
    }

    /// Moves a manual clock; no other can be moved.
    pub fn advance(&self, by: TimeDelta) {
        if let (Source::Manual(micros), Some(by)) = (&self.0, by.num_microseconds()) {
            micros.fetch_add(by, Ordering::SeqCst);
        }
    }
}

impl Measured {
    fn elapsed(&self, at: Instant) -> i64 {
        whole(at.saturating_duration_since(self.start).as_micros())
    }
}

fn whole(micros: u128) -> i64 {
    i64::try_from(micros).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::time::{Duration, Instant};

    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Clock, Sample};

    const NOON: &str = "2027-02-01T12:00:00Z";

    /// A sample that began `before` and ended `after` milliseconds after `start`, of a clock that read `said`
    /// milliseconds past noon.
    fn sample(start: Instant, before: u64, said: i64, after: u64) -> Sample {
        let noon: DateTime<Utc> = NOON.parse().unwrap();
        Sample {
            before: start + Duration::from_millis(before),
            said: noon + TimeDelta::milliseconds(said),
            after: start + Duration::from_millis(after),
        }
    }

    #[test]
    fn a_measured_clock_is_independent_of_the_machine_clock() {
        let noon: DateTime<Utc> = NOON.parse().unwrap();
        let start = Instant::now();
        let clock = Clock::measured(sample(start, 0, 0, 0));
        let gone = i64::try_from(start.elapsed().as_micros()).unwrap();
        assert!(clock.now() - noon >= TimeDelta::microseconds(gone));
        let hour = TimeDelta::hours(1).num_milliseconds();
        assert_eq!(
            clock.correct(sample(start, 1000, 1000 + hour, 1000)),
            TimeDelta::hours(1)
        );
        assert!(clock.now() - noon >= TimeDelta::hours(1));
        assert_eq!(clock.correct(sample(start, 2000, 2000, 2000)), -TimeDelta::hours(1));
    }

    #[test]
    fn a_look_moves_the_clock_only_as_far_as_it_proves() {
        let start = Instant::now();
        let clock = Clock::measured(sample(start, 0, 0, 0));
        let moved = |before, said, after| clock.correct(sample(start, before, said, after)).num_milliseconds();
        // Slow answers that agree with it, early or late.
        assert_eq!(moved(1000, 1000, 6000), 0);
        assert_eq!(moved(10_000, 15_000, 15_000), 0);
        // The other clock is 20 ms ahead at least, or 30 ms behind.
        assert_eq!(moved(20_000, 20_120, 20_100), 20);
        assert_eq!(moved(30_000, 29_990, 30_100), -30);
    }

    #[test]
    fn corrections_add_up_until_they_are_taken() {
        let start = Instant::now();
        let clock = Clock::measured(sample(start, 0, 0, 0));
        let _ = clock.correct(sample(start, 1000, 61_000, 1000));
        let _ = clock.correct(sample(start, 2000, 63_000, 2000));
        assert_eq!(clock.take_moved(), TimeDelta::seconds(61));
        assert_eq!(clock.take_moved(), TimeDelta::zero());
    }

    #[test]
    fn what_several_threads_correct_at_a_time_counts_once() {
        let start = Instant::now();
        for _ in 0..200 {
            let (clock, ready) = (Clock::measured(sample(start, 0, 0, 0)), Barrier::new(4));
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        ready.wait();
                        let _ = clock.correct(sample(start, 1000, 61_000, 1000));
                    });
                }
            });
            assert_eq!(clock.take_moved(), TimeDelta::seconds(60));
        }
    }

    #[test]
    fn a_clock_knows_when_it_was_last_read() {
        let Some(start) = Instant::now().checked_sub(Duration::from_secs(60)) else {
            return;
        };
        let clock = Clock::measured(sample(start, 0, 0, 0));
        assert!(!clock.was_read_within(Duration::from_secs(30)));
        let _ = clock.correct(sample(start, 50_000, 50_000, 50_000));
        assert!(clock.was_read_within(Duration::from_secs(30)));
    }

    #[test]
    fn no_other_clock_is_corrected() {
        let clock = Clock::manual(NOON.parse().unwrap());
        let start = Instant::now();
        assert_eq!(clock.correct(sample(start, 0, 5000, 0)), TimeDelta::zero());
        assert_eq!(clock.now().to_rfc3339(), "2027-02-01T12:00:00+00:00");
    }
}
