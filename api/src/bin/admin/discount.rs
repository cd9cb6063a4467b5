//! Discounts.

use app::discount::NewDiscount;
use app::work::Work;
use chrono::NaiveDate;
use clap::Args;
use domain::discount::DiscountRule;
use domain::money::Currency;
use rust_decimal::Decimal;

use super::World;
use super::error::CliResult;
use super::operator::Note;
use super::output::line;

/// Arguments of `create-discount`.
#[derive(Args)]
pub struct CreateDiscount {
    /// Slug of the company.
    #[arg(long)]
    company: String,
    /// Display name; unique in the company.
    #[arg(long)]
    name: String,
    /// Percent or Fixed.
    #[arg(long)]
    rule: DiscountRule,
    /// A percentage or an amount.
    #[arg(long)]
    amount: Decimal,
    /// Currency of a fixed amount.
    #[arg(long)]
    currency: Option<Currency>,
    /// First day of sale on which it applies.
    #[arg(long)]
    start: Option<NaiveDate>,
    /// Last day of sale on which it applies.
    #[arg(long)]
    end: Option<NaiveDate>,
    #[command(flatten)]
    note: Note,
}

impl CreateDiscount {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        let company_id = app::company::named(&world.pool, &self.company).await?;
        let discount = NewDiscount {
            name: self.name,
            rule: self.rule,
            amount: self.amount,
            currency: self.currency,
            start_date: self.start,
            end_date: self.end,
        };
        let work = Work::Own(world.pool.clone());
        let id = app::discount::create(&work, world.clock.now(), &by, company_id, &discount).await?;
        line(id);
        Ok(())
    }
}
