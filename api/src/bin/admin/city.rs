//! Cities.

use std::path::{Path, PathBuf};

use app::ops::Operator;
use clap::Args;

use super::World;
use super::error::{CliError, CliResult};
use super::operator::Note;
use super::output::say;

/// Arguments of `import-cities`.
#[derive(Args)]
pub struct ImportCities {
    /// CSV with geonameid, slug, name, country, timezone, lat, lon, population.
    list: PathBuf,
    /// CSV with geonameid and name_uk, name_pl, name_cs, name_en, name_ru; names may be missing.
    #[arg(long)]
    names: Option<PathBuf>,
    #[command(flatten)]
    note: Note,
}

impl ImportCities {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        load(
            world,
            &self.note.operator(&world.settings)?,
            &self.list,
            self.names.as_deref(),
        )
        .await
    }
}

/// Loads cities and prints the report.
pub async fn load(world: &World, by: &Operator, list: &Path, names: Option<&Path>) -> CliResult<()> {
    let list = read(list)?;
    let names = names.map(read).transpose()?;
    let by = (world.clock.now(), by);
    let report = app::city::import(&world.pool, Some(by), &list, names.as_deref()).await?;
    say(report);
    Ok(())
}

fn read(path: &Path) -> CliResult<Vec<u8>> {
    std::fs::read(path).map_err(|e| CliError::Failed(format!("{}: {e}", path.display())))
}
