//! The schedule that fails abandoned reports, every five seconds: reports whose job is dead, canceled or deleted.
//! Waiting reports of the same company take their places.
//!
//! Usually a worker ends a report itself. This schedule ends those whose workers died three times, whose attempts are
//! used up, or whose job was canceled or deleted.

use app::jobs::report_generate;
use chrono::TimeDelta;
use domain::id::{CompanyId, ReportId};
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::NewJob;
use ledger::scheduler::{BoxError, Schedule, Tick};
use sqlx::PgConnection;

/// The schedule of abandoned reports.
pub const REPORT_UPKEEP: Schedule = Schedule {
    name: "report_upkeep",
    period: TimeDelta::seconds(5),
    jobs,
};

fn jobs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    async move {
        let abandoned = db::report::upkeep::abandoned(conn).await?;
        if abandoned.is_empty() {
            return Ok(Vec::new());
        }
        let (companies, reports): (Vec<CompanyId>, Vec<ReportId>) = abandoned.into_iter().unzip();
        db::report::upkeep::lock(conn, &companies).await?;
        let (failed, admitted) = db::report::upkeep::fail_abandoned(conn, &reports, tick.now).await?;
        for report_id in &failed {
            tracing::error!(%report_id, "report failed: its job is dead, canceled or deleted");
        }
        // Enqueued here rather than returned, so that each job keeps the request that asked for its report as its
        // cause.
        let jobs = admitted.iter().map(|(id, _)| report_generate::new_job(*id, tick.now));
        let jobs = jobs.collect::<ledger::Result<Vec<_>>>()?;
        let causes = admitted.iter().map(|(_, cause)| cause);
        ledger::enqueue_each(conn, tick.now, jobs.iter().zip(causes)).await?;
        Ok(Vec::new())
    }
    .boxed()
}
