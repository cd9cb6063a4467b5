//! What a schedule is, and when it is due.
//!
//! Ticks that passed while no scheduler ran fire once, together; the next is the first in the future. That suits tasks
//! that process whatever is due; a task that needs every single tick would need another design.
//!
//! A tick that lies more than a period ahead was set by a wrong clock. It is drawn back to the present and fires, so
//! that no schedule pauses for longer than its period.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use futures::future::BoxFuture;
use sqlx::PgConnection;

use crate::{Job, NewJob, Result};

/// How much further than a period a tick may lie ahead: the clocks of schedulers may differ a little.
pub const TOLERANCE: TimeDelta = TimeDelta::seconds(1);

/// A schedule that fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// When it was due; no two ticks of a schedule share this instant.
    pub due_at: DateTime<Utc>,
    /// The present instant.
    pub now: DateTime<Utc>,
}

impl Tick {
    /// A job that is written once for this tick.
    ///
    /// # Errors
    /// As [`NewJob::new`].
    pub fn job<J: Job>(&self, job: &J) -> Result<NewJob> {
        let key = format!("{}:{}", J::KIND, self.due_at.timestamp_millis());
        Ok(NewJob::new(job, self.now)?.with_key(key))
    }
}

/// Determines the jobs of a tick. It reads through a connection inside the transaction that will write them.
pub type Jobs = for<'a> fn(&'a mut PgConnection, Tick) -> BoxFuture<'a, Result<Vec<NewJob>, BoxError>>;

/// Why a schedule could not determine its jobs.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A periodic task.
#[derive(Clone, Copy)]
pub struct Schedule {
    /// Its name, which identifies its row; never reuse one.
    pub name: &'static str,
    /// Time between two ticks.
    pub period: TimeDelta,
    /// The jobs of a tick.
    pub jobs: Jobs,
}

impl Schedule {
    /// The latest legitimate instant of its next tick.
    pub(super) fn horizon(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + self.period + TOLERANCE
    }

    /// The tick after one that was due at `due_at`, on a whole second unless the period is shorter than one. The first
    /// may therefore come a fraction of a second early; from then on ticks are a period apart.
    pub(super) fn after(&self, due_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let next = next_tick(due_at, self.period, now);
        if self.period < TimeDelta::seconds(1) {
            return next;
        }
        next.trunc_subsecs(0)
    }
}

/// The schedules that are due, or whose next tick is later than legitimate, and when the first of all is due once these
/// have fired.
pub fn due<'a>(
    schedules: &'a [Schedule],
    next: &[(&str, DateTime<Utc>)],
    now: DateTime<Utc>,
) -> (Vec<&'a Schedule>, DateTime<Utc>) {
    let (mut due, mut first) = (Vec::new(), now + TimeDelta::seconds(1));
    for schedule in schedules {
        let Some((_, next_at)) = next.iter().find(|(name, _)| *name == schedule.name) else {
            continue;
        };
        if *next_at <= now || *next_at > schedule.horizon(now) {
            due.push(schedule);
            first = first.min(schedule.after(drawn_back(*next_at, schedule.period, now), now));
        } else {
            first = first.min(*next_at);
        }
    }
    (due, first)
}

/// The first tick after `now` in step with `due_at`.
#[must_use]
pub fn next_tick(due_at: DateTime<Utc>, period: TimeDelta, now: DateTime<Utc>) -> DateTime<Utc> {
    let period_millis = period.num_milliseconds().max(1);
    let missed = (now - due_at).num_milliseconds().max(0) / period_millis;
    due_at + TimeDelta::milliseconds((missed + 1) * period_millis)
}

