//! Schedules: writes periodic jobs when they are due.
//!
//! A schedule is a row with its next due time. The scheduler that locks the row fires it, and advances it in the
//! transaction that writes the jobs: no tick fires twice, and none is lost when a scheduler dies. Schedules of a second
//! share this transaction, which nearly always writes nothing else; they are due together because ticks lie on whole
//! seconds. Which schedules are due, and when they are due next, is in [`super::schedule`].

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connect::postgres::{Limits, answered, begin};
use kernel::chain;
use kernel::clock::Clock;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::schedule::{BoxError, Schedule, Tick, drawn_back, due};
use crate::db;
use crate::nudge::Nudge;
use crate::{Cause, Result, enqueue};

/// Longest time between two checks of the schedules. A change of a schedule by another process or an operator is
/// noticed within this time.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Shortest time between two checks: a due schedule may be locked by another scheduler.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);

/// Schedules with at most this period are fired together, except those that failed.
const FREQUENT: TimeDelta = TimeDelta::seconds(1);

/// Fires schedules.
pub struct Cron {
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// The schedules.
    pub schedules: Vec<Schedule>,
    /// Notifies the relay that jobs were written.
    pub nudge: Nudge,
    /// The schedules that failed when they were last fired.
    pub failed: HashSet<&'static str>,
}

impl Cron {
    /// Runs the schedules until shutdown.
    pub async fn run(mut self) {
        loop {
            let pause = match answered(Limits::JOBS, self.look()).await {
                Ok(look) => {
                    for schedule in &look.left {
                        self.fire_alone(schedule).await;
                    }
                    let ahead = (look.next_at - self.clock.now()).to_std().unwrap_or_default();
                    ahead.clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
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

    /// Checks all schedules, and fires the frequent ones that are due, in one transaction, to keep an idle scheduler
    /// cheap. If one of them fails, each is left to be fired alone, so that it does not stop the others. It is fired
    /// alone until it succeeds, so that they need not wait twice for one that fails slowly.
    async fn look(&self) -> Result<Look> {
        let now = self.clock.now();
        let names: Vec<_> = self.schedules.iter().map(|schedule| schedule.name).collect();
        let mut tx = begin(&self.pool).await?;
        let next = db::schedule::next(&mut tx, &names).await?;
        let (due, next_at) = due(&self.schedules, &next, now);
        let (together, mut left): (Vec<_>, Vec<_>) = due
            .into_iter()
            .partition(|schedule| schedule.period <= FREQUENT && !self.failed.contains(schedule.name));
        if !together.is_empty() {
            let fired = fire_all(tx, &together, now).await;
            match fired {
                Ok(fired) => self.announce(fired),
                // The one that failed says why when it is fired alone.
                Err(_) => left.extend(together),
            }
        }
        let left = left.into_iter().copied().collect();
        Ok(Look { left, next_at })
    }

    async fn fire_alone(&mut self, schedule: &Schedule) {
        match answered(Limits::JOBS, fire_on(&self.pool, &self.clock, schedule)).await {
            Ok(fired) => {
                self.failed.remove(schedule.name);
                self.announce(fired);
            }
            Err(error) => {
                self.failed.insert(schedule.name);
                let error = chain(&*error);
                tracing::warn!(schedule = schedule.name, error, "could not fire a schedule");
            }
        }
    }

    fn announce(&self, fired: Fired) {
        if fired.jobs > 0 {
            self.nudge.send();
        }
    }
}

/// Result of a check of the schedules.
struct Look {
    /// Those that are due and have not been fired.
    left: Vec<Schedule>,
    /// When the first of all is due next.
    next_at: DateTime<Utc>,
}

/// What was fired.
#[derive(Debug, Clone, Copy, Default)]
struct Fired {
    schedules: usize,
    jobs: usize,
}

/// Fires a schedule if it is due and no other scheduler has locked it. True when it fired.
///
/// # Errors
/// Those of the schedule, and database errors; nothing is then written.
pub async fn fire(pool: &PgPool, clock: &Clock, schedule: &Schedule) -> Result<bool, BoxError> {
    Ok(fire_on(pool, clock, schedule).await?.schedules > 0)
}

async fn fire_on(pool: &PgPool, clock: &Clock, schedule: &Schedule) -> Result<Fired, BoxError> {
    let now = clock.now();
    fire_all(begin(pool).await?, &[schedule], now).await
}

/// Fires schedules in this transaction, which is theirs alone. The transaction of one that fails is dropped, since its
/// connection may be broken, and one that fails to commit counts as well.
async fn fire_all(
    mut tx: Transaction<'static, Postgres>,
    schedules: &[&Schedule],
    now: DateTime<Utc>,
) -> Result<Fired, BoxError> {
    let fired = fire_due(&mut tx, schedules, now).await?;
    tx.commit().await?;
    Ok(fired)
}

/// Fires those of `schedules` that are due and that no other scheduler has locked, in this transaction.
async fn fire_due(conn: &mut PgConnection, schedules: &[&Schedule], now: DateTime<Utc>) -> Result<Fired, BoxError> {
    let asked: Vec<_> = schedules
        .iter()
        .map(|schedule| (schedule.name, schedule.horizon(now)))
        .collect();
    let locked = db::schedule::lock_due(conn, &asked, now).await?;
    let (mut next, mut jobs) = (Vec::new(), 0);
    for schedule in schedules {
        let Some(row) = locked.iter().find(|row| row.name == schedule.name) else {
            continue;
        };
        let set_to = row.next_at;
        let due_at = drawn_back(set_to, schedule.period, now);
        if due_at < set_to {
            tracing::warn!(
                schedule = schedule.name,
                %set_to,
                "schedule was due more than one period ahead; firing it now"
            );
        }
        let written = (schedule.jobs)(&mut *conn, Tick { due_at, now }).await?;
        enqueue(&mut *conn, now, &Cause::default(), &written).await?;
        jobs += written.len();
        next.push((schedule.name, schedule.after(due_at, now)));
    }
    if !next.is_empty() {
        db::schedule::set_next(conn, &next).await?;
    }
    Ok(Fired {
        schedules: next.len(),
        jobs,
    })
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
