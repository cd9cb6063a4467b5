//! Exchange rates.

use app::exchange_rate::Rate;
use clap::Args;
use domain::money::Currency;
use rust_decimal::Decimal;

use super::World;
use super::error::CliResult;
use super::operator::Note;
use super::output::line;

/// Arguments of `set-rate`: `EUR UAH 48.70` means that one euro costs 48.70 hryvnias.
#[derive(Args)]
pub struct SetRate {
    /// Base currency.
    base: Currency,
    /// Currency of the price.
    quote: Currency,
    /// Price of one unit of the base currency.
    rate: Decimal,
    #[command(flatten)]
    note: Note,
}

impl SetRate {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let Self {
            base,
            quote,
            rate,
            note,
        } = self;
        let by = note.operator(&world.settings)?;
        let rates = [Rate { base, quote, rate }];
        let changed = app::exchange_rate::set(&world.pool, world.clock.now(), &by, &rates).await?;
        line(if changed > 0 { "set" } else { "unchanged" });
        Ok(())
    }
}
