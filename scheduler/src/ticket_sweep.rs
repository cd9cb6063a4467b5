//! The schedule of the sweep, every second: writes a job that closes expired tickets, if there are any. A job closes what
//! is due in batches, for up to ten seconds. None is written while one waits or two are running.

use app::jobs::ticket_sweep::TicketSweep;
use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::scheduler::{BoxError, Schedule, Tick};
use ledger::{Job, NewJob};
use sqlx::PgConnection;

/// Sweeps that run at a time. One closes several thousand tickets per second; a second one starts a second later and
/// shares the rest. With more, sales would wait longer for the database.
const AT_ONCE: i64 = 2;

/// The schedule of the sweep.
pub const TICKET_SWEEP: Schedule = Schedule {
    name: "order_sweep",
    period: TimeDelta::seconds(1),
    jobs,
};

fn jobs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    async move {
        let job = (TicketSweep::QUEUE.name(), TicketSweep::KIND);
        if !db::ticket::expiry::is_sweep_wanted(conn, tick.now, job, AT_ONCE).await? {
            return Ok(Vec::new());
        }
        Ok(vec![tick.job(&TicketSweep {})?])
    }
    .boxed()
}
