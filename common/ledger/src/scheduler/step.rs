//! Corrects the times in the ledger after the clock of the database was set: by NTP, or by a failover to a server whose
//! clock differs.
//!
//! A step is recognised by the monotonic clock of this process, which cannot be set. If the clock was set back, times
//! that the ledger has noted lie in the future: without a correction, nothing would happen to these jobs until the
//! clock has reached them. If it was set forward, deadlines would pass of which little time is used up. Several
//! schedulers may correct one step.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::{Queue, Result, db};

/// A clock that is set back by no more than this delays nothing noticeably.
const BACK: TimeDelta = TimeDelta::seconds(2);

/// A clock that is set forward by no more than this ends no job too early: deadlines are more generous.
const FORWARD: TimeDelta = TimeDelta::seconds(5);

/// Within this time every process has read the clock again; until then they write jobs that are due by the old one.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(10);

/// Maximum number of waiting jobs of a queue that one look corrects; the next look corrects the rest.
const BATCH: i64 = 5000;

/// A reading of the database's clock. It was made at an unknown instant between question and answer.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Just before it was asked for.
    pub asked: Instant,
    /// What the clock showed.
    pub said: DateTime<Utc>,
    /// Just after the answer.
    pub answered: Instant,
}

impl Reading {
    /// By how much the clock was set since an earlier reading, negative if back; `None` if it was not, or by so little
    /// that it does not matter. A slow answer is never mistaken for a step.
    fn step_since(&self, earlier: &Self) -> Option<TimeDelta> {
        let moved = self.said - earlier.said;
        let at_least = span(self.asked.saturating_duration_since(earlier.answered));
        let at_most = span(self.answered.saturating_duration_since(earlier.asked));
        let is_set = moved < at_least - BACK || moved > at_most + FORWARD;
        is_set.then(|| moved - at_most)
    }
}

fn span(time: Duration) -> TimeDelta {
    TimeDelta::from_std(time).unwrap_or_default()
}

/// Notices steps of the clock, from look to look.
#[derive(Debug, Default)]
pub struct Steps {
    last: Option<Reading>,
    back: Option<Back>,
}

/// A step back whose waiting jobs are still being corrected.
#[derive(Debug, Clone, Copy)]
struct Back {
    /// The last reading before it.
    earlier: Reading,
    /// Its size.
    by: TimeDelta,
    /// Jobs that are due after this by the clock before the step are examined.
    after: DateTime<Utc>,
}

impl Steps {
    /// Compares a reading with that of the look before, and corrects the times in the ledger if the clock was set in
    /// between; returns whether it was. The first look corrects times that are impossible by now. If it fails, the next
    /// look does the same, so deadlines may be put off twice.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn look(&mut self, conn: &mut PgConnection, queues: &[Queue], reading: Reading) -> Result<bool> {
        let step = self.last.and_then(|last| Some((last, reading.step_since(&last)?)));
        match step {
            Some((earlier, step)) if step < TimeDelta::zero() => {
                // The new clock has shown nothing earlier: it was set after the reading before.
                let base = reading.said - span(reading.answered.saturating_duration_since(earlier.asked));
                db::step::draw_back_signs(conn, queues, reading.said, base).await?;
                db::step::draw_back_deadlines(conn).await?;
                self.back = Some(Back {
                    earlier,
                    by: -step,
                    after: reading.said,
                });
            }
            Some((earlier, step)) => {
                db::step::put_off_deadlines(conn, earlier.said, step).await?;
                self.back = None;
            }
            None if self.last.is_none() => {
                db::step::draw_back_signs(conn, queues, reading.said + BACK, reading.said).await?;
            }
            None => {}
        }
        self.draw_back_due(conn, queues, reading).await?;
        self.last = Some(reading);
        if let Some((_, step)) = step {
            let seconds = step.as_seconds_f64();
            tracing::warn!(seconds, "the database clock was set; correcting the times of jobs");
        }
        Ok(step.is_some())
    }

    /// Makes waiting jobs due again that were due by the clock before a step back. Later looks correct what the first
    /// left, and then what processes still write by the old clock.
    async fn draw_back_due(&mut self, conn: &mut PgConnection, queues: &[Queue], reading: Reading) -> Result<()> {
        let Some(back) = &mut self.back else {
            return Ok(());
        };
        let elapsed = reading.answered.saturating_duration_since(back.earlier.asked);
        let until = back.earlier.said + span(elapsed);
        let left = db::step::draw_back_due(conn, queues, (back.after, until), back.by, BATCH).await?;
        let is_complete = left.is_none();
        // Jobs are left that are due just then, too; those that were moved are due by now and not found again. If none
        // are left: what the new clock writes meanwhile is due before the step, and keeps its time.
        back.after = left.map_or(back.earlier.said, |left| left - TimeDelta::microseconds(1));
        // Once the clock shows the time before the step again, old due times cannot be distinguished from new ones.
        if (is_complete && elapsed >= FOLLOWED_WITHIN) || reading.said >= back.earlier.said {
            self.back = None;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use chrono::{DateTime, TimeDelta};

    use super::Reading;

    /// What is noticed of a clock that shows `moved` milliseconds more at the second of two looks, a second apart,
    /// whose `answers` take some milliseconds.
    fn noticed(moved: i64, answers: [u64; 2]) -> Option<TimeDelta> {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let reading = |asked, answered, said| Reading {
            asked: after(asked),
            said: DateTime::UNIX_EPOCH + TimeDelta::milliseconds(said),
            answered: after(answered),
        };
        let [first, second] = answers;
        let earlier = reading(0, first, 0);
        let asked = first + 1000;
        reading(asked, asked + second, moved).step_since(&earlier)
    }

    #[test]
    fn a_step_is_noticed_with_its_size() {
        assert_eq!(noticed(1000 - 1_800_000, [0, 0]), Some(TimeDelta::minutes(-30)));
        assert_eq!(noticed(1000 + 1_800_000, [0, 0]), Some(TimeDelta::minutes(30)));
        assert_eq!(noticed(-1001, [0, 0]), Some(TimeDelta::milliseconds(-2001)));
        assert_eq!(noticed(6001, [0, 0]), Some(TimeDelta::milliseconds(5001)));
    }

    #[test]
    fn small_steps_and_slow_answers_are_none() {
        for moved in [-1000, 0, 1000, 2000, 6000] {
            assert_eq!(noticed(moved, [0, 0]), None, "{moved}");
        }
        // The clock was read just after the question, or just before the answer.
        for answers in [[20_000, 0], [0, 20_000]] {
            for moved in [1000, 21_000] {
                assert_eq!(noticed(moved, answers), None, "{moved} {answers:?}");
            }
        }
    }
}