/// Moves a tick that lies ahead back by whole periods, to `now` or just before it. A tick that is due does not change.
#[must_use]
pub fn drawn_back(due_at: DateTime<Utc>, period: TimeDelta, now: DateTime<Utc>) -> DateTime<Utc> {
    let period_micros = period.num_microseconds().unwrap_or(i64::MAX).max(1);
    let ahead_micros = (due_at - now).num_microseconds().unwrap_or(i64::MAX).max(0);
    let steps = ahead_micros.div_euclid(period_micros) + i64::from(ahead_micros % period_micros > 0);
    due_at - TimeDelta::microseconds(steps.saturating_mul(period_micros))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use futures::FutureExt;
    use futures::future::BoxFuture;
    use sqlx::PgConnection;

    use super::{BoxError, Schedule, Tick, drawn_back, due, next_tick};
    use crate::NewJob;

    const NAMES: [&str; 3] = ["one", "two", "hourly"];

    fn schedule(name: &'static str, period: TimeDelta) -> Schedule {
        Schedule {
            name,
            period,
            jobs: no_jobs,
        }
    }

    fn no_jobs(_: &mut PgConnection, _: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
        async { Ok(Vec::new()) }.boxed()
    }

    #[test]
    fn schedules_of_a_second_are_due_together_after_their_first_tick() {
        let now: DateTime<Utc> = "2026-01-02T03:04:05.400Z".parse().unwrap();
        let second = |name| schedule(name, TimeDelta::seconds(1));
        let schedules = [second("one"), second("two"), schedule("hourly", TimeDelta::hours(1))];
        let millis = |millis| now + TimeDelta::milliseconds(millis);
        let next: Vec<_> = NAMES.into_iter().zip([millis(-3), millis(-1), millis(90)]).collect();
        let (those, next_at) = due(&schedules, &next, now);
        assert_eq!(
            those.iter().map(|schedule| schedule.name).collect::<Vec<_>>(),
            ["one", "two"]
        );
        assert_eq!(next_at, millis(90), "the hourly one");
        let next: Vec<_> = NAMES.into_iter().zip([millis(-3), millis(-1), millis(9000)]).collect();
        assert_eq!(
            due(&schedules, &next, now).1,
            millis(600),
            "both at the next whole second"
        );
        for schedule in &schedules[..2] {
            assert_eq!(schedule.after(millis(-3), now), millis(600));
            assert_eq!(schedule.after(millis(600), millis(601)), millis(1600));
        }
    }

    #[test]
    fn a_tick_is_never_set_back_and_short_periods_keep_their_fractions() {
        let now: DateTime<Utc> = "2026-01-02T03:04:05.999Z".parse().unwrap();
        assert!(schedule("one", TimeDelta::seconds(1)).after(now, now) > now);
        let half = TimeDelta::milliseconds(500);
        assert_eq!(schedule("half", half).after(now, now), now + half);
    }

    #[test]
    fn a_tick_is_drawn_back_in_step_and_not_beyond_the_present() {
        let now: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().unwrap();
        let back = |ahead: TimeDelta| drawn_back(now + ahead, TimeDelta::hours(1), now) - now;
        for due in [-TimeDelta::days(2), -TimeDelta::microseconds(1), TimeDelta::zero()] {
            assert_eq!(back(due), due, "it is due as it is");
        }
        assert_eq!(back(TimeDelta::hours(26)), TimeDelta::zero());
        assert_eq!(back(TimeDelta::minutes(90)), -TimeDelta::minutes(30));
        assert_eq!(
            back(TimeDelta::microseconds(1)),
            TimeDelta::microseconds(1) - TimeDelta::hours(1)
        );
        let year = TimeDelta::days(365_000) + TimeDelta::minutes(1);
        assert_eq!(back(year), -TimeDelta::minutes(59));
    }

    #[test]
    fn the_next_tick_is_in_the_future_and_in_step() {
        let tick: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().unwrap();
        let next = |millis| next_tick(tick, TimeDelta::seconds(1), tick + TimeDelta::milliseconds(millis)) - tick;
        assert_eq!(next(0), TimeDelta::seconds(1));
        assert_eq!(next(999), TimeDelta::seconds(1));
        assert_eq!(next(1000), TimeDelta::seconds(2));
        assert_eq!(next(86_400_500), TimeDelta::seconds(86_401));
    }
}
