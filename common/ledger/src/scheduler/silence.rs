//! Decides which silent processes are given up.
//!
//! Three situations look alike here: a process that died, one that is starved or stopped, and a pause of the database
//! (or of this scheduler) during which no heartbeat was recorded or seen.
//!
//! - Silence counts only when it was seen in consecutive looks, a second apart: three, or four while the process holds
//!   its lock. A pause of the database or the scheduler lies between two looks, and connections survive it; by the
//!   fourth look all processes have sent heartbeats again, also those that hold no jobs and send one every two seconds.
//!   A process that ends frees its lock, and must be found sooner.
//! - A process counts as dead when it has been silent for five seconds and its lock is free: the operating system
//!   closes the connections of a process when it ends.
//! - A process that holds its lock exists. It is given three more seconds, so that it survives a pause of the database
//!   or the processor; then other processes get its jobs, and no crash is counted.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::db::process::Quiet;
use crate::id::ProcessId;

/// Consecutive looks that must have seen the same last heartbeat of a process that no longer exists.
const LOOKS: u32 = 3;

/// The same for a process that exists. The first is after two seconds of silence at the earliest, so that this delays
/// nothing unless there was a pause.
const LOOKS_WHILE_HELD: u32 = 4;

/// Seconds of silence after which a process loses the jobs that it has not begun, and one that no longer exists is
/// given up.
const DEAD_AFTER: f64 = 5.0;

/// Seconds of silence after which a process is given up although it exists.
const SLOW_AFTER: f64 = 8.0;

/// The silences that were seen in the last look.
#[derive(Debug, Default)]
pub struct Silences {
    seen: HashMap<ProcessId, (DateTime<Utc>, u32)>,
}

impl Silences {
    /// Notes what a check found, and returns which processes have been silent long enough to lose jobs that have not
    /// begun, and which to give up.
    pub fn judge<'a>(&mut self, quiet: &'a [Quiet]) -> (Vec<ProcessId>, Vec<&'a Quiet>) {
        self.seen = quiet
            .iter()
            .map(|process| {
                let looks = match self.seen.get(&process.id) {
                    Some((beat_at, looks)) if *beat_at == process.beat_at => looks + 1,
                    _ => 1,
                };
                (process.id, (process.beat_at, looks))
            })
            .collect();
        let silent = quiet.iter().filter(|process| {
            let looks = self.seen.get(&process.id).map_or(0, |(_, looks)| *looks);
            let needed = if process.is_gone { LOOKS } else { LOOKS_WHILE_HELD };
            looks >= needed && process.silence >= DEAD_AFTER
        });
        let given_up = silent
            .clone()
            .filter(|process| process.is_gone || process.silence >= SLOW_AFTER);
        (silent.clone().map(|process| process.id).collect(), given_up.collect())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::Silences;
    use crate::db::process::Quiet;
    use crate::id::ProcessId;

    fn quiet(id: ProcessId, silence: i32, is_gone: bool) -> Quiet {
        Quiet {
            id,
            name: "email_worker 1".to_owned(),
            beat_at: DateTime::UNIX_EPOCH,
            silence: silence.into(),
            is_gone,
        }
    }

    /// At which of the looks, a second apart and the first after `first` seconds of silence, a process loses the jobs
    /// that it has not begun, and at which it is given up.
    fn judged(first: i32, is_gone: bool) -> (Option<i32>, Option<i32>) {
        let (id, mut silences) = (ProcessId::new(), Silences::default());
        let (mut silent, mut given_up) = (None, None);
        for silence in first..first + 20 {
            let quiet = [quiet(id, silence, is_gone)];
            let judged = silences.judge(&quiet);
            silent = silent.or((!judged.0.is_empty()).then_some(silence));
            given_up = given_up.or((!judged.1.is_empty()).then_some(silence));
        }
        (silent, given_up)
    }

    #[test]
    fn an_existing_process_is_given_up_later() {
        assert_eq!(judged(2, true), (Some(5), Some(5)));
        assert_eq!(judged(2, false), (Some(5), Some(8)));
    }

    #[test]
    fn an_unobserved_silence_does_not_count() {
        assert_eq!(judged(60, true), (Some(62), Some(62)));
        assert_eq!(judged(60, false), (Some(63), Some(63)));
    }

    #[test]
    fn a_beat_ends_a_silence() {
        let (id, mut silences) = (ProcessId::new(), Silences::default());
        for beat_at in ["2026-01-01T00:00:00Z", "2026-01-01T00:00:09Z"] {
            let beat_at: DateTime<Utc> = beat_at.parse().unwrap();
            for _ in 0..2 {
                let quiet = [Quiet {
                    beat_at,
                    ..quiet(id, 9, true)
                }];
                assert_eq!(silences.judge(&quiet), (Vec::new(), Vec::new()));
            }
        }
        assert_eq!(silences.judge(&[]), (Vec::new(), Vec::new()));
    }
}
