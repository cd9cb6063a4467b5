//! Settings of the simulators that `./dev up` starts instead of a mail server, a Viber provider, a
//! tracking provider and Google.

use std::net::SocketAddr;
use std::path::PathBuf;

use config::{ConfigError, environment};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Settings of the mail server's simulator.
#[derive(Debug, Clone, Deserialize)]
pub struct MailSimulatorSettings {
    /// Where it listens.
    pub mail_sim_listen: SocketAddr,
    /// Where it keeps received mails, one `.eml` file per mail.
    pub mail_dir: PathBuf,
}

/// Settings of the Viber provider's simulator.
#[derive(Debug, Clone, Deserialize)]
pub struct ViberSimulatorSettings {
    /// Where it listens.
    pub viber_sim_listen: SocketAddr,
    /// The token that it requires.
    pub viber_sim_token: SecretString,
}

/// Settings of Google's simulator.
#[derive(Debug, Clone, Deserialize)]
pub struct GoogleSimulatorSettings {
    /// Where it listens.
    pub google_sim_listen: SocketAddr,
    /// The client that it knows: that of the API.
    pub google_client_id: String,
    /// The client's secret.
    pub google_client_secret: SecretString,
}

/// Settings of the tracking provider's simulator.
#[derive(Debug, Clone, Deserialize)]
pub struct TrackingSimulatorSettings {
    /// Where it listens.
    pub fms_sim_listen: SocketAddr,
    /// The token that it requires, alone or after the name of an account and a colon.
    pub fms_sim_token: SecretString,
    /// Folder of the feeds whose buses it drives; none unless given.
    pub fms_sim_data: Option<PathBuf>,
    /// Number of invented accounts beside them.
    pub fms_sim_fleets: u32,
    /// Number of buses in each invented account.
    pub fms_sim_fleet_size: u32,
}

#[derive(Serialize)]
struct Defaults {
    fms_sim_fleets: u32,
    fms_sim_fleet_size: u32,
}

const DEFAULTS: Defaults = Defaults {
    fms_sim_fleets: 0,
    fms_sim_fleet_size: 0,
};

/// Reads one of them from the environment.
///
/// # Errors
/// Names the setting that is missing or malformed.
pub fn from_env<T: DeserializeOwned>() -> Result<T, ConfigError> {
    let settings = environment::over(DEFAULTS, environment::variables());
    Ok(settings.extract().map_err(Box::new)?)
}
