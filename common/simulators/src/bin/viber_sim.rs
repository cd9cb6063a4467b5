//! Stands in for the Viber provider in `./dev up`: lists the received messages at `GET /messages`.

use std::error::Error;

use process::signal::Ending;
use simulators::settings::{ViberSimulatorSettings, from_env};
use simulators::viber::ViberSimulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut ending = Ending::watch()?;
    let settings: ViberSimulatorSettings = from_env().map_err(|e| e.to_string())?;
    let _provider = ViberSimulator::start(settings.viber_sim_listen, settings.viber_sim_token).await?;
    ending.received().await;
    Ok(())
}
