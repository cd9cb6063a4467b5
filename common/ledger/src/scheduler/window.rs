//! How many jobs a list in Redis may hold: what workers take from it in about half a second.
//!
//! A list is first in, first out, so jobs that are in it delay later jobs of other tenants. The relay therefore keeps a
//! list only as long as is necessary to keep its workers busy until the next round: a few entries for jobs of minutes,
//! thousands for jobs of a millisecond. This needs no query: the relay measures how long its entries have lasted. When
//! workers slow down, jobs that are already in the list still go first.

use std::time::{Duration, Instant};

/// Maximum number of jobs in a list (with several schedulers: plus one batch for each further one).
pub const WINDOW: i64 = 2000;

/// The smallest window, with which every list begins.
pub const LEAST: i64 = 20;

/// If half of a window is taken in less time than this, the window is too small.
const QUICK: Duration = Duration::from_millis(100);

/// If half of a window lasts longer than this, the window is too large.
const SLOW: Duration = Duration::from_secs(1);

/// The window of one list, as one relay sees it.
#[derive(Debug)]
pub struct Window {
    size: i64,
    /// Set while it was filled when there was more to send.
    filled: Option<Filled>,
}

/// A window that was filled and of which half is not taken yet.
#[derive(Debug)]
struct Filled {
    /// When it was filled, or made smaller since.
    at: Instant,
    /// Whether it was made smaller since.
    is_slow: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self {
            size: LEAST,
            filled: None,
        }
    }
}

impl Window {
    /// How many jobs a list of this length accepts now: none until half of the window has been taken, so that batches
    /// are large. The window also shrinks while that takes too long.
    pub fn room(&mut self, length: i64, now: Instant) -> i64 {
        if let Some(filled) = &mut self.filled {
            let lasted = now.duration_since(filled.at);
            if lasted > SLOW {
                self.size = (self.size / 2).max(LEAST);
                *filled = Filled { at: now, is_slow: true };
            } else if length <= self.size / 2 && lasted < QUICK && !filled.is_slow {
                self.size = (self.size * 2).min(WINDOW);
            }
        }
        if length > self.size / 2 {
            return 0;
        }
        self.filled = None;
        self.size - length
    }

    /// Whether a list with `free` places accepts nothing until it is half empty.
    pub const fn is_past_half(&self, free: i64) -> bool {
        self.size - free > self.size / 2
    }

    /// Notes that the list was filled, and that more jobs waited for it.
    pub const fn fill(&mut self, now: Instant) {
        self.filled = Some(Filled {
            at: now,
            is_slow: false,
        });
    }

    /// Notes that no more jobs waited for it: the next flood measures again how fast workers take them.
    pub fn rest(&mut self) {
        self.filled = None;
        self.size = (self.size / 2).max(LEAST);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{LEAST, WINDOW, Window};

    /// The room in a window that is filled, and whose list is empty again after each of these times in milliseconds.
    fn sizes(lasted: &[u64]) -> Vec<i64> {
        let mut now = Instant::now();
        let mut window = Window::default();
        let mut sizes = vec![window.room(0, now)];
        for millis in lasted {
            window.fill(now);
            now += Duration::from_millis(*millis);
            sizes.push(window.room(0, now));
        }
        sizes
    }

    #[test]
    fn it_grows_while_its_jobs_are_taken_at_once_and_shrinks_when_they_last() {
        assert_eq!(sizes(&[5, 5, 5]), [20, 40, 80, 160]);
        assert_eq!(sizes(&[5, 5, 300, 300]), [20, 40, 80, 80, 80]);
        assert_eq!(sizes(&[5, 5, 1001, 1001, 1001]), [20, 40, 80, 40, LEAST, LEAST]);
        assert_eq!(sizes(&[5; 10]).last(), Some(&WINDOW));
    }

    #[test]
    fn it_shrinks_each_second_in_which_nothing_is_taken() {
        let (mut window, mut now) = (Window::default(), Instant::now());
        for _ in 0..7 {
            window.fill(now);
            window.room(0, now);
        }
        window.fill(now);
        for _ in 0..7 {
            now += Duration::from_millis(1001);
            assert_eq!(window.room(WINDOW, now), 0);
        }
        // What is taken at last was not taken quickly.
        assert_eq!(window.room(LEAST / 2, now), LEAST / 2);
        window.fill(now);
        assert_eq!(window.room(0, now), 2 * LEAST);
    }

    #[test]
    fn a_list_is_filled_again_when_half_of_it_is_taken() {
        let (mut window, now) = (Window::default(), Instant::now());
        assert_eq!(window.room(LEAST / 2 + 1, now), 0);
        assert_eq!(window.room(LEAST / 2, now), LEAST / 2);
    }

    #[test]
    fn the_end_of_a_flood_leaves_no_large_window_behind() {
        let (mut window, now) = (Window::default(), Instant::now());
        for _ in 0..10 {
            window.fill(now);
            window.room(0, now);
        }
        for _ in 0..7 {
            window.rest();
        }
        assert_eq!(window.room(0, now), LEAST);
    }
}
