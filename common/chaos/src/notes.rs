//! What must be known about a run although no guarantee was violated: it is printed at once, and again at the end.

use std::sync::Mutex;

use crate::figures::locked;
use crate::line;
use crate::plan::Fault;

/// The notes of a run, in chronological order.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Vec<String>>);

impl Notes {
    /// Prints a note, and keeps it for the end.
    pub fn add(&self, note: String) {
        line(format_args!("         {note}"));
        locked(&self.0).push(note);
    }

    /// Notes that a fault was not tried, and why, unless it was.
    pub fn unless(&self, is_tried: bool, fault: Fault, why: &str) {
        if !is_tried {
            self.add(format!("NOT TRIED: {fault}. {why}"));
        }
    }

    /// All of them.
    pub fn all(&self) -> Vec<String> {
        locked(&self.0).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::Notes;
    use crate::plan::Fault;

    #[test]
    fn a_fault_that_was_not_tried_is_kept_for_the_end() {
        let notes = Notes::default();
        notes.unless(true, Fault::RedisFlushed, "Redis was down.");
        notes.unless(false, Fault::PostgresSilent, "It is of another user.");
        assert_eq!(notes.all(), ["NOT TRIED: PostgreSQL silent. It is of another user."]);
    }
}
