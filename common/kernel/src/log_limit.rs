//! Log lines about events that may come in floods.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Time between two lines.
const PERIOD: Duration = Duration::from_secs(10);

/// Counts events of one kind and says when to log them: the first ones at once, later ones together, at most once in
/// ten seconds.
#[derive(Debug, Default)]
pub struct LogLimit(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    /// Events since the last line.
    events: u64,
    logged_at: Option<Instant>,
}

impl LogLimit {
    /// Counts events; there may be none, so that earlier ones are logged. If a line is due, returns the number of
    /// events since the last one.
    #[must_use = "the caller writes the line"]
    pub fn note(&self, events: u64, now: Instant) -> Option<u64> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.events += events;
        let is_early = counted.logged_at.is_some_and(|at| now.duration_since(at) < PERIOD);
        if counted.events == 0 || is_early {
            return None;
        }
        counted.logged_at = Some(now);
        Some(std::mem::take(&mut counted.events))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::LogLimit;

    #[test]
    fn a_flood_has_a_line_at_once_and_then_one_every_ten_seconds_until_all_are_logged() {
        let (limit, start) = (LogLimit::default(), Instant::now());
        let note = |events, second| limit.note(events, start + Duration::from_secs(second));
        assert_eq!(note(0, 0), None);
        assert_eq!(note(3, 1), Some(3));
        assert_eq!(note(2, 2), None);
        assert_eq!(note(4, 10), None);
        assert_eq!(note(0, 11), Some(6), "all since the last line");
        assert_eq!(note(0, 30), None, "all are logged");
        assert_eq!(note(1, 31), Some(1));
    }
}
