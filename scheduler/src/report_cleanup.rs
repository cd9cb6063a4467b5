//! Every hour: a job that removes files of reports whose retention is over. It works in bounded batches.

use chrono::TimeDelta;
use common::db::job::NewJob;
use common::error::AppResult;
use common::jobs::Job;
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::PgConnection;

use crate::cron::{Schedule, Tick};

/// The schedule.
pub const REPORT_CLEANUP: Schedule = Schedule {
    name: "report_cleanup",
    period: TimeDelta::hours(1),
    jobs,
};

fn jobs(_: &mut PgConnection, tick: Tick) -> BoxFuture<'_, AppResult<Vec<NewJob>>> {
    async move {
        Ok(vec![NewJob {
            job: Job::ReportCleanup {},
            run_at: tick.now,
            dedupe_key: Some(format!("report_cleanup:{}", tick.due_at.timestamp_millis())),
        }])
    }
    .boxed()
}
