//! Timetables.

use std::path::PathBuf;

use clap::Args;
use common::app::timetable::{ImportOptions, import};
use common::clients::gtfs_source;
use common::domain::gtfs::Window;
use common::domain::tariff::Tariff;

use super::World;
use super::error::{CliError, CliResult};
use super::output::say;

/// Arguments of `import-gtfs`.
#[derive(Args)]
pub struct ImportGtfs {
    /// Zip archive or folder.
    source: PathBuf,
    /// Key of the feed, instead of the one derived from its agency or file name. The same key again updates in place.
    #[arg(long)]
    feed: Option<String>,
    /// Slug of the company that runs all of it; its agencies become carriers.
    #[arg(long)]
    company: Option<String>,
    /// What stop pairs without a fare cost, such as EUR:2.00+0.055/km.
    #[arg(long)]
    tariff: Option<Tariff>,
    /// Seats of buses that vehicles.csv does not list; 50 unless told otherwise.
    #[arg(long)]
    seats: Option<i16>,
    /// List of buses, instead of vehicles.csv in or beside the feed.
    #[arg(long)]
    vehicles: Option<PathBuf>,
    /// Take these service days only: FROM..TO, such as 2026-11-01..2027-03-31.
    #[arg(long)]
    window: Option<Window>,
    /// Move the calendar by whole weeks so that the next 60 days are on sale.
    #[arg(long)]
    shift_calendar: bool,
    /// It is a feed of its own, however much it looks like one that is there already.
    #[arg(long)]
    new_feed: bool,
    /// Refuse the feed when any row is rejected.
    #[arg(long)]
    strict: bool,
    /// Write the whole report as JSON.
    #[arg(long)]
    report: Option<PathBuf>,
}

impl ImportGtfs {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let source = gtfs_source::read(&self.source, self.vehicles.as_deref())?;
        let options = ImportOptions {
            feed: self.feed,
            company: self.company,
            tariff: self.tariff,
            seats: self.seats,
            strict: self.strict,
            window: self.window,
            shift_calendar: self.shift_calendar,
            new_feed: self.new_feed,
        };
        let report = import(&world.pool, world.clock.now(), &source, &options).await?;
        say(&report);
        if let Some(path) = self.report {
            let json = serde_json::to_vec_pretty(&report)?;
            std::fs::write(&path, json).map_err(|e| CliError::Failed(format!("{}: {e}", path.display())))?;
        }
        Ok(())
    }
}
