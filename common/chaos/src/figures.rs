//! What a run counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a mutex holds, also after a panic.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counters of a run; what is counted is added up over all rounds.
#[derive(Debug, Default)]
pub struct Figures {
    /// Requests that were sent, repeats included.
    pub requests: Counter,
    /// Those that got no answer, or one that asks for a repeat.
    pub unanswered: Counter,
    /// Bookings that were answered.
    pub bookings: Counter,
    /// Bookings that were refused because there was no room, or too late.
    pub refused: Counter,
    /// Bookings that were paid.
    pub paid: Counter,
    /// Bookings that were canceled.
    pub canceled: Counter,
    /// Reports that were accepted.
    pub reports: Counter,
    /// How long jobs took while nothing was wrong, in milliseconds.
    pub ordinary: Mutex<Vec<u64>>,
    /// How long jobs that waited when the faults ended took from then on, in milliseconds.
    pub recovery: Mutex<Vec<u64>>,
    /// The same of jobs that a provider's fault had held up.
    pub held: Mutex<Vec<u64>>,
    /// The job that took longest to recover.
    pub slowest: Mutex<Option<Slowest>>,
}

/// The job that took longest to recover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slowest {
    /// How long, in milliseconds.
    pub millis: u64,
    /// Its id, queue and round.
    pub what: String,
    /// What is known of it.
    pub story: Vec<String>,
}

/// A number that grows.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Median, 99th percentile and longest of some times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// How many there are.
    pub count: usize,
    /// Half of them are not longer.
    pub p50: u64,
    /// 99 in a hundred are not longer.
    pub p99: u64,
    /// The longest.
    pub longest: u64,
}

impl Spread {
    /// Of these times.
    pub fn of(times: &Mutex<Vec<u64>>) -> Self {
        Self::of_all(&[times])
    }

    /// Of all of these times together.
    pub fn of_all(times: &[&Mutex<Vec<u64>>]) -> Self {
        let mut times: Vec<u64> = times.iter().flat_map(|times| locked(times).clone()).collect();
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
        let both = Spread::of_all(&[&Mutex::new(vec![3, 1]), &Mutex::new(vec![2])]);
        assert_eq!((both.count, both.p50, both.longest), (3, 2, 3));
    }
}
