//! The schedule of scheduled reports, every second: writes jobs that request the reports that are due, and jobs that
//! write the e-mails about reports that have ended. The worker with the file store runs both.
//!
//! If several due times passed while no scheduler ran, one report is requested, for the latest of them. If a change of
//! the company's zone has moved a stored time to a later instant, none is requested before that.

use app::jobs::report_delivery::{self, ReportDelivery};
use app::jobs::report_start::{self, ReportStart};
use chrono::{DateTime, TimeDelta, Utc};
use db::report::run::{self, Due, Fired};
use domain::zone::Zone;
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::NewJob;
use ledger::scheduler::{BoxError, Schedule, Tick};
use sqlx::PgConnection;

/// How many schedules, and how many ended reports, one tick takes; the next tick takes the rest.
const BATCH: i64 = 200;

/// How long it is stored that a schedule was due; longer than the links in e-mails are valid.
const KEPT: TimeDelta = TimeDelta::days(62);

/// By how much less than this a change of the zone moves a due time to an earlier instant. A time that lies further back
/// is the one before, whose report was made.
const SHIFT: TimeDelta = TimeDelta::hours(12);

/// Time until a schedule is tried again whose due time cannot be computed.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// The schedule of scheduled reports.
pub const REPORT_SCHEDULES: Schedule = Schedule {
    name: "report_schedules",
    period: TimeDelta::seconds(1),
    jobs,
};

fn jobs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    async move {
        let mut jobs = Vec::new();
        let due = run::lock_due(conn, tick.now, BATCH).await?;
        if !due.is_empty() {
            let fired: Vec<_> = due.iter().map(|due| fired(due, tick.now)).collect();
            for run_id in run::fire(conn, &fired, tick.now - KEPT, tick.now).await? {
                let job = NewJob::new(&ReportStart { run_id }, tick.now)?;
                jobs.push(job.with_key(report_start::key(run_id)));
            }
        }
        for run_id in run::pass_on(conn, tick.now, BATCH).await? {
            let job = NewJob::new(&ReportDelivery { run_id }, tick.now)?;
            jobs.push(job.with_key(report_delivery::key(run_id)));
        }
        Ok(jobs)
    }
    .boxed()
}

/// The latest time at which a schedule was due, and the next one. A change of the zone may have moved the stored time to
/// a later instant: then it is not due yet, and the latest time is the one before.
fn fired(due: &Due, now: DateTime<Utc>) -> Fired {
    let times = Zone::named(&due.time_zone).ok().and_then(|zone| {
        let latest = due.timing.latest(&zone, now)?;
        Some((latest, due.timing.next(&zone, now)?))
    });
    let (due_at, next_at) = match times {
        Some((latest, next)) => (Some(latest).filter(|at| *at > due.next_at - SHIFT), next),
        None => {
            tracing::error!(schedule_id = %due.id, "cannot compute when a scheduled report is due");
            (None, now + AGAIN)
        }
    };
    Fired {
        id: due.id,
        due_at,
        next_at,
    }
}
