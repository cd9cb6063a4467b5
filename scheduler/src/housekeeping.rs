//! The schedule of the clean-up jobs, every hour. Each deletes in bounded batches; the next run continues.

use app::jobs::idempotency_cleanup::IdempotencyCleanup;
use app::jobs::job_cleanup::JobCleanup;
use app::jobs::position_cleanup::PositionCleanup;
use app::jobs::report_cleanup::ReportCleanup;
use app::jobs::session_cleanup::SessionCleanup;
use app::jobs::timetable_cleanup::TimetableCleanup;
use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::NewJob;
use ledger::scheduler::{BoxError, Schedule, Tick};
use sqlx::PgConnection;

/// The schedule of the clean-up jobs.
pub const HOUSEKEEPING: Schedule = Schedule {
    name: "housekeeping",
    period: TimeDelta::hours(1),
    jobs,
};

fn jobs(_: &mut PgConnection, tick: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    async move {
        Ok(vec![
            tick.job(&SessionCleanup {})?,
            tick.job(&JobCleanup {})?,
            tick.job(&ReportCleanup {})?,
            tick.job(&TimetableCleanup {})?,
            tick.job(&PositionCleanup {})?,
            tick.job(&IdempotencyCleanup {})?,
        ])
    }
    .boxed()
}
