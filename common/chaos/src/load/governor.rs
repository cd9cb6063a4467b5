//! Keeps the load below the capacity of the machine, even if it is busy: a run measures how fast the platform recovers,
//! not how fast it works off a backlog that the load itself has made.

use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;

use super::LoadPhase;

/// Number of unfinished jobs above which nothing new is begun.
const BACKLOG: i64 = 16;

/// Interval between two checks.
const PERIOD: Duration = Duration::from_millis(200);

/// Runs until it is aborted. While the database is unavailable, nothing changes.
pub async fn run(pool: PgPool, phase: watch::Sender<LoadPhase>) {
    loop {
        let backlog =
            sqlx::query_scalar::<_, i64>("select count(*) from jobs where state in ('ready', 'sent', 'running')");
        if let Ok(backlog) = backlog.fetch_one(&pool).await {
            let next = if backlog > BACKLOG {
                LoadPhase::Pause
            } else {
                LoadPhase::On
            };
            phase.send_if_modified(|phase| {
                let is_new = *phase != next && *phase != LoadPhase::Stop;
                if is_new {
                    *phase = next;
                }
                is_new
            });
        }
        tokio::time::sleep(PERIOD).await;
    }
}

/// Waits until something new may be begun; false when the load is to end.
pub async fn may_begin(phase: &mut watch::Receiver<LoadPhase>) -> bool {
    let next = phase.wait_for(|phase| *phase != LoadPhase::Pause).await;
    next.is_ok_and(|phase| *phase == LoadPhase::On)
}
