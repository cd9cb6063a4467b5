//! Companies, what they let partners do, and their refund tiers.

use app::company::NewCompany;
use clap::Args;
use domain::company::PartnerAccess;
use domain::refund_rule::RefundTier;

use super::World;
use super::error::CliResult;
use super::operator::Note;
use super::output::line;

/// Arguments of `create-company`.
#[derive(Args)]
pub struct CreateCompany {
    /// Name in URLs; unique.
    #[arg(long)]
    slug: String,
    /// Display name.
    #[arg(long)]
    name: String,
    /// IANA time zone; days of reports and discounts are days in it.
    #[arg(long)]
    time_zone: String,
    /// E-mail address.
    #[arg(long)]
    email: Option<String>,
    /// URL of the web site.
    #[arg(long)]
    website: Option<String>,
    /// Minutes before boarding at which a departure closes for sale.
    #[arg(long, default_value_t = 0)]
    sales_cutoff_minutes: i32,
    /// Hours before boarding until which paid tickets can be canceled.
    #[arg(long)]
    cancellation_cutoff_hours: Option<i32>,
    /// Slug of the company that sells on its behalf; offers name it as partnerCompany.
    #[arg(long)]
    partner_company: Option<String>,
    #[command(flatten)]
    note: Note,
}

impl CreateCompany {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        let partner_company_id = match &self.partner_company {
            Some(slug) => Some(app::company::named(&world.pool, slug).await?),
            None => None,
        };
        let company = NewCompany {
            slug: self.slug,
            name: self.name,
            email: self.email,
            website: self.website,
            time_zone: self.time_zone,
            sales_cutoff_minutes: self.sales_cutoff_minutes,
            cancellation_cutoff_hours: self.cancellation_cutoff_hours,
            partner_company_id,
        };
        let id = app::company::create(&world.pool, world.clock.now(), &by, &company).await?;
        line(id);
        Ok(())
    }
}

/// Arguments of `set-permissions`.
#[derive(Args)]
pub struct SetPermissions {
    /// Slug of the company.
    #[arg(long)]
    company: String,
    /// Slug of the partner.
    #[arg(long)]
    partner: String,
    /// Any of SEARCH, BOOK, CANCEL, separated by commas; blank forbids everything. By default everything is allowed.
    #[arg(long, value_delimiter = ',', required = true, num_args = 0..)]
    accesses: Vec<String>,
    #[command(flatten)]
    note: Note,
}

impl SetPermissions {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        let words = self
            .accesses
            .iter()
            .map(|word| word.trim())
            .filter(|word| !word.is_empty());
        let accesses: Result<Vec<PartnerAccess>, _> = words.map(str::parse).collect();
        let accesses = accesses.map_err(|e| super::error::CliError::Usage(format!("accesses: {e}")))?;
        let company_id = app::company::named(&world.pool, &self.company).await?;
        let partner_id = app::partner::named(&world.pool, &self.partner).await?;
        let now = world.clock.now();
        let changed = app::permission::set(&world.pool, now, &by, company_id, partner_id, &accesses).await?;
        line(if changed { "set" } else { "unchanged" });
        Ok(())
    }
}

/// Arguments of `set-refund-rules`.
#[derive(Args)]
pub struct SetRefundRules {
    /// Slug of the company.
    #[arg(long)]
    company: String,
    /// Tiers, such as 72h:90% 24h:50% or 48h:10.00EUR; they replace the existing ones. Without tiers, nothing is
    /// refunded.
    tiers: Vec<RefundTier>,
    #[command(flatten)]
    note: Note,
}

impl SetRefundRules {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let company_id = app::company::named(&world.pool, &self.company).await?;
        let (now, by) = (world.clock.now(), self.note.operator(&world.settings)?);
        let changed = app::refund_rule::set(&world.pool, now, &by, company_id, &self.tiers).await?;
        line(if changed { "set" } else { "unchanged" });
        Ok(())
    }
}
