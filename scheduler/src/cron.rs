//! Jobs that the clock asks for.
//!
//! A schedule is a row that says when it fires next. Whoever locks the row fires it, and moves it on in the same
//! transaction as the jobs are written: no tick is doubled, and none is lost with a scheduler. Ticks that passed
//! while no scheduler ran fire once, together; the next is the first in the future. That suits schedules that look
//! at what is due; one that must see every single tick would have to be made differently.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use common::clock::Clock;
use common::db;
use common::db::job::NewJob;
use common::error::AppResult;
use common::jobs::Cause;
use futures::future::BoxFuture;
use sqlx::{PgConnection, PgPool};

/// Time between two looks at the schedules.
const PERIOD: Duration = Duration::from_millis(200);

/// A schedule that fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// When it was due; no two ticks of a schedule share this instant.
    pub due_at: DateTime<Utc>,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// Something that happens again and again.
#[derive(Clone, Copy)]
pub struct Schedule {
    /// Its row; never reuse a name.
    pub name: &'static str,
    /// Time between two ticks.
    pub period: TimeDelta,
    /// The jobs of a tick; it reads through a connection inside the transaction that will write them.
    pub jobs: for<'a> fn(&'a mut PgConnection, Tick) -> BoxFuture<'a, AppResult<Vec<NewJob>>>,
}

/// Fires schedules.
pub struct Cron {
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// What to fire.
    pub schedules: Vec<Schedule>,
}

impl Cron {
    /// Fires for ever.
    pub async fn run(self) {
        loop {
            for schedule in &self.schedules {
                if let Err(error) = fire(&self.pool, &self.clock, schedule).await {
                    let error = common::error::chain(&error);
                    tracing::warn!(schedule = schedule.name, error, "a schedule could not fire");
                }
            }
            tokio::time::sleep(PERIOD).await;
        }
    }
}

/// Fires a schedule if it is due and nobody else is at it. True when it fired.
///
/// # Errors
/// Those of the schedule, and database errors; nothing has then happened.
pub async fn fire(pool: &PgPool, clock: &Clock, schedule: &Schedule) -> AppResult<bool> {
    let now = clock.now();
    let mut tx = pool.begin().await?;
    let Some(due_at) = db::schedule::lock_due(&mut tx, schedule.name, now).await? else {
        return Ok(false);
    };
    let jobs = (schedule.jobs)(&mut tx, Tick { due_at, now }).await?;
    db::job::enqueue(&mut tx, now, &Cause::default(), &jobs).await?;
    db::schedule::set_next(&mut tx, schedule.name, next_tick(due_at, schedule.period, now)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Enters the rows of schedules that are new; they are due at once.
///
/// # Errors
/// Database errors only.
pub async fn enter(pool: &PgPool, clock: &Clock, schedules: &[Schedule]) -> AppResult<()> {
    let mut conn = pool.acquire().await?;
    for schedule in schedules {
        db::schedule::enter(&mut conn, schedule.name, clock.now()).await?;
    }
    Ok(())
}

/// The first tick after `now` in step with `due_at`.
pub(crate) fn next_tick(due_at: DateTime<Utc>, period: TimeDelta, now: DateTime<Utc>) -> DateTime<Utc> {
    let period_millis = period.num_milliseconds().max(1);
    let missed = (now - due_at).num_milliseconds().max(0) / period_millis;
    due_at + TimeDelta::milliseconds((missed + 1) * period_millis)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};

    use super::next_tick;

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
