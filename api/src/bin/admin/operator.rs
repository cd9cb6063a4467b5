//! The operator who runs a command, and the reason, for the audit trail.

use app::ops::Operator;
use clap::Args;

use super::error::{CliError, CliResult};

/// Characters that a name may have.
const MAX_NAME: usize = 64;

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

/// Arguments of every other command that changes something: people, keys, terms, feeds. They need not say why, because
/// these commands run in scripts that set a platform up.
#[derive(Args)]
pub struct Note {
    /// Reason, in one line, for the audit trail.
    #[arg(long, default_value = "not stated")]
    reason: String,
    /// Name of the operator, for the audit trail; by default the value of USER.
    #[arg(long)]
    by: Option<String>,
}

impl Note {
    /// The operator and the reason. A script without USER is `cli:unknown`.
    ///
    /// # Errors
    /// As [`Because::operator`], except for a missing name.
    pub fn operator(self) -> CliResult<Operator> {
        let by = self
            .by
            .or_else(config::user_name)
            .or_else(|| Some("unknown".to_owned()));
        Because {
            reason: self.reason,
            by,
        }
        .operator()
    }
}

impl Because {
    /// The operator and the reason.
    ///
    /// # Errors
    /// Usage: the name is missing, or name or reason cannot be stored.
    pub fn operator(self) -> CliResult<Operator> {
        let name = self.by.or_else(config::user_name);
        let name = name.ok_or_else(|| CliError::Usage("--by must name who does this: USER is not set".to_owned()))?;
        let fits = (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            let text = format!("--by must be 1 to {MAX_NAME} printable ASCII characters without blanks");
            return Err(CliError::Usage(text));
        }
        Ok(Operator::new(format!("cli:{name}"), &self.reason, None)?)
    }
}
