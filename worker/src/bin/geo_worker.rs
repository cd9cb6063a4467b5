//! The worker of the queue `geo`.

use std::process::ExitCode;

use app::geolocation::Fleet;
use app::jobs::{GeolocationPoll, GeolocationSync, geolocation_poll, geolocation_sync, queue};
use chrono::TimeDelta;
use clients::fms;
use config::Needs;
use connect::SettingError;
use domain::vault::Vault;

fn main() -> ExitCode {
    worker::main(queue::GEO, Needs::Geo, |process, worker| {
        let settings = &process.settings;
        let vault = Vault::new(&settings.vault_key).map_err(|_| SettingError {
            setting: "VAULT_KEY",
            problem: "must be 64 hex digits".to_owned(),
        })?;
        let retention = TimeDelta::days(settings.position_retention_days.into());
        let (pool, clock) = (process.pool.clone(), process.clock.clone());
        let fleet = Fleet::new(pool, clock, vault, retention, fms::TIMEOUTS)?.with_slots(settings.worker_concurrency);
        Ok(worker
            .handle::<GeolocationPoll, _>(&fleet, geolocation_poll::run)
            .handle::<GeolocationSync, _>(&fleet, geolocation_sync::run))
    })
}
