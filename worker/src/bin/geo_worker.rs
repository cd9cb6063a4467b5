//! The worker of the queue `geo`.

use std::process::ExitCode;

use app::jobs::queue;
use app::tracking::Tracking;
use chrono::TimeDelta;
use clients::tracking;
use config::Needs;
use connect::SettingError;
use domain::vault::Vault;
use worker::handlers::RegisterHandlers;

fn main() -> ExitCode {
    worker::main(queue::TRACKING, Needs::Tracking, |process, worker| {
        let settings = &process.settings;
        let vault = Vault::new(&settings.vault_key).map_err(|_| SettingError {
            setting: "VAULT_KEY",
            problem: "must be 64 hex digits".to_owned(),
        })?;
        let retention = TimeDelta::days(settings.position_retention_days.into());
        let (pool, clock) = (process.pool.clone(), process.clock.clone());
        let tracking =
            Tracking::new(pool, clock, vault, retention, tracking::TIMEOUTS)?.with_slots(settings.worker_concurrency);
        Ok(tracking.register(worker))
    })
}
