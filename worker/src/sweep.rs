//! Handlers of the queue `sweep`.

use app::housekeeping::Housekeeping;
use chrono::TimeDelta;
use ledger::worker::Worker;
use process::{Process, ProcessError};

use crate::handlers::RegisterHandlers;

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
    Ok(data.register(worker))
}
