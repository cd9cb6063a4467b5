//! Stands in for the mail server in `./dev up`: keeps mails as `.eml` files in `MAIL_DIR`.

use std::error::Error;

use process::signal::Ending;
use simulators::settings::{MailSimulatorSettings, from_env};
use simulators::smtp::MailSimulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut ending = Ending::watch()?;
    let settings: MailSimulatorSettings = from_env().map_err(|e| e.to_string())?;
    let _server = MailSimulator::start(settings.mail_sim_listen, &settings.mail_dir).await?;
    ending.received().await;
    Ok(())
}
