//! How long the relay rests between two looks at the ledger. A nudge, or a job that becomes due, ends a rest early.
//! Redis ends a rest with the next event that it handles: without other events, up to a tenth of a second late.

use std::time::{Duration, Instant};

/// Time to the next look at the ledger after there was something to send; it doubles with each look that finds nothing.
pub const PERIOD: Duration = Duration::from_millis(5);

/// Time between two looks when there has been nothing to send for a while: the longest wait of a job that was written
/// without a nudge while others were sent or running.
const REST: Duration = Duration::from_millis(250);

/// The same while no job is sent or running, so that none can write another: the longest wait of a job whose nudge was
/// lost.
const IDLE_REST: Duration = Duration::from_secs(1);

/// How long the relay keeps to [`REST`] after it has sent something: until the reconciler has looked.
const WAKEFUL: Duration = Duration::from_secs(2);

/// Longest time between two looks while jobs wait for room in a list.
const REST_OF_FLOOD: Duration = Duration::from_millis(20);

/// Result of one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// No list has room.
    NoRoom,
    /// Nothing that is due can be sent.
    Nothing,
    /// None of the examined tenants had a job that could be sent, and there are other tenants.
    NothingYet,
    /// Something was sent.
    Some {
        /// Whether there may be more.
        is_more: bool,
    },
}

/// The intervals between the polls of a relay, in which it rests.
#[derive(Debug)]
pub struct PollInterval {
    next: Duration,
    longest: Duration,
    sent_at: Instant,
}

impl PollInterval {
    /// That of a relay that starts now.
    pub const fn new(now: Instant) -> Self {
        Self {
            next: PERIOD,
            longest: REST,
            sent_at: now,
        }
    }

    /// How long to rest after a look with this result; `None` if the next look follows at once. `is_idle` says whether
    /// no job was sent or running lately.
    ///
    /// A look that has sent all there was is followed by a rest: what is committed after it has a nudge. Another look
    /// would find nothing, and compete for the processors and the database with the worker that claims what was sent.
    pub fn after(&mut self, sent: Sent, is_idle: bool, now: Instant) -> Option<Duration> {
        match sent {
            Sent::Some { is_more } => {
                self.next = PERIOD;
                self.longest = if is_more { REST_OF_FLOOD } else { REST };
                self.sent_at = now;
                return (!is_more).then_some(PERIOD);
            }
            Sent::NothingYet => return None,
            Sent::Nothing => {
                let has_rested = is_idle && now.duration_since(self.sent_at) > WAKEFUL;
                self.longest = if has_rested { IDLE_REST } else { REST };
            }
            Sent::NoRoom => {}
        }
        let rest = self.next.min(self.longest);
        self.next = (self.next * 2).min(self.longest);
        Some(rest)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{PollInterval, Sent};

    const ALL: Sent = Sent::Some { is_more: false };

    const MORE: Sent = Sent::Some { is_more: true };

    /// The rests in milliseconds after looks with these results; 0 if the next look follows at once.
    fn rests(interval: &mut PollInterval, looks: &[Sent], is_idle: bool, now: Instant) -> Vec<u128> {
        let after = |sent: &Sent| interval.after(*sent, is_idle, now).unwrap_or_default().as_millis();
        looks.iter().map(after).collect()
    }

    #[test]
    fn the_relay_rests_when_it_has_sent_all_there_was() {
        let now = Instant::now();
        let mut interval = PollInterval::new(now);
        assert_eq!(rests(&mut interval, &[ALL, ALL], false, now), [5, 5]);
    }

    #[test]
    fn the_relay_looks_again_at_once_while_there_is_more_to_send() {
        let now = Instant::now();
        let mut interval = PollInterval::new(now);
        assert_eq!(
            rests(&mut interval, &[MORE, Sent::NothingYet, MORE], false, now),
            [0, 0, 0]
        );
        assert_eq!(rests(&mut interval, &[Sent::NoRoom; 4], false, now), [5, 10, 20, 20]);
        assert_eq!(rests(&mut interval, &[MORE, Sent::NoRoom], false, now), [0, 5]);
    }

    #[test]
    fn rests_grow_while_there_is_nothing_to_send() {
        let now = Instant::now();
        let mut interval = PollInterval::new(now);
        let grown: [u128; 8] = [5, 10, 20, 40, 80, 160, 250, 250];
        assert_eq!(rests(&mut interval, &[Sent::Nothing; 8], false, now), grown);
        // They stay as they are until the reconciler has looked.
        assert_eq!(rests(&mut interval, &[Sent::Nothing], true, now), [250]);
        let later = now + Duration::from_secs(3);
        assert_eq!(
            rests(&mut interval, &[Sent::Nothing; 4], true, later),
            [250, 500, 1000, 1000]
        );
        assert_eq!(rests(&mut interval, &[Sent::Nothing], false, later), [250]);
        assert_eq!(
            rests(&mut interval, &[ALL, Sent::Nothing, Sent::Nothing], true, later),
            [5, 5, 10]
        );
    }
}
