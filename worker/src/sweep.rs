//! What runs the jobs of the queue `sweep`.

use app::housekeeping::Housekeeping;
use app::jobs::{
    IdempotencyCleanup, JobCleanup, OrderSweep, PositionCleanup, SessionCleanup, idempotency_cleanup, job_cleanup,
    order_sweep, position_cleanup, session_cleanup,
};
use chrono::TimeDelta;
use ledger::worker::Worker;
use process::{Process, ProcessError};

/// Names the handlers.
///
/// # Errors
/// Never; other queues need settings.
pub fn handlers(process: &Process, worker: Worker) -> Result<Worker, ProcessError> {
    let settings = &process.settings;
    let data = Housekeeping {
        pool: process.pool.clone(),
        clock: process.clock.clone(),
        job_retention: TimeDelta::days(settings.job_retention_days.into()),
        position_retention: TimeDelta::days(settings.position_retention_days.into()),
    };
    Ok(worker
        .handle::<OrderSweep, _>(&data, order_sweep::run)
        .handle::<SessionCleanup, _>(&data, session_cleanup::run)
        .handle::<JobCleanup, _>(&data, job_cleanup::run)
        .handle::<IdempotencyCleanup, _>(&data, idempotency_cleanup::run)
        .handle::<PositionCleanup, _>(&data, position_cleanup::run))
}
