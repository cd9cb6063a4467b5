//! Settings that `./dev chaos` passes in the environment: those of the platform, and where its parts are.

use std::path::PathBuf;

use config::{ConfigError, environment};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The settings.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// Folder with the programs.
    pub chaos_programs: PathBuf,
    /// Folder of the files that are kept: logs, mails.
    pub chaos_folder: PathBuf,
    /// Folder of the report store; where it can be filled, a small file system of its own.
    pub chaos_store: PathBuf,
    /// Size of that file system in bytes; 0 if it is an ordinary folder.
    pub chaos_store_size: usize,
    /// Folder with `ca.pem`, `redis.pem` and `redis.key`, for TLS to Redis; without it, no TLS.
    pub chaos_certificates: Option<PathBuf>,
    /// Folder of the feed of the bus company whose user publishes timetables.
    pub chaos_feed: PathBuf,
    /// File with the process id of PostgreSQL, which is restarted when it ends.
    pub chaos_postgres: PathBuf,
    /// The database.
    pub database_url: SecretString,
    /// The origin that people's requests must come from.
    pub public_url: String,
    /// API key of a partner.
    pub api_key: SecretString,
    /// API key of another partner.
    pub api_key_2: SecretString,
    /// A user of a bus company.
    pub backoffice_email: String,
    /// Their password.
    pub backoffice_password: SecretString,
    /// Token of the Viber provider.
    pub viber_token: SecretString,
}

#[derive(Serialize)]
struct Defaults {
    chaos_store_size: usize,
}

/// Reads the settings from the environment.
///
/// # Errors
/// Names the setting that is missing.
pub fn from_env() -> Result<Settings, ConfigError> {
    let settings = environment::over(Defaults { chaos_store_size: 0 }, environment::variables());
    Ok(settings.extract().map_err(Box::new)?)
}
