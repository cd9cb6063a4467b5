//! What must be known about a run although no guarantee was violated: it is printed at once, and again at the end.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::figures::locked;
use crate::line;
use crate::plan::Fault;

/// The notes of a run, in chronological order.
#[derive(Debug, Default)]
pub struct Notes {
    round: AtomicU64,
    notes: Mutex<Vec<String>>,
}

impl Notes {
    /// The notes from now on are about this round.
    pub fn begin_round(&self, number: u64) {
        self.round.store(number, Ordering::Relaxed);
    }

    /// Prints a note in its round, and keeps it for the end with the number of the round.
    pub fn add(&self, note: &str) {
        line(format_args!("         {note}"));
        let round = self.round.load(Ordering::Relaxed);
        locked(&self.notes).push(format!("round {round}: {note}"));
    }

    /// Notes that a fault was not tried, and why, unless it was.
    pub fn unless(&self, is_tried: bool, fault: Fault, why: &str) {
        if !is_tried {
            self.add(&format!("NOT TRIED: {fault}. {why}"));
        }
    }

    /// All of them, each after its round.
    pub fn all(&self) -> Vec<String> {
        locked(&self.notes).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::Notes;
    use crate::plan::Fault;

    #[test]
    fn a_fault_that_was_not_tried_is_kept_for_the_end_with_its_round() {
        let notes = Notes::default();
        notes.unless(true, Fault::RedisFlushed, "Redis was down.");
        notes.begin_round(4);
        notes.unless(false, Fault::PostgresSilent, "It is of another user.");
        assert_eq!(
            notes.all(),
            ["round 4: NOT TRIED: PostgreSQL silent. It is of another user."]
        );
    }
}
