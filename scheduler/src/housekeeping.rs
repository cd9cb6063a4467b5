//! Every hour: jobs that clear away what nobody needs any more. They work in bounded batches, so what one leaves is the
//! next one's.

use chrono::TimeDelta;
use common::db::job::NewJob;
use common::error::AppResult;
use common::jobs::Job;
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::PgConnection;

use crate::cron::{Schedule, Tick};

/// The schedule.
pub const HOUSEKEEPING: Schedule = Schedule {
    name: "housekeeping",
    period: TimeDelta::hours(1),
    jobs,
};

/// What is cleared away with each tick.
const JOBS: [Job; 5] = [
    Job::SessionCleanup {},
    Job::JobCleanup {},
    Job::ReportCleanup {},
    Job::PositionCleanup {},
    Job::IdempotencyCleanup {},
];

fn jobs(_: &mut PgConnection, tick: Tick) -> BoxFuture<'_, AppResult<Vec<NewJob>>> {
    async move {
        let of_tick = |job: Job| {
            let (kind, _) = job.encode()?;
            Ok(NewJob {
                job,
                run_at: tick.now,
                dedupe_key: Some(format!("{kind}:{}", tick.due_at.timestamp_millis())),
            })
        };
        JOBS.into_iter().map(of_tick).collect()
    }
    .boxed()
}
