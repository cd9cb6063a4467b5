//! What becomes of a job after an attempt.

use chrono::{DateTime, TimeDelta, Utc};

use crate::jobs::Outcome;

/// Crashes after which a job is parked, if it is certain that it caused the last of them.
pub const MAX_CRASHES: i16 = 3;

/// Attempts beyond those of its kind that a job may lose with processes whose end it need not have caused.
pub const UNPROVEN_CRASHES: i16 = 3;

/// The longest wait between two attempts.
pub const LONGEST_BACKOFF: TimeDelta = TimeDelta::hours(1);

/// The wait of a job that was postponed.
const POSTPONED: TimeDelta = TimeDelta::seconds(3);

/// Characters of a reason that the ledger keeps.
const REASON_LENGTH: usize = 500;

/// What the ledger is to record of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Finished.
    Done,
    /// Once more, not before `run_at`.
    Again {
        /// Not before this instant.
        run_at: DateTime<Utc>,
        /// Why the attempt failed.
        reason: String,
    },
    /// Once more, not before `run_at`, as if this attempt had not been.
    Postponed {
        /// Not before this instant.
        run_at: DateTime<Utc>,
        /// Why it could not be made.
        reason: String,
    },
    /// Parked; people look at it and may replay it.
    Dead {
        /// Why the last attempt failed.
        reason: String,
    },
}

/// Judges attempt number `attempt` (the first is 1) out of `max_attempts` of a job that waits `first_backoff` after
/// its first failure.
///
/// A failure that may mend is tried again after the back-off, which doubles with each attempt up to an hour, or later
/// if the other side asked for it, until the attempts are used up; one that cannot mend is parked at once. An attempt
/// that was postponed does not count.
#[must_use]
pub fn judge(
    first_backoff: TimeDelta,
    attempt: i16,
    max_attempts: i16,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Verdict {
    match outcome {
        Outcome::Done => Verdict::Done,
        Outcome::Retry { reason, after } if attempt < max_attempts => Verdict::Again {
            run_at: now + backoff(first_backoff, attempt).max(after.unwrap_or_default().min(LONGEST_BACKOFF)),
            reason: shorten(&reason),
        },
        Outcome::Postpone(reason) => Verdict::Postponed {
            run_at: now + POSTPONED,
            reason: shorten(&reason),
        },
        Outcome::Retry { reason, .. } | Outcome::Fail(reason) => Verdict::Dead {
            reason: shorten(&reason),
        },
    }
}

/// Whether a job that crashed so often runs in a process of its own.
///
/// A crash takes every job of the process with it, and none can say which of them caused it. After the second a job is
/// suspect: what dies in a process of its own dies by its own hand, and nothing else is lost or held up.
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

    use super::{Verdict, judge};
    use crate::jobs::Outcome;

    const FIVE_SECONDS: TimeDelta = TimeDelta::seconds(5);

    #[test]
    fn waits_double_up_to_an_hour_until_the_attempts_are_used_up() {
        let now: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().unwrap();
        let waits: Vec<i64> = (1..=12)
            .map_while(
                |attempt| match judge(FIVE_SECONDS, attempt, 12, Outcome::retry("busy"), now) {
                    Verdict::Again { run_at, reason } => {
                        assert_eq!(reason, "busy");
                        Some((run_at - now).num_seconds())
                    }
                    Verdict::Done | Verdict::Postponed { .. } | Verdict::Dead { .. } => None,
                },
            )
            .collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]);
    }

    #[test]
    fn waits_as_long_as_the_other_side_asks_but_no_longer_than_an_hour() {
        let now: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().unwrap();
        let wait = |seconds| {
            let after = Some(TimeDelta::seconds(seconds));
            match judge(
                FIVE_SECONDS,
                1,
                12,
                Outcome::Retry {
                    reason: "busy".to_owned(),
                    after,
                },
                now,
            ) {
                Verdict::Again { run_at, .. } => (run_at - now).num_seconds(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!([wait(1), wait(90), wait(86_400)], [5, 90, 3600]);
    }

    #[test]
    fn what_is_postponed_uses_up_no_attempt_not_even_the_last() {
        let now: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().unwrap();
        let outcome = Outcome::Postpone("no database".to_owned());
        assert_eq!(
            judge(FIVE_SECONDS, 12, 12, outcome, now),
            Verdict::Postponed {
                run_at: now + TimeDelta::seconds(3),
                reason: "no database".to_owned()
            }
        );
    }

    #[test]
    fn what_cannot_mend_is_parked_at_once() {
        let verdict = judge(
            FIVE_SECONDS,
            1,
            12,
            Outcome::Fail("no such mailbox\0".to_owned()),
            DateTime::UNIX_EPOCH,
        );
        assert_eq!(
            verdict,
            Verdict::Dead {
                reason: "no such mailbox".to_owned()
            }
        );
    }
}
