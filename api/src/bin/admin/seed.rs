//! Demo data for a first look at the platform; all of it is invented and labelled SYNTHETIC.

use std::path::{Path, PathBuf};

use app::discount::NewDiscount;
use app::exchange_rate::Rate;
use app::ops::Operator;
use app::timetable::{ImportOptions, Outcome, import};
use app::tracking::account::AccountDraft;
use app::user::UserDraft;
use clap::Args;
use clients::gtfs_source;
use config::{DemoCredentials, DemoTracking};
use domain::access_grant::AccessGrant;
use domain::discount::DiscountRule;
use domain::money::Currency::{self, Czk, Eur, Pln, Uah, Usd};
use domain::party::{ContextType, WorkplaceName};
use domain::refund_rule::RefundTier;
use domain::role::Role;
use domain::tracking::{POLL_SECONDS, Provider};
use rust_decimal::{Decimal, dec};
use secrecy::{ExposeSecret, SecretString};

use super::error::{CliError, CliResult};
use super::output::{line, say};
use super::partner::checked;
use super::{World, city, tracking};

pub mod sales;

/// The company that has discounts, and where the first demo user works.
const COMPANY: &str = "demo-karpaty";

/// The partner for which the second demo user works.
const PARTNER: &str = "demo";

/// Invented rates, close to those of late 2026.
const RATES: [(Currency, Currency, Decimal); 10] = [
    (Eur, Uah, dec!(48.70)),
    (Usd, Uah, dec!(42.00)),
    (Pln, Uah, dec!(11.45)),
    (Czk, Uah, dec!(2.00)),
    (Eur, Pln, dec!(4.2533)),
    (Eur, Czk, dec!(24.35)),
    (Eur, Usd, dec!(1.1595)),
    (Usd, Pln, dec!(3.6681)),
    (Usd, Czk, dec!(21.00)),
    (Pln, Czk, dec!(5.725)),
];

/// Refund tiers of the demo companies.
const REFUND_RULES: [(&str, &[&str]); 3] = [
    (COMPANY, &["72h:90%", "24h:50%", "0h:0%"]),
    ("demo-wisla", &["48h:80%", "12h:40%"]),
    ("demo-danubiu", &["96h:100%", "48h:10.00EUR"]),
];

/// Arguments of `seed-demo`. Keys and password come from API_KEY, API_KEY_2, BACKOFFICE_EMAIL, BACKOFFICE_PASSWORD,
/// PARTNER_EMAIL, PARTNER_PASSWORD, OPS_EMAIL, OPS_PASSWORD; the tracking provider from TRACKING_URL and
/// TRACKING_TOKEN, none when these are blank.
#[derive(Args)]
pub struct SeedDemo {
    /// Folder of the demo feeds, with vehicles.csv and cities.csv (names).
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// File of cities; by default, cities-europe-15000.csv in the folder above the data.
    #[arg(long)]
    cities: Option<PathBuf>,
}

impl SeedDemo {
    /// Runs the command. What people changed since stays.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let credentials = DemoCredentials::from_env()?;
        let cities = self
            .cities
            .unwrap_or_else(|| self.data.join("..").join("cities-europe-15000.csv"));
        city::load(world, &demo()?, &cities, Some(&self.data.join("cities.csv"))).await?;
        feeds(world, &self.data).await?;
        let rates = RATES.map(|(base, quote, rate)| Rate { base, quote, rate });
        app::exchange_rate::set_missing(&world.pool, world.clock.now(), &demo()?, &rates).await?;
        for (company, tiers) in REFUND_RULES {
            let company_id = app::company::named(&world.pool, company).await?;
            let tiers: Result<Vec<RefundTier>, _> = tiers.iter().map(|tier| tier.parse()).collect();
            let tiers = tiers.map_err(|e| CliError::failed(&e))?;
            app::refund_rule::set_missing(&world.pool, world.clock.now(), &demo()?, company_id, &tiers).await?;
        }
        partner(world, PARTNER, credentials.api_key.expose_secret()).await?;
        partner(world, "demo-two", credentials.api_key_2.expose_secret()).await?;
        let DemoCredentials { email, password, .. } = &credentials;
        person(world, email, password, admin(ContextType::Company, COMPANY)).await?;
        let (email, password) = (&credentials.partner_email, &credentials.partner_password);
        person(world, email, password, admin(ContextType::Partner, PARTNER)).await?;
        let (email, password) = (&credentials.ops_email, &credentials.ops_password);
        person(world, email, password, AccessGrant::operator()).await?;
        discounts(world).await?;
        tracking_accounts(world).await
    }
}

