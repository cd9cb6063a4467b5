//! Stands in for the Viber provider in `./dev up`: lists what it got at `GET /messages`.

use std::error::Error;

use common::config::simulator::{ViberSimulatorSettings, from_env};
use common::process::signal::Ending;
use common::simulators::viber::ViberSimulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut ending = Ending::watch()?;
    let settings: ViberSimulatorSettings = from_env().map_err(|e| e.to_string())?;
    let _provider = ViberSimulator::start(settings.viber_sim_listen, settings.viber_sim_token).await?;
    ending.told().await;
    Ok(())
}
