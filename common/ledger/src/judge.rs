//! Decides what happens to a job after an attempt.

use chrono::{DateTime, TimeDelta, Utc};

use crate::Outcome;

/// Crashes after which a job is dead, if it is certain that it caused the last of them.
pub const MAX_CRASHES: i16 = 3;

/// Attempts beyond those of its kind that a job may lose in crashes that it need not have caused.
pub const UNPROVEN_CRASHES: i16 = 3;

/// The longest wait between two attempts.
pub const LONGEST_BACKOFF: TimeDelta = TimeDelta::hours(1);

/// The longest wait of a job that is held up: once the provider works again, every such job is tried within this time.
const LONGEST_HOLD: TimeDelta = TimeDelta::minutes(5);

/// Characters of a reason that the ledger keeps.
const REASON_LENGTH: usize = 500;

/// What the ledger records of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Finished.
    Done,
    /// To be tried again, not before `run_at`.
    Again {
        /// Not before this instant.
        run_at: DateTime<Utc>,
        /// Why the attempt failed.
        reason: String,
    },
    /// To be tried again, not before `run_at`. The attempt does not count, and the job is held up from now on if it was
    /// not before.
    Postponed {
        /// Not before this instant.
        run_at: DateTime<Utc>,
        /// The cause of the delay.
        reason: String,
    },
    /// Not run again until an operator retries or discards it.
    Dead {
        /// Why the last attempt failed.
        reason: String,
    },
}

/// The state of a job when an attempt has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// Number of the attempt; the first is 1.
    pub attempt: i16,
    /// Attempts after which it is dead.
    pub max_attempts: i16,
    /// Wait after the first failure.
    pub backoff: TimeDelta,
    /// How long it may be held up.
    pub hold_limit: TimeDelta,
    /// Since when it is held up.
    pub held_since: Option<DateTime<Utc>>,
}

/// The verdict on a job after an attempt.
///
/// After a transient failure the job is tried again until its attempts are used up: after the back-off, which doubles
/// with each attempt up to an hour, or later if the provider asked for it. After a permanent one it is dead at once.
/// A job that is held up waits as long again as it has been held up, at most five minutes, or longer if the provider
/// asked for it; a postponed job waits as long as its outcome says. Both are dead when the hold limit is reached.
#[must_use]
pub fn judge(course: &Course, outcome: Outcome, now: DateTime<Utc>) -> Verdict {
    match outcome {
        Outcome::Done => Verdict::Done,
        Outcome::Retry { reason, after } if course.attempt < course.max_attempts => Verdict::Again {
            run_at: now + backoff(course.backoff, course.attempt).max(after.unwrap_or_default().min(LONGEST_BACKOFF)),
            reason: shorten(&reason),
        },
        Outcome::Retry { reason, .. } | Outcome::Fail(reason) => Verdict::Dead {
            reason: shorten(&reason),
        },
        Outcome::Held { reason, after } => {
            let asked = after.unwrap_or_default().min(LONGEST_BACKOFF);
            hold(course, &reason, asked, now, |held| {
                held.clamp(course.backoff, LONGEST_HOLD.max(course.backoff))
            })
        }
        Outcome::Postponed { reason, after } => hold(course, &reason, after, now, |_| TimeDelta::zero()),
    }
}

/// Holds a job up for `wait`, or for what `longer` derives from the time that it has been held up, whichever is longer.
fn hold(
    course: &Course,
    reason: &str,
    wait: TimeDelta,
    now: DateTime<Utc>,
    longer: impl FnOnce(TimeDelta) -> TimeDelta,
) -> Verdict {
    // If the clock was set back, this time counts as zero.
    let held = course
        .held_since
        .map_or(TimeDelta::zero(), |since| (now - since).max(TimeDelta::zero()));
    if held >= course.hold_limit {
        return Verdict::Dead {
            reason: shorten(&format!("held up for too long: {reason}")),
        };
    }
    Verdict::Postponed {
        run_at: now + wait.max(longer(held)),
        reason: shorten(reason),
    }
}

/// Whether a job with this number of crashes runs in a separate process.
///
/// A crash ends every job of the process, and it is unknown which of them caused it. After its second crash a job is a
/// suspect: in a process of its own a crash is certainly its own, and no other job is lost or delayed.
#[must_use]
pub fn runs_alone(crashes: i16) -> bool {
    crashes >= MAX_CRASHES - 1
}

fn backoff(first: TimeDelta, attempt: i16) -> TimeDelta {
    let doublings = u32::from(attempt.max(1).unsigned_abs() - 1).min(30);
    let seconds = first.num_seconds().saturating_mul(1 << doublings);
    TimeDelta::seconds(seconds.min(LONGEST_BACKOFF.num_seconds()))
}

