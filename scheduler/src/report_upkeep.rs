//! Every second: reports whose job is dead or gone have failed, and others of their company take their places.
//!
//! Workers end reports themselves; here end those whose workers died three times, whose attempts are used up, or whose
//! job was deleted.

use chrono::TimeDelta;
use common::db;
use common::error::AppResult;
use common::id::{CompanyId, ReportId};
use futures::FutureExt;
use futures::future::BoxFuture;
use sqlx::PgConnection;

use common::db::job::NewJob;

use crate::cron::{Schedule, Tick};

/// The schedule.
pub const REPORT_UPKEEP: Schedule = Schedule {
    name: "report_upkeep",
    period: TimeDelta::seconds(1),
    jobs,
};

fn jobs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, AppResult<Vec<NewJob>>> {
    async move {
        let abandoned = db::report::upkeep::abandoned(conn).await?;
        if abandoned.is_empty() {
            return Ok(Vec::new());
        }
        let (companies, reports): (Vec<CompanyId>, Vec<ReportId>) = abandoned.into_iter().unzip();
        db::report::upkeep::lock(conn, &companies).await?;
        let (failed, admitted) = db::report::upkeep::fail_abandoned(conn, &reports, tick.now).await?;
        for report_id in &failed {
            tracing::error!(%report_id, "report failed: its job is dead or was deleted");
        }
        // Written here, so that each keeps the request that it comes from.
        let jobs: Vec<NewJob> = admitted.iter().map(|(id, _)| db::report::job(*id, tick.now)).collect();
        let causes = admitted.iter().map(|(_, cause)| cause);
        db::job::enqueue_each(conn, tick.now, jobs.iter().zip(causes)).await?;
        Ok(Vec::new())
    }
    .boxed()
}
