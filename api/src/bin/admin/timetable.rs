//! Timetables.

use std::path::{Path, PathBuf};

use app::timetable::{ImportOptions, fetch_and_import, fetch_and_preview, import, preview};
use clap::Args;
use clients::gtfs_source::{self, Address, Fetcher, MOST_DOWNLOAD, SourceError};
use domain::gtfs::fares::SeveralFares;
use domain::gtfs::{FareTerms, Window};
use domain::tariff::Tariff;

use super::World;
use super::error::{CliError, CliResult};
use super::operator::Note;
use super::output::{line, say};

/// Arguments of `import-gtfs`.
#[derive(Args)]
pub struct ImportGtfs {
    /// Zip archive, folder, or the http or https address of an archive.
    source: String,
    /// Key of the feed, instead of the one derived from its agency or file name. The same key again updates in place.
    #[arg(long)]
    feed: Option<String>,
    /// Slug of the company that runs all trips of the feed; the agencies of the feed become its carriers.
    #[arg(long)]
    company: Option<String>,
    /// Tariff for pairs of stops without a fare, such as EUR:2.00+0.055/km.
    #[arg(long)]
    tariff: Option<Tariff>,
    /// Number of seats of buses that vehicles.csv does not list; 50 by default.
    #[arg(long)]
    seats: Option<i16>,
    /// List of buses, instead of vehicles.csv in or beside the feed.
    #[arg(long)]
    vehicles: Option<PathBuf>,
    /// Import these service days only: FROM..TO, such as 2026-11-01..2027-03-31.
    #[arg(long)]
    window: Option<Window>,
    /// Move the calendar by whole weeks so that the next 60 days are on sale.
    #[arg(long)]
    shift_calendar: bool,
    /// Import as a separate feed, even if it resembles an existing one.
    #[arg(long)]
    new_feed: bool,
    /// What to do where several fares apply to the same pair and it is unclear which is the adult fare: highest (the
    /// default), lowest, withhold (do not sell the pair), refuse (the feed).
    #[arg(long)]
    several_fares: Option<SeveralFares>,
    /// A fare for adults (fare_id or fare_product_id; a final * matches any rest). May be repeated.
    #[arg(long, value_name = "ID")]
    adult_fare: Vec<String>,
    /// A fare to ignore. May be repeated.
    #[arg(long, value_name = "ID")]
    leave_out_fare: Vec<String>,
    /// Print what the import would do, and change nothing. Sales on the departures concerned wait meanwhile.
    #[arg(long)]
    dry_run: bool,
    /// Refuse the feed if any row is rejected.
    #[arg(long)]
    strict: bool,
    /// Write the whole report as JSON.
    #[arg(long)]
    report: Option<PathBuf>,
    #[command(flatten)]
    note: Note,
}

impl ImportGtfs {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        // A dry run changes nothing, so it needs no reason.
        let by = (!self.dry_run).then(|| self.note.operator(&world.settings));
        let options = ImportOptions {
            feed: self.feed,
            company: self.company,
            tariff: self.tariff,
            seats: self.seats,
            strict: self.strict,
            window: self.window,
            shift_calendar: self.shift_calendar,
            new_feed: self.new_feed,
            owner: None,
            by: by.transpose()?,
            fares: FareTerms {
                several: self.several_fares.unwrap_or_default(),
                adult: self.adult_fare,
                left_out: self.leave_out_fare,
            },
        };
        let now = world.clock.now();
        let report = if Address::is_meant_by(&self.source) {
            let address = Address::parse(&self.source).map_err(SourceError::from)?;
            let vehicles = self.vehicles.as_deref().map(gtfs_source::read_vehicles).transpose()?;
            let fetcher = Fetcher::new(gtfs_source::TIMEOUTS, MOST_DOWNLOAD)?;
            if self.dry_run {
                fetch_and_preview(&world.pool, now, &fetcher, &address, vehicles, &options).await?
            } else {
                fetch_and_import(&world.pool, now, &fetcher, &address, vehicles, &options).await?
            }
        } else {
            let source = gtfs_source::read(Path::new(&self.source), self.vehicles.as_deref())?;
            if self.dry_run {
                preview(&world.pool, now, &source, &options).await?
            } else {
                import(&world.pool, now, &source, &options).await?
            }
        };
        if self.dry_run {
            line("dry run: nothing was changed; the import would do this");
        }
        say(&report);
        if let Some(path) = self.report {
            let json = serde_json::to_vec_pretty(&report)?;
            std::fs::write(&path, json).map_err(|e| CliError::Failed(format!("{}: {e}", path.display())))?;
        }
        Ok(())
    }
}
