//! The scheduler process: its queues, schedules, health and metrics.

use app::housekeeping::make_job_days;
use app::jobs::{KINDS, queue};
use ledger::scheduler::{Scheduler, SchedulerError};
use metrics::Exporter;
use process::health::{self, Health};
use process::{Process, ProcessError};

use crate::gauge;
use crate::housekeeping::HOUSEKEEPING;
use crate::invariant::INVARIANTS;
use crate::report_schedule::REPORT_SCHEDULES;
use crate::report_upkeep::REPORT_UPKEEP;
use crate::ticket_sweep::TICKET_SWEEP;
use crate::timetable_upkeep::TIMETABLE_UPKEEP;
use crate::tracking::{TRACKING_POLLS, TRACKING_SYNCS};

/// Relays, reconciles and fires schedules until the process is asked to end. The next scheduler resumes interrupted
/// work: no lock is held longer than a transaction.
///
/// # Errors
/// When it cannot start, or when one of the loops ends.
pub async fn run(process: Process) -> Result<(), ProcessError> {
    let Process {
        settings,
        pool,
        clock,
        shutdown,
    } = process;
    let redis = connect::redis::connect(&settings.redis_url)?;
    let health = Health::new(pool.clone())
        .with_redis(redis.clone(), Scheduler::keys(&queue::ALL))
        .with_check(health::until(shutdown.clone()));
    let exporter = Exporter::default()
        .with(|registry| connect::metrics::register(registry, pool.clone()))
        .with(ledger::metrics::scheduler::register)
        .with(gauge::register);
    health::serve(settings.health_listen, health, exporter).await?;
    let gauges = tokio::spawn(gauge::keep(pool.clone(), clock.clone()));
    // Nothing depends on it: what is done on days that do not exist is only deleted more slowly.
    if let Err(error) = make_job_days(&pool, clock.now()).await {
        let error = kernel::chain(&error);
        tracing::warn!(error, "could not create the partitions of finished jobs");
    }
    let scheduler = Scheduler {
        queues: &queue::ALL,
        kinds: KINDS,
        schedules: vec![
            TICKET_SWEEP,
            REPORT_SCHEDULES,
            REPORT_UPKEEP,
            TIMETABLE_UPKEEP,
            TRACKING_POLLS,
            TRACKING_SYNCS,
            INVARIANTS,
            HOUSEKEEPING,
        ],
        database_url: settings.database_url,
        pool,
        redis,
        nudges: connect::redis::connect(&settings.redis_url)?,
        clock,
    };
    tokio::select! {
        ended = scheduler.run(shutdown) => ended.map_err(|error| match error {
            SchedulerError::Connect(error) => ProcessError::Connect(error),
            other => ProcessError::failed(other),
        }),
        _ = gauges => Err(ProcessError::Ended("the loop of the business gauges")),
    }
}
