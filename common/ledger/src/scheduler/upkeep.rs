//! Makes jobs with an impossibly late due time due now: they were written by a process with a wrong clock, and would
//! otherwise wait for that time.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::schedule::TOLERANCE;
use crate::{LONGEST_BACKOFF, Queue, Result, db};

/// Time between two checks.
const PERIOD: TimeDelta = TimeDelta::seconds(10);

/// The periodic check.
#[derive(Debug, Default)]
pub struct Upkeep {
    last: Option<DateTime<Utc>>,
}

impl Upkeep {
    /// Checks, if the last check is at least ten seconds ago or the clock has moved back since.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn run(&mut self, conn: &mut PgConnection, queues: &[Queue], now: DateTime<Utc>) -> Result<()> {
        if self.last.is_some_and(|last| last <= now && now - last < PERIOD) {
            return Ok(());
        }
        draw_back(conn, queues, now).await?;
        self.last = Some(now);
        Ok(())
    }
}

/// Makes jobs due now that are due later than any job can be.
///
/// # Errors
/// Database errors only.
pub async fn draw_back(conn: &mut PgConnection, queues: &[Queue], now: DateTime<Utc>) -> Result<()> {
    let horizon = now + LONGEST_BACKOFF + TOLERANCE;
    let jobs = db::job::draw_back(conn, queues, now, horizon).await?;
    if jobs > 0 {
        tracing::warn!(jobs, "jobs were due too far in the future; they are due now");
    }
    Ok(())
}
