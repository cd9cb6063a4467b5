//! The queues: each has two lists in Redis, one per priority, and one worker binary.

use std::fmt;
use std::str::FromStr;

use ledger::Queue;

/// Mails to passengers and users.
pub const EMAIL: Queue = Queue::new("email");

/// Viber messages to passengers.
pub const VIBER: Queue = Queue::new("viber");

/// Expired tickets, and the deletion of other obsolete rows.
pub const SWEEP: Queue = Queue::new("sweep");

/// Reports, also scheduled ones, and the removal of their files.
pub const REPORT: Queue = Queue::new("report");

/// Positions of buses.
pub const TRACKING: Queue = Queue::new("geo");

/// Timetables that companies upload.
pub const TIMETABLE: Queue = Queue::new("timetable");

/// Every queue.
pub const ALL: [Queue; 6] = [EMAIL, VIBER, SWEEP, REPORT, TRACKING, TIMETABLE];

/// The name of a queue, as people type it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueName(pub Queue);

impl fmt::Display for QueueName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

/// A name that is not a queue's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the queue was not found")]
pub struct UnknownQueue;

impl FromStr for QueueName {
    type Err = UnknownQueue;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let queue = ALL.into_iter().find(|queue| queue.name() == name);
        queue.map(Self).ok_or(UnknownQueue)
    }
}
