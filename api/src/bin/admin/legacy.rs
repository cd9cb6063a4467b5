//! Closing and opening the old partner API by hand.

use clap::Args;

use super::World;
use super::error::CliResult;
use super::operator::Note;
use super::output::line;

/// Arguments of `close-legacy` and `open-legacy`.
#[derive(Args)]
pub struct Legacy {
    /// Slug of the partner.
    #[arg(long)]
    partner: String,
    #[command(flatten)]
    note: Note,
}

impl Legacy {
    /// Closes it for the partner, from the next call on.
    pub async fn close(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        let partner_id = app::partner::named(&world.pool, &self.partner).await?;
        let closed = app::legacy::close(&world.pool, world.clock.now(), &by, partner_id).await?;
        line(if closed { "closed" } else { "was closed already" });
        Ok(())
    }

    /// Opens it for the partner; its 30 days without a call begin now.
    pub async fn open(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        let partner_id = app::partner::named(&world.pool, &self.partner).await?;
        app::legacy::open(&world.pool, world.clock.now(), &by, partner_id).await?;
        line("open");
        Ok(())
    }
}
