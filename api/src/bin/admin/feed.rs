//! Commands on whole feeds.

use app::timetable;
use chrono::SecondsFormat;
use clap::Args;

use super::World;
use super::error::CliResult;
use super::operator::Note;
use super::output::line;

/// Arguments of `feeds`.
#[derive(Args)]
pub struct Feeds {}

impl Feeds {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        for feed in timetable::feeds(&world.pool, world.clock.now()).await? {
            let imported = feed.imported_at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let state = match (feed.withdrawn_at, feed.days) {
                (Some(at), _) => format!("withdrawn {}", at.to_rfc3339_opts(SecondsFormat::Secs, true)),
                (None, Some((first, last))) => format!("{first}..{last}"),
                (None, None) => "no day on sale".to_owned(),
            };
            let mark = if feed.synthetic { " (SYNTHETIC)" } else { "" };
            line(format_args!(
                "{}{mark}  {state}  {} trips, {} stops, {} seats held  imported {imported}  companies: {}",
                feed.key,
                feed.trips,
                feed.stops,
                feed.seats_held,
                feed.companies.join(", ")
            ));
        }
        Ok(())
    }
}

/// Arguments of `withdraw-feed`.
#[derive(Args)]
pub struct WithdrawFeed {
    /// Key of the feed; `feeds` lists them.
    key: String,
    #[command(flatten)]
    note: Note,
}

impl WithdrawFeed {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        let done = timetable::withdraw_feed(&world.pool, world.clock.now(), &by, &self.key).await?;
        line(format_args!(
            "feed {}: {} trips are off sale; {} tickets stay as they were sold",
            self.key, done.trips, done.tickets
        ));
        Ok(())
    }
}

/// Arguments of `rename-feed`.
#[derive(Args)]
pub struct RenameFeed {
    /// Current key.
    old: String,
    /// New key: a slug, or company/slug for a feed of `--company`.
    new: String,
    #[command(flatten)]
    note: Note,
}

impl RenameFeed {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let by = self.note.operator(&world.settings)?;
        timetable::rename_feed(&world.pool, world.clock.now(), &by, &self.old, &self.new).await?;
        let options = match self.new.split_once('/') {
            Some((company, name)) => format!("--company {company} --feed {name}"),
            None => format!("--feed {}", self.new),
        };
        line(format_args!(
            "feed {} is feed {} now; import it with {options}",
            self.old, self.new
        ));
        Ok(())
    }
}
