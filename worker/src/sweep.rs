//! Handlers of the queue `sweep`.

use app::housekeeping::Housekeeping;
use app::jobs::{
    IdempotencyCleanup, JobCleanup, PositionCleanup, SessionCleanup, TicketSweep, idempotency_cleanup, job_cleanup,
    position_cleanup, session_cleanup, ticket_sweep,
};
use chrono::TimeDelta;
use ledger::worker::Worker;
use process::{Process, ProcessError};

/// Names the handlers.
///
/// # Errors
/// Never returns an error; the signature is that of other queues.
pub fn handlers(process: &Process, worker: Worker) -> Result<Worker, ProcessError> {
    let settings = &process.settings;
    let data = Housekeeping {
        pool: process.pool.clone(),
        clock: process.clock.clone(),
        job_retention: TimeDelta::days(settings.job_retention_days.into()),
        position_retention: TimeDelta::days(settings.position_retention_days.into()),
    };
    Ok(worker
        .handle::<TicketSweep, _>(&data, ticket_sweep::run)
        .handle::<SessionCleanup, _>(&data, session_cleanup::run)
        .handle::<JobCleanup, _>(&data, job_cleanup::run)
        .handle::<IdempotencyCleanup, _>(&data, idempotency_cleanup::run)
        .handle::<PositionCleanup, _>(&data, position_cleanup::run))
}
