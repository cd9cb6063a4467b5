//! The schedules of tracking, every second: write jobs for the accounts at tracking providers that are due for a poll
//! or a sync.
//!
//! Due times are stored with the accounts, so a tick reads and writes only those. Accounts without an enabled tracker
//! are not polled, and an account whose last poll has not finished is skipped. The polling interval is kept even if a
//! tick is late.

use app::jobs::tracking_poll::{self, TrackingPoll};
use app::jobs::tracking_sync::{self, TrackingSync};
use app::tracking::SYNC_PERIOD;
use chrono::{DateTime, TimeDelta, Utc};
use db::tracking::due::{Due, Written};
use domain::id::TrackingAccountId;
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::scheduler::{BoxError, Schedule, TOLERANCE, Tick, drawn_back, next_tick};
use ledger::{Job, NewJob};
use sqlx::PgConnection;

/// How many accounts one tick takes; the next tick takes the rest.
const BATCH: i64 = 500;

/// The longest polling interval that an account can have. Waits after failures are shorter. A poll that is to run later
/// than this is due at once, since no valid time is that late.
const LONGEST_STEP: TimeDelta = TimeDelta::hours(1);

/// The schedule of polls.
pub const TRACKING_POLLS: Schedule = Schedule {
    name: "bus_polls",
    period: TimeDelta::seconds(1),
    jobs: polls,
};

/// The schedule of syncs.
pub const TRACKING_SYNCS: Schedule = Schedule {
    name: "bus_syncs",
    period: TimeDelta::seconds(1),
    jobs: syncs,
};

fn polls(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    async move {
        let due = db::tracking::due::lock_polls(conn, tick.now, tick.now + LONGEST_STEP + TOLERANCE, BATCH).await?;
        let period = |due: &Due| TimeDelta::seconds(due.poll_seconds.into());
        let written = written(&due, tracking_poll::key, period, tick.now);
        db::tracking::due::set_polls(conn, &written).await?;
        jobs(written, tick.now, |account_id| TrackingPoll { account_id })
    }
    .boxed()
}

fn syncs(conn: &mut PgConnection, tick: Tick) -> BoxFuture<'_, Result<Vec<NewJob>, BoxError>> {
    async move {
        let due = db::tracking::due::lock_syncs(conn, tick.now, tick.now + SYNC_PERIOD + TOLERANCE, BATCH).await?;
        let written = written(&due, tracking_sync::key, |_| SYNC_PERIOD, tick.now);
        db::tracking::due::set_syncs(conn, &written).await?;
        jobs(written, tick.now, |account_id| TrackingSync { account_id })
    }
    .boxed()
}

fn written(
    due: &[Due],
    key: fn(TrackingAccountId, DateTime<Utc>) -> String,
    period: impl Fn(&Due) -> TimeDelta,
    now: DateTime<Utc>,
) -> Vec<Written> {
    due.iter()
        .map(|due| {
            let due_at = drawn_back(due.due_at, period(due), now);
            Written {
                id: due.id,
                job_key: key(due.id, due_at),
                next_at: next_tick(due_at, period(due), now),
            }
        })
        .collect()
}

fn jobs<J: Job>(
    written: Vec<Written>,
    now: DateTime<Utc>,
    job: fn(TrackingAccountId) -> J,
) -> Result<Vec<NewJob>, BoxError> {
    let job = |written: Written| Ok(NewJob::new(&job(written.id), now)?.with_key(written.job_key));
    written.into_iter().map(job).collect()
}
