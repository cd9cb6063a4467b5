//! The scheduler of the platform: its queues and schedules.

use app::jobs::queue;
use ledger::scheduler::{Scheduler, SchedulerError};
use process::health::{self, Health};
use process::{Process, ProcessError};

use crate::bus_polls::{BUS_POLLS, BUS_SYNCS};
use crate::housekeeping::HOUSEKEEPING;
use crate::invariants::INVARIANTS;
use crate::order_sweep::ORDER_SWEEP;
use crate::report_upkeep::REPORT_UPKEEP;

/// Relays, reconciles and fires schedules until the process is asked to end. Whatever is interrupted is picked up
/// by the next scheduler: nothing here is held longer than a transaction.
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
    health::serve(settings.health_listen, health).await?;
    let scheduler = Scheduler {
        queues: &queue::ALL,
        schedules: vec![
            ORDER_SWEEP,
            REPORT_UPKEEP,
            BUS_POLLS,
            BUS_SYNCS,
            INVARIANTS,
            HOUSEKEEPING,
        ],
        database_url: settings.database_url,
        pool,
        redis,
        nudges: connect::redis::connect(&settings.redis_url)?,
        clock,
    };
    scheduler.run(shutdown).await.map_err(|error| match error {
        SchedulerError::Connect(error) => ProcessError::Connect(error),
        other => ProcessError::failed(other),
    })
}