fn shorten(reason: &str) -> String {
    reason.chars().filter(|c| *c != '\0').take(REASON_LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::{Course, Verdict, judge};
    use crate::Outcome;

    fn now() -> DateTime<Utc> {
        "2026-01-02T03:04:05Z".parse().unwrap()
    }

    /// Attempt number `attempt` of twelve, five seconds after the first failure; held up for three days at most.
    fn course(attempt: i16, held: Option<TimeDelta>) -> Course {
        Course {
            attempt,
            max_attempts: 12,
            backoff: TimeDelta::seconds(5),
            hold_limit: TimeDelta::days(3),
            held_since: held.map(|held| now() - held),
        }
    }

    fn held(reason: &str, after: Option<TimeDelta>) -> Outcome {
        let reason = reason.to_owned();
        Outcome::Held { reason, after }
    }

    #[test]
    fn waits_double_up_to_an_hour_until_the_attempts_are_used_up() {
        let waits: Vec<i64> = (1..=12)
            .map_while(
                |attempt| match judge(&course(attempt, None), Outcome::retry("busy"), now()) {
                    Verdict::Again { run_at, reason } => {
                        assert_eq!(reason, "busy");
                        Some((run_at - now()).num_seconds())
                    }
                    Verdict::Done | Verdict::Postponed { .. } | Verdict::Dead { .. } => None,
                },
            )
            .collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]);
    }

    #[test]
    fn waits_as_long_as_the_other_side_asks_but_no_longer_than_an_hour() {
        let wait = |seconds| {
            let after = Some(TimeDelta::seconds(seconds));
            let reason = "busy".to_owned();
            match judge(&course(1, None), Outcome::Retry { reason, after }, now()) {
                Verdict::Again { run_at, .. } => (run_at - now()).num_seconds(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!([wait(1), wait(90), wait(86_400)], [5, 90, 3600]);
    }

    #[test]
    fn what_cannot_succeed_later_is_dead_at_once() {
        let outcome = Outcome::Fail("no such mailbox\0".to_owned());
        let reason = "no such mailbox".to_owned();
        assert_eq!(judge(&course(1, None), outcome, now()), Verdict::Dead { reason });
    }

    #[test]
    fn a_job_that_is_held_up_waits_as_long_again_for_any_attempt_until_its_hold_limit() {
        let wait = |minutes: Option<i64>, asked: Option<i64>| {
            let outcome = held("away", asked.map(TimeDelta::seconds));
            match judge(&course(12, minutes.map(TimeDelta::minutes)), outcome, now()) {
                Verdict::Postponed { run_at, .. } => Some((run_at - now()).num_seconds()),
                _ => None,
            }
        };
        assert_eq!(wait(None, None), Some(5));
        assert_eq!([wait(Some(0), None), wait(Some(1), None)], [Some(5), Some(60)]);
        assert_eq!(
            [wait(Some(10), None), wait(Some(3 * 1440 - 1), None)],
            [Some(300), Some(300)]
        );
        assert_eq!(
            [wait(Some(1), Some(900)), wait(None, Some(86_400))],
            [Some(900), Some(3600)]
        );
        assert_eq!(wait(Some(3 * 1440), None), None);
        // The clock was set back.
        assert_eq!(wait(Some(-60), None), Some(5));
    }

    #[test]
    fn a_message_outlasts_an_outage_of_three_days_in_a_bounded_number_of_attempts() {
        let (start, mut at, mut tries) = (now(), now(), 0);
        let dead = loop {
            let course = Course {
                held_since: (tries > 0).then_some(start),
                ..course(1, None)
            };
            match judge(&course, held("away", None), at) {
                Verdict::Postponed { run_at, .. } => (at, tries) = (run_at, tries + 1),
                other => break other,
            }
        };
        assert!(at - start >= TimeDelta::days(3) && tries < 1000, "{tries}");
        assert!(matches!(dead, Verdict::Dead { reason } if reason == "held up for too long: away"));
    }

    #[test]
    fn a_postponed_job_comes_back_when_it_is_due() {
        let (reason, after) = ("left alone".to_owned(), TimeDelta::seconds(7));
        let outcome = Outcome::Postponed {
            reason: reason.clone(),
            after,
        };
        let run_at = now() + after;
        let verdict = judge(&course(12, Some(TimeDelta::hours(5))), outcome, now());
        assert_eq!(verdict, Verdict::Postponed { run_at, reason });
    }
}