/// Imports every folder that contains a feed, with the next 60 days on sale.
async fn feeds(world: &World, data: &Path) -> CliResult<()> {
    let failed = |e| CliError::Failed(format!("{}: {e}", data.display()));
    let entries = std::fs::read_dir(data).map_err(failed)?;
    let mut folders: Vec<PathBuf> = entries
        .map(|e| e.map(|e| e.path()))
        .collect::<Result<_, _>>()
        .map_err(failed)?;
    folders.retain(|folder| folder.join("agency.txt").is_file());
    folders.sort_unstable();
    let options = ImportOptions {
        shift_calendar: true,
        by: Some(demo()?),
        ..ImportOptions::default()
    };
    for folder in folders {
        let source = gtfs_source::read(&folder, None)?;
        let report = import(&world.pool, world.clock.now(), &source, &options).await?;
        match report.outcome {
            Outcome::Unchanged => line(format_args!("feed {}: unchanged", report.feed)),
            Outcome::New | Outcome::Updated => say(report),
        }
    }
    Ok(())
}

async fn partner(world: &World, slug: &str, key: &str) -> CliResult<()> {
    let now = world.clock.now();
    let partner_id =
        app::partner::ensure(&world.pool, now, &demo()?, slug, &format!("Partner {slug} (SYNTHETIC)")).await?;
    app::api_key::ensure(
        &world.pool,
        &demo()?,
        partner_id,
        &world.settings.environment,
        "demo",
        checked(key)?,
        now,
    )
    .await?;
    line(format_args!("partner {slug}: {partner_id}"));
    Ok(())
}

/// The access of an administrator of a company or a partner.
fn admin(context: ContextType, slug: &str) -> AccessGrant {
    AccessGrant {
        place: WorkplaceName {
            context,
            slug: slug.to_owned(),
        },
        role: Role::Admin,
    }
}

/// This command, for the audit trail.
fn demo() -> CliResult<Operator> {
    Ok(Operator::new("cli:seed-demo", "demo", None)?)
}

/// A user with one access.
async fn person(world: &World, email: &str, password: &SecretString, access: AccessGrant) -> CliResult<()> {
    let place = access.place.to_string();
    let draft = UserDraft {
        email: email.to_owned(),
        first_name: "Demo".to_owned(),
        last_name: "Admin (SYNTHETIC)".to_owned(),
        password: password.clone(),
        accesses: vec![access],
    };
    let id = app::user::ensure(&world.pool, world.clock.now(), &demo()?, &draft).await?;
    line(format_args!("person at {place}: {id}"));
    Ok(())
}

async fn discounts(world: &World) -> CliResult<()> {
    let company_id = app::company::named(&world.pool, COMPANY).await?;
    let discount = |name: &str, rule, amount, currency| NewDiscount {
        name: format!("{name} (SYNTHETIC)"),
        rule,
        amount,
        currency,
        start_date: None,
        end_date: None,
    };
    for new in [
        discount("Student", DiscountRule::Percent, dec!(10), None),
        discount("Welcome", DiscountRule::Fixed, dec!(50), Some(Uah)),
    ] {
        let id = app::discount::ensure(&world.pool, world.clock.now(), &demo()?, company_id, &new).await?;
        line(format_args!("discount {}: {id}", new.name));
    }
    Ok(())
}

/// Creates an account at the tracking provider of the settings for every demo company; the token names the company.
async fn tracking_accounts(world: &World) -> CliResult<()> {
    let Some(DemoTracking { url, token }) = DemoTracking::from_env()? else {
        line("no tracking provider: TRACKING_URL is not set");
        return Ok(());
    };
    let vault = tracking::vault(world)?;
    for (company, _) in REFUND_RULES {
        let company_id = app::company::named(&world.pool, company).await?;
        let name = "Fleet (SYNTHETIC)";
        let draft = AccountDraft {
            provider: Provider::Wialon,
            name: name.to_owned(),
            url: url.clone(),
            token: Some(format!("{company}:{}", token.expose_secret()).into()),
            poll_seconds: POLL_SECONDS,
        };
        let (now, by) = (world.clock.now(), demo()?);
        let id = app::tracking::account::ensure_account(&world.pool, &vault, (now, &by), company_id, &draft).await?;
        line(format_args!("tracking account of {company}: {id}"));
    }
    Ok(())
}
