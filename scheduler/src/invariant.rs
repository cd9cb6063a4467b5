//! Every minute: what must always hold is checked, here for what the database knows; a job of the worker that has the
//! store looks for the files of reports.

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
        // In a transaction within that of the tick: a check that fails is not tried again five times a second, and what
        // it did not store shows its age.
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
