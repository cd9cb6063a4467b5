//! Every ten seconds: jobs that are due later than any job can be are due now. Whoever wrote that had a wrong clock, and
//! the job would wait until that clock was right.

use chrono::TimeDelta;
use common::db;
use common::db::job::NewJob;
use common::domain::job::LONGEST_BACKOFF;
use common::error::AppResult;
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::PgConnection;

use crate::cron::{Schedule, TOLERANCE, Tick};

/// The schedule.
pub const JOB_UPKEEP: Schedule = Schedule {
    name: "job_upkeep",
    period: TimeDelta::seconds(10),
    jobs,
};

fn jobs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, AppResult<Vec<NewJob>>> {
    async move {
        let horizon = tick.now + LONGEST_BACKOFF + TOLERANCE;
        let drawn_back = db::job::draw_back(conn, tick.now, horizon).await?;
        if drawn_back > 0 {
            tracing::warn!(
                jobs = drawn_back,
                "jobs were due too far in the future; they are due now"
            );
        }
        Ok(Vec::new())
    }
    .boxed()
}
