//! Partners and their API keys.

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use rand::TryRng;
use rand::rngs::SysRng;

use super::World;
use super::error::{CliError, CliResult};
use super::operator::Note;
use super::output::line;

/// Arguments of `create-partner`.
#[derive(Args)]
pub struct CreatePartner {
    /// Name in URLs: unique, lower-case letters, digits and dashes.
    #[arg(long)]
    slug: String,
    /// Display name.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    note: Note,
}

impl CreatePartner {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        let id = app::partner::create(&world.pool, world.clock.now(), &by, &self.slug, &self.name).await?;
        line(id);
        Ok(())
    }
}

/// Arguments of `create-api-key`.
#[derive(Args)]
pub struct CreateApiKey {
    /// Slug of the partner.
    #[arg(long)]
    partner: String,
    /// Purpose of the key.
    #[arg(long)]
    name: String,
    /// A key text of 16 or more characters, for tests; random by default.
    #[arg(long)]
    key: Option<String>,
    #[command(flatten)]
    note: Note,
}

impl CreateApiKey {
    /// Runs the command. The key works in the environment of the settings only.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        let environment = &world.settings.environment;
        let key = match self.key {
            Some(key) => checked(&key)?.to_owned(),
            None => random(environment)?,
        };
        let partner_id = app::partner::named(&world.pool, &self.partner).await?;
        let now = world.clock.now();
        if !app::api_key::ensure(&world.pool, &by, partner_id, environment, &self.name, &key, now).await? {
            return Err(CliError::Usage("key: must not be an active key".to_owned()));
        }
        line(key);
        eprintln!("this key works in environment {environment:?}; it is not shown again");
        Ok(())
    }
}

/// Arguments of `list-keys`.
#[derive(Args)]
pub struct ListKeys {
    /// Slug of the partner.
    #[arg(long)]
    partner: String,
    /// Maximum number of keys, newest first.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

impl ListKeys {
    /// Runs the command: a line a key, its columns separated by tabs.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let partner_id = app::partner::named(&world.pool, &self.partner).await?;
        let (keys, total) = app::api_key::list(&world.pool, partner_id, self.limit, 0).await?;
        let shown = keys.len();
        for key in keys {
            let created = key.created_at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let at = |instant: Option<DateTime<Utc>>| match instant {
                Some(instant) => instant.to_rfc3339_opts(SecondsFormat::Secs, true),
                None => "-".to_owned(),
            };
            let (used, revoked) = (at(key.last_used_at), at(key.revoked_at));
            line(format_args!(
                "{}\t{}\t{}\t{}\tcreated {created}\tlast used {used}\trevoked {revoked}",
                key.id, key.hint, key.environment, key.name
            ));
        }
        if i64::try_from(shown).is_ok_and(|shown| shown < total) {
            eprintln!("{shown} of {total} keys; --limit lists more");
        }
        Ok(())
    }
}

/// Arguments of `revoke-key`.
#[derive(Args)]
pub struct RevokeKey {
    /// Id of the key, as `list-keys` prints it.
    #[arg(long)]
    key: String,
    #[command(flatten)]
    note: Note,
}

impl RevokeKey {
    /// Runs the command. Revoking a key again changes nothing.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        let (partner_id, id) = app::api_key::owner(&world.pool, &self.key).await?;
        app::api_key::revoke(&world.pool, &by, partner_id, id, world.clock.now()).await?;
        line("revoked");
        Ok(())
    }
}

/// A key text that can be sent in a header and is hard to guess.
pub fn checked(key: &str) -> CliResult<&str> {
    let good = (16..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    good.then_some(key)
        .ok_or_else(|| CliError::Usage("key: must be 16 to 255 printable ASCII characters without blanks".to_owned()))
}

/// A key text of 256 random bits from the operating system.
fn random(environment: &str) -> CliResult<String> {
    let mut secret = [0; 32];
    SysRng.try_fill_bytes(&mut secret).map_err(|e| CliError::failed(&e))?;
    Ok(app::api_key::key_text(environment, secret))
}
