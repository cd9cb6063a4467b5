//! Stands in for a tracking provider in `./dev up`: drives the demo buses along their timetables.

use std::error::Error;

use kernel::clock::Clock;
use process::signal::Ending;
use simulators::settings::{TrackingSimulatorSettings, from_env};
use simulators::tracking::{TrackingSimulator, World};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut ending = Ending::watch()?;
    let settings: TrackingSimulatorSettings = from_env().map_err(|e| e.to_string())?;
    let clock = Clock::system();
    let world = match &settings.fms_sim_data {
        Some(folder) => World::of_feeds(folder, clock.now())?,
        None => World::default(),
    };
    let world = world.with_accounts(settings.fms_sim_fleets, settings.fms_sim_fleet_size);
    let _provider = TrackingSimulator::start(settings.fms_sim_listen, settings.fms_sim_token, world, clock).await?;
    ending.received().await;
    Ok(())
}
