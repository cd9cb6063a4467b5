//! The three loops in one process.

use common::clients;
use common::db::{self, Commit};
use common::jobs::Queue;
use common::jobs::delivery::{EPOCH_KEY, NUDGES_KEY};
use common::process::health::{self, Health};
use common::process::{Process, ProcessError};
use secrecy::ExposeSecret;

use crate::bus_polls::{BUS_POLLS, BUS_SYNCS};
use crate::cron::{self, Cron};
use crate::housekeeping::HOUSEKEEPING;
use crate::job_upkeep::JOB_UPKEEP;
use crate::order_sweep::ORDER_SWEEP;
use crate::reconciler::Reconciler;
use crate::relay::Relay;
use crate::report_upkeep::REPORT_UPKEEP;

/// Where it writes in Redis.
fn keys() -> Vec<&'static str> {
    let lists = Queue::ALL.iter().map(|queue| queue.list());
    [EPOCH_KEY, NUDGES_KEY].into_iter().chain(lists).collect()
}

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
    let redis = clients::redis::connect(&settings.redis_url)?;
    let health = Health::new(pool.clone())
        .with_redis(redis.clone(), keys())
        .with_check(health::until(shutdown.clone()));
    health::serve(settings.health_listen, health).await?;
    let schedules = vec![
        ORDER_SWEEP,
        REPORT_UPKEEP,
        JOB_UPKEEP,
        BUS_POLLS,
        BUS_SYNCS,
        HOUSEKEEPING,
    ];
    cron::enter(&pool, &clock, &schedules).await?;
    let database_url = settings.database_url.expose_secret();
    let connect = async |commit| {
        db::connect_for_jobs(database_url, commit)
            .await
            .map_err(ProcessError::Connect)
    };
    let relay = Relay {
        pool: connect(Commit::DoesNotWait).await?,
        redis: redis.clone(),
        nudges: clients::redis::connect(&settings.redis_url)?,
        clock: clock.clone(),
    };
    let reconciler = Reconciler::new(connect(Commit::Waits).await?, redis, clock.clone());
    let cron = Cron { pool, clock, schedules };
    tracing::info!("scheduler started");
    let mut loops = tokio::task::JoinSet::new();
    loops.spawn(relay.run());
    loops.spawn(reconciler.run());
    loops.spawn(cron.run());
    tokio::select! {
        _ = loops.join_next() => Err(ProcessError::Ended("a loop of the scheduler")),
        () = shutdown.cancelled() => {
            loops.shutdown().await;
            tracing::info!("scheduler ended");
            Ok(())
        }
    }
}
