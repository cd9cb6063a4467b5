//! Stands in for the mail server in `./dev up`: keeps mails as `.eml` files in `MAIL_DIR`.

use std::error::Error;

use common::config::simulator::{MailSimulatorSettings, from_env};
use common::simulators::smtp::MailSimulator;
use common::simulators::until_told;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings: MailSimulatorSettings = from_env().map_err(|e| e.to_string())?;
    let _server = MailSimulator::start(settings.mail_sim_listen, &settings.mail_dir).await?;
    Ok(until_told().await?)
}
