//! Schedules: writes periodic jobs when they are due.
//!
//! A schedule is a row with its next due time. The scheduler that locks the row fires it, and advances it in the
//! transaction that writes the jobs: no tick fires twice, and none is lost when a scheduler dies. Ticks that passed
//! while no scheduler ran fire once, together; the next is the first in the future. That suits tasks that process
//! whatever is due; a task that needs every single tick would need another design.
//!
//! A tick that lies more than a period ahead was set by a wrong clock. It is drawn back to the present and fires, so
//! that no schedule pauses for longer than its period.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connect::postgres::begin;
use futures::future::BoxFuture;
use kernel::chain;
use kernel::clock::Clock;
use sqlx::{PgConnection, PgPool};

use crate::db;
use crate::{Cause, Job, NewJob, Result, enqueue};

/// Longest time between two checks of the schedules. A change of a schedule by another process or an operator is
/// noticed within this time.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Shortest time between two checks: a due schedule may be locked by another scheduler.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);

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
    fn horizon(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + self.period + TOLERANCE
    }
}

/// Fires schedules.
pub struct Cron {
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// The schedules.
    pub schedules: Vec<Schedule>,
}

impl Cron {
    /// Runs the schedules until shutdown.
    pub async fn run(self) {
        loop {
            let pause = match self.look().await {
                Ok(look) => {
                    for schedule in look.due {
                        if let Err(error) = fire(&self.pool, &self.clock, schedule).await {
                            let error = chain(&*error);
                            tracing::warn!(schedule = schedule.name, error, "could not fire a schedule");
                        }
                    }
                    look.pause
                }
                Err(error) => {
                    let error = chain(&error);
                    tracing::warn!(error, "could not check the schedules");
                    LONGEST_PAUSE
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Checks all schedules with one statement, to keep an idle scheduler cheap.
    async fn look(&self) -> Result<Look<'_>> {
        let names: Vec<_> = self.schedules.iter().map(|schedule| schedule.name).collect();
        let next = db::schedule::next(&mut *self.pool.acquire().await?, &names).await?;
        let now = self.clock.now();
        let (mut due, mut pause) = (Vec::new(), LONGEST_PAUSE);
        for schedule in &self.schedules {
            let Some((_, next_at)) = next.iter().find(|(name, _)| *name == schedule.name) else {
                continue;
            };
            let period = schedule.period.to_std().unwrap_or(LONGEST_PAUSE);
            if *next_at <= now || *next_at > schedule.horizon(now) {
                due.push(schedule);
                pause = pause.min(period);
            } else {
                pause = pause.min((*next_at - now).to_std().unwrap_or_default());
            }
        }
        let pause = pause.max(SHORTEST_PAUSE);
        Ok(Look { due, pause })
    }
}

/// Result of a check of the schedules.
struct Look<'a> {
    /// Those that seem due, or whose next tick is later than legitimate.
    due: Vec<&'a Schedule>,
    /// Time until the first of the others is due.
    pause: Duration,
}

/// Fires a schedule if it is due and no other scheduler has locked it. True when it fired.
///
/// # Errors
/// Those of the schedule, and database errors; nothing is then written.
pub async fn fire(pool: &PgPool, clock: &Clock, schedule: &Schedule) -> Result<bool, BoxError> {
    let now = clock.now();
    let mut tx = begin(pool).await?;
    let Some(set_to) = db::schedule::lock_due(&mut tx, schedule.name, now, schedule.horizon(now)).await? else {
        return Ok(false);
    };
    let due_at = drawn_back(set_to, schedule.period, now);
    if due_at < set_to {
        tracing::warn!(schedule = schedule.name, %set_to, "schedule was due more than one period ahead; firing it now");
    }
    let jobs = (schedule.jobs)(&mut tx, Tick { due_at, now }).await?;
    enqueue(&mut tx, now, &Cause::default(), &jobs).await?;
    db::schedule::set_next(&mut tx, schedule.name, next_tick(due_at, schedule.period, now)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Adds the rows of new schedules; they are due at once.
///
/// # Errors
/// Database errors only.
pub async fn enter(pool: &PgPool, clock: &Clock, schedules: &[Schedule]) -> Result<()> {
    let mut conn = pool.acquire().await?;
    for schedule in schedules {
        db::schedule::enter(&mut conn, schedule.name, clock.now()).await?;
    }
    Ok(())
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

    use super::{drawn_back, next_tick};

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
