//! Every second: when unpaid orders are due, a job that closes them. The job works in bounded batches, however many
//! are due, so one that waits is enough.

use chrono::TimeDelta;
use common::db;
use common::db::job::NewJob;
use common::error::AppResult;
use common::jobs::Job;
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::PgConnection;

use crate::cron::{Schedule, Tick};

/// The schedule.
pub const ORDER_SWEEP: Schedule = Schedule {
    name: "order_sweep",
    period: TimeDelta::seconds(1),
    jobs,
};

fn jobs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, AppResult<Vec<NewJob>>> {
    async move {
        if !db::schedule::sweep_wanted(conn, tick.now).await? {
            return Ok(Vec::new());
        }
        Ok(vec![NewJob {
            job: Job::OrderSweep {},
            run_at: tick.now,
            dedupe_key: Some(format!("order_sweep:{}", tick.due_at.timestamp_millis())),
        }])
    }
    .boxed()
}
