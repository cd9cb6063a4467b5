//! Rate limits of partners.

use app::{self, rate_limit};
use clap::Args;
use domain::rate_limit::{Class, Limit, PartnerTier};

use super::World;
use super::error::{CliError, CliResult};
use super::operator::Note;
use super::output::line;

/// Arguments of `set-limits`.
#[derive(Args)]
pub struct SetLimits {
    /// Slug of the partner.
    #[arg(long)]
    partner: String,
    /// STANDARD or PREMIUM; unchanged if omitted.
    #[arg(long)]
    tier: Option<PartnerTier>,
    /// Limits that the partner's keys share instead of the tier's, such as search=100/60 (requests/seconds); they
    /// replace the existing ones. Without limits, those of the tier apply.
    limits: Vec<String>,
    #[command(flatten)]
    note: Note,
}

impl SetLimits {
    /// Runs the command, and prints what was agreed.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let mut own: Vec<(Class, Limit)> = Vec::new();
        for text in &self.limits {
            let (class, limit) = parse(text).map_err(|problem| CliError::Usage(format!("{text}: {problem}")))?;
            if own.iter().any(|(known, _)| *known == class) {
                return Err(CliError::Usage(format!("{class} is given twice")));
            }
            own.push((class, limit));
        }
        let by = self.note.operator(&world.settings)?;
        let partner_id = app::partner::named(&world.pool, &self.partner).await?;
        rate_limit::set(&world.pool, world.clock.now(), &by, partner_id, self.tier, &own).await?;
        let agreed = rate_limit::agreed(&world.pool, partner_id).await?;
        let own = agreed.own.iter().map(|(class, limit)| format!(" {class}={limit}"));
        line(format_args!("{}{}", agreed.tier, own.collect::<String>()));
        Ok(())
    }
}

fn parse(text: &str) -> Result<(Class, Limit), String> {
    let (class, limit) = text.split_once('=').ok_or("must be class=requests/seconds")?;
    let class = class
        .parse()
        .map_err(|e: domain::language::UnknownWord| e.to_string())?;
    let limit = limit
        .parse()
        .map_err(|e: domain::rate_limit::NotALimit| e.to_string())?;
    Ok((class, limit))
}
