//! Accounts at tracking providers.

use std::io::{IsTerminal, Read};

use app::tracking::account::AccountDraft;
use clap::Args;
use config::secret;
use domain::tracking::{POLL_SECONDS, Provider};
use domain::vault::Vault;
use secrecy::SecretString;

use super::World;
use super::error::{CliError, CliResult};
use super::operator::Note;
use super::output::line;

/// Longest token that is read from standard input.
const TOKEN_BYTES: u64 = 8192;

/// Arguments of `create-tracking-account`. The token is in TRACKING_TOKEN, else on standard input; it is sealed with
/// VAULT_KEY.
#[derive(Args)]
pub struct CreateTrackingAccount {
    /// Slug of the company.
    #[arg(long)]
    company: String,
    /// Wialon or GtfsRealtime.
    #[arg(long)]
    provider: Provider,
    /// Display name; unique in the company.
    #[arg(long)]
    name: String,
    /// Base URL of Wialon (`https://hst-api.wialon.com`), or URL of the file of vehicle positions.
    #[arg(long)]
    url: String,
    /// Seconds between two polls.
    #[arg(long, default_value_t = POLL_SECONDS)]
    poll_seconds: i32,
    #[command(flatten)]
    note: Note,
}

impl CreateTrackingAccount {
    /// Runs the command; prints the id.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let (by, vault) = (self.note.operator(&world.settings)?, vault(world)?);
        let company_id = app::company::named(&world.pool, &self.company).await?;
        let draft = AccountDraft {
            // A file of positions may not need a token.
            token: token(self.provider == Provider::Wialon)?,
            provider: self.provider,
            name: self.name,
            url: self.url,
            poll_seconds: self.poll_seconds,
        };
        let now = world.clock.now();
        let id = app::tracking::account::create_account(&world.pool, &vault, (now, &by), company_id, &draft).await?;
        line(id);
        Ok(())
    }
}

/// Arguments of `replace-tracking-token`. The token is in TRACKING_TOKEN, else on standard input; it is sealed with
/// VAULT_KEY.
#[derive(Args)]
pub struct ReplaceTrackingToken {
    /// Slug of the company.
    #[arg(long)]
    company: String,
    /// Name of the account.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    note: Note,
}

impl ReplaceTrackingToken {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let (by, vault) = (self.note.operator(&world.settings)?, vault(world)?);
        let company_id = app::company::named(&world.pool, &self.company).await?;
        let token = token(true)?.ok_or_else(|| CliError::Usage("token: is required".to_owned()))?;
        let now = world.clock.now();
        app::tracking::account::replace_token(&world.pool, &vault, (now, &by), company_id, &self.name, &token).await?;
        line("replaced");
        Ok(())
    }
}

/// Seals with the key of the settings.
pub fn vault(world: &World) -> CliResult<Vault> {
    Vault::new(&world.settings.vault_key).map_err(|e| CliError::Usage(e.to_string()))
}

/// The token from TRACKING_TOKEN or standard input. It is not an argument, since arguments are visible to all users of
/// the machine. On a terminal, a required token is prompted for.
fn token(is_needed: bool) -> CliResult<Option<SecretString>> {
    if let Some(token) = secret::tracking_token() {
        return Ok(Some(token));
    }
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        if !is_needed {
            return Ok(None);
        }
        eprintln!("token, then Ctrl-D:");
    }
    let mut text = String::new();
    stdin.take(TOKEN_BYTES).read_to_string(&mut text)?;
    Ok(Some(text.trim())
        .filter(|token| !token.is_empty())
        .map(|token| token.to_owned().into()))
}
