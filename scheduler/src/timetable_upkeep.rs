//! Every five seconds: uploaded timetables whose job is dead or gone have failed.
//!
//! Workers end uploads themselves; here end those whose workers died three times, whose attempts are used up, or whose job
//! was deleted.

use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::NewJob;
use ledger::scheduler::{BoxError, Schedule, Tick};
use sqlx::PgConnection;

/// The schedule.
pub const TIMETABLE_UPKEEP: Schedule = Schedule {
    name: "timetable_upkeep",
    period: TimeDelta::seconds(5),
    jobs,
};

fn jobs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    async move {
        for upload_id in db::timetable::upload::upkeep::fail_abandoned(conn, tick.now).await? {
            tracing::error!(%upload_id, "timetable failed: its job is dead or was deleted");
        }
        Ok(Vec::new())
    }
    .boxed()
}
