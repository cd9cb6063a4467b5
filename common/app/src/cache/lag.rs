//! How far the cache is behind the database.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;

/// How far memory is behind the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// Since the last look that succeeded began; everything that was committed before it is in memory.
    pub age: Duration,
    /// From the statement that changed something to the moment it was in memory, of the oldest change of the last look
    /// that found any. What a transaction took from its statement to its commit is part of it.
    pub last: TimeDelta,
    /// The greatest of these since the process began.
    pub worst: TimeDelta,
    /// Looks since the process began.
    pub looks: u64,
    /// How often everything was read.
    pub loads: u64,
    /// Changes of this process that it noted.
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
