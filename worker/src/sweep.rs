//! Handlers of the queue `sweep`.

use app::housekeeping::Housekeeping;
use app::jobs;
use chrono::TimeDelta;
use ledger::worker::Worker;
use process::{Process, ProcessError};

/// Adds the handlers.
///
/// # Errors
/// Never returns an error; the signature is the same as for other queues.
pub fn handlers(process: &Process, worker: Worker) -> Result<Worker, ProcessError> {
    let settings = &process.settings;
    let data = Housekeeping {
        pool: process.pool.clone(),
        clock: process.clock.clone(),
        job_retention: TimeDelta::days(settings.job_retention_days.into()),
        position_retention: TimeDelta::days(settings.position_retention_days.into()),
    };
    Ok(worker
        .handle::<jobs::ticket_sweep::TicketSweep, _>(&data, jobs::ticket_sweep::run)
        .handle::<jobs::session_cleanup::SessionCleanup, _>(&data, jobs::session_cleanup::run)
        .handle::<jobs::job_cleanup::JobCleanup, _>(&data, jobs::job_cleanup::run)
        .handle::<jobs::idempotency_cleanup::IdempotencyCleanup, _>(&data, jobs::idempotency_cleanup::run)
        .handle::<jobs::position_cleanup::PositionCleanup, _>(&data, jobs::position_cleanup::run))
}
