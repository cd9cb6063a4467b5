//! The schedule that checks the invariants, every minute. Rules about the database are checked here; a job of the
//! report worker, which has access to the file store, checks the files of reports.

use app::jobs::report_file_check::ReportFileCheck;
use chrono::TimeDelta;
use db::error::chain;
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::scheduler::{BoxError, Schedule, Tick};
use ledger::{Job, NewJob};
use sqlx::{Connection, PgConnection};

/// The schedule.
pub const INVARIANTS: Schedule = Schedule {
    name: "invariants",
    period: TimeDelta::minutes(1),
    jobs,
};

fn jobs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    async move {
        // A transaction within that of the tick: if the check fails, only it is rolled back, so the tick is not
        // repeated five times a second. The age of the last stored results shows the failure.
        let mut check = conn.begin().await?;
        match app::invariant::run(&mut check, tick.now).await {
            Ok(()) => check.commit().await?,
            Err(error) => {
                tracing::error!(error = chain(&error), "could not check the invariants");
                check.rollback().await?;
            }
        }
        let is_waiting = ledger::is_waiting(conn, ReportFileCheck::QUEUE, ReportFileCheck::KIND).await?;
        Ok(if is_waiting {
            Vec::new()
        } else {
            vec![tick.job(&ReportFileCheck {})?]
        })
    }
    .boxed()
}
