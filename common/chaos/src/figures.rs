//! The figures that a run collects.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a mutex, also one whose holder panicked.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The figures of a run, over all rounds.
#[derive(Debug, Default)]
pub struct Figures {
    /// Requests that were sent, retries included.
    pub requests: Counter,
    /// Requests without a response, or with one that asks for a retry.
    pub unanswered: Counter,
    /// Bookings that were created.
    pub bookings: Counter,
    /// Bookings that were refused for an expected reason: no free seats, or too late.
    pub refused: Counter,
    /// Bookings that were paid.
    pub paid: Counter,
    /// Bookings that were canceled.
    pub canceled: Counter,
    /// Bookings that were not paid, and whose payment window was ended.
    pub abandoned: Counter,
    /// Timetables that were published.
    pub timetables: Counter,
    /// Reports that were accepted.
    pub reports: Counter,
    /// How long jobs took without faults, in milliseconds.
    pub ordinary: Mutex<Vec<u64>>,
    /// How long jobs that were unfinished when the faults ended took from then on, in milliseconds.
    pub recovery: Mutex<Vec<u64>>,
    /// The same for jobs that a fault of a provider had held up.
    pub held: Mutex<Vec<u64>>,
    /// How long after the end of the faults the first search of a round succeeded at each API, in milliseconds.
    pub searches: Mutex<Vec<u64>>,
    /// The same for the first booking.
    pub sales: Mutex<Vec<u64>>,
}

/// A counter.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// Adds one.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The present value.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Median, 99th percentile and maximum of durations, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// Number of durations.
    pub count: usize,
    /// The median.
    pub p50: u64,
    /// The 99th percentile.
    pub p99: u64,
    /// The maximum.
    pub longest: u64,
}

impl Spread {
    /// The spread of these durations.
    pub fn of(times: &Mutex<Vec<u64>>) -> Self {
        Self::of_times(locked(times).clone())
    }

    /// The same for durations that the caller hands over.
    pub fn of_times(mut times: Vec<u64>) -> Self {
        times.sort_unstable();
        let rank = |percent: usize| (times.len() * percent).div_ceil(100).saturating_sub(1);
        let at = |percent| times.get(rank(percent)).copied().unwrap_or_default();
        Self {
            count: times.len(),
            p50: at(50),
            p99: at(99),
            longest: times.last().copied().unwrap_or_default(),
        }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            count,
            p50,
            p99,
            longest,
        } = self;
        write!(f, "{count} jobs, p50 {p50} ms, p99 {p99} ms, longest {longest} ms")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::Spread;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let spread = Spread::of(&Mutex::new((1..=200).rev().collect()));
        assert_eq!((spread.p50, spread.p99, spread.longest), (100, 198, 200));
        assert_eq!(Spread::of(&Mutex::default()), Spread::default());
        // Of fewer than a hundred, the longest.
        let few = Spread::of_times((1..=99).collect());
        assert_eq!((few.count, few.p99, few.longest), (99, 99, 99));
    }
}
