//! The operator who runs a command, and the reason, for the audit trail.

use app::ops::Operator;
use clap::Args;
use config::Settings;

use super::error::{CliError, CliResult};

/// Characters that a name may have.
const MAX_NAME: usize = 64;

/// The reason where none is required and none is given.
const NOT_STATED: &str = "not stated";

/// The name where none is required, none is given, and USER is not set.
const UNKNOWN: &str = "unknown";

/// Arguments of every command that handles queues or jobs.
#[derive(Args)]
pub struct Because {
    /// Reason, in one line, for the audit trail.
    #[arg(long)]
    reason: String,
    /// Name of the operator, for the audit trail; by default the value of USER.
    #[arg(long)]
    by: Option<String>,
}

/// Arguments of every other command that changes something: people, keys, terms, feeds. Outside production they need not
/// say why, because these commands run in scripts that set a platform up.
#[derive(Args)]
pub struct Note {
    /// Reason, in one line, for the audit trail; required if ENVIRONMENT is production.
    #[arg(long)]
    reason: Option<String>,
    /// Name of the operator, for the audit trail; by default the value of USER.
    #[arg(long)]
    by: Option<String>,
}

impl Note {
    /// The operator and the reason. Outside production, a script without USER is `cli:unknown`.
    ///
    /// # Errors
    /// Usage: name or reason cannot be stored; in production also if one is missing.
    pub fn operator(self, settings: &Settings) -> CliResult<Operator> {
        let is_production = settings.is_production();
        let Some(reason) = self.reason.or_else(|| (!is_production).then(|| NOT_STATED.to_owned())) else {
            let text = "--reason must say why this is done: ENVIRONMENT is production";
            return Err(CliError::Usage(text.to_owned()));
        };
        let name = name(self.by).or_else(|| (!is_production).then(|| UNKNOWN.to_owned()));
        operator(name, &reason)
    }
}

impl Because {
    /// The operator and the reason.
    ///
    /// # Errors
    /// Usage: the name is missing, or name or reason cannot be stored.
    pub fn operator(self) -> CliResult<Operator> {
        operator(name(self.by), &self.reason)
    }
}

/// The name that was given, or else that of the person at the terminal.
fn name(by: Option<String>) -> Option<String> {
    by.or_else(config::user_name)
}

fn operator(name: Option<String>, reason: &str) -> CliResult<Operator> {
    let name = name.ok_or_else(|| CliError::Usage("--by must name who does this: USER is not set".to_owned()))?;
    let fits = (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    if !fits {
        let text = format!("--by must be 1 to {MAX_NAME} printable ASCII characters without blanks");
        return Err(CliError::Usage(text));
    }
    Ok(Operator::new(format!("cli:{name}"), reason, None)?)
}
