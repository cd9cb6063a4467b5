//! The schedule that fails abandoned uploads of timetables, every five seconds: uploads whose job is dead, canceled or
//! deleted.
//!
//! Usually a worker ends an upload itself. This schedule ends those whose workers died three times, whose attempts are
//! used up, or whose job was canceled or deleted.

use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::NewJob;
use ledger::scheduler::{BoxError, Schedule, Tick};
use sqlx::PgConnection;

/// The schedule of abandoned uploads.
pub const TIMETABLE_UPKEEP: Schedule = Schedule {
    name: "timetable_upkeep",
    period: TimeDelta::seconds(5),
    jobs,
};

fn jobs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    async move {
        for upload_id in db::timetable::upload::upkeep::fail_abandoned(conn, tick.now).await? {
            tracing::error!(%upload_id, "timetable failed: its job is dead, canceled or deleted");
        }
        Ok(Vec::new())
    }
    .boxed()
}
