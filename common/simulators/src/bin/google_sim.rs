//! Simulates Google in `./dev up`: its page accepts any e-mail address without a password.

use std::error::Error;

use kernel::clock::Clock;
use process::signal::Ending;
use simulators::google::{Client, GoogleSimulator};
use simulators::settings::{GoogleSimulatorSettings, from_env};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut ending = Ending::watch()?;
    let settings: GoogleSimulatorSettings = from_env().map_err(|e| e.to_string())?;
    let client = Client {
        id: settings.google_client_id,
        secret: settings.google_client_secret,
    };
    let _provider = GoogleSimulator::start(settings.google_sim_listen, client, Clock::system()).await?;
    ending.received().await;
    Ok(())
}
