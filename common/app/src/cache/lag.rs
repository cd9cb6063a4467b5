//! How far the cache is behind the database.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;

/// How far memory is behind the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// Time since the last successful look began; everything that was committed before that look is in memory.
    pub age: Duration,
    /// Time from the statement of a change until the change was in memory, for the oldest change of the last look that
    /// found any. It includes the time from the statement to the commit of its transaction.
    pub last: TimeDelta,
    /// The maximum of `last` since the process began.
    pub worst: TimeDelta,
    /// Looks since the process began.
    pub looks: u64,
    /// How often everything was read.
    pub loads: u64,
    /// Number of changes that this process has noted.
    pub noted: u64,
}

/// Changes that this process has committed.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Number of changes.
    pub(super) made: AtomicU64,
    /// Those of them that the last look has seen.
    pub(super) seen: AtomicU64,
}

impl Noted {
    /// Whether the last look has seen all of them.
    pub(super) fn are_seen(&self) -> bool {
        self.seen.load(Ordering::SeqCst) >= self.made.load(Ordering::SeqCst)
    }
}
