//! Doubtful matches: departures of a new timetable that may match departures already sold.

use app::timetable::Side;
use app::timetable::{self, MatchDecision};
use clap::{Args, ValueEnum};
use domain::id::DepartureMatchId;
use domain::zone::Zone;

use super::World;
use super::error::CliResult;
use super::operator::Note;
use super::output::line;

/// Arguments of `doubtful-matches`.
#[derive(Args)]
pub struct DoubtfulMatches {
    /// Only matches of the feed with this key.
    #[arg(long)]
    feed: Option<String>,
    /// Maximum number of matches.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

impl DoubtfulMatches {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let now = world.clock.now();
        let (matches, total) = timetable::matches(&world.pool, now, self.feed.as_deref(), self.limit).await?;
        for one in &matches {
            let later = (one.candidate.departs_at - one.sold.departs_at).num_minutes();
            line(format_args!("{}  feed {}", one.id, one.feed));
            line(format_args!("  sold:      {}", describe(&one.sold)));
            line(format_args!(
                "  candidate: {} ({later:+} min)",
                describe(&one.candidate)
            ));
        }
        let shown = i64::try_from(matches.len()).unwrap_or(i64::MAX);
        if shown < total {
            line(format_args!("... and {} more", total - shown));
        }
        if total == 0 {
            line("no doubtful matches");
        }
        Ok(())
    }
}

fn describe(side: &Side) -> String {
    let clock = |at| match Zone::named(&side.time_zone) {
        Ok(zone) => zone.local(at).format("%Y-%m-%d %H:%M").to_string(),
        Err(_) => format!("{at}"),
    };
    let (departs, arrives) = (clock(side.departs_at), clock(side.arrives_at));
    format!(
        "trip {:?} {departs} {} -> {arrives} {}, bus {} with {} seats, {} held",
        side.trip, side.from, side.to, side.bus, side.seats, side.held
    )
}

/// A decision about a match.
#[derive(Clone, Copy, ValueEnum)]
enum Answer {
    /// The tickets move to the candidate, which then is on sale with the remaining seats.
    SameRun,
    /// The candidate is on sale as a separate departure; the tickets do not move.
    AnotherRun,
}

/// Arguments of `resolve-match`.
#[derive(Args)]
pub struct ResolveMatch {
    /// Id of the match, `dma_...`.
    id: DepartureMatchId,
    /// What the candidate is.
    #[arg(value_enum)]
    answer: Answer,
    /// The same for these two trips on all other days with a doubtful match.
    #[arg(long)]
    all_days: bool,
    #[command(flatten)]
    note: Note,
}

impl ResolveMatch {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let verdict = match self.answer {
            Answer::SameRun => MatchDecision::SameRun,
            Answer::AnotherRun => MatchDecision::AnotherRun,
        };
        let by = self.note.operator(&world.settings)?;
        let done = timetable::resolve(&world.pool, world.clock.now(), &by, self.id, verdict, self.all_days).await?;
        line(format_args!(
            "{} matches settled, {} tickets moved, {} departures on sale again",
            done.matches, done.tickets, done.reopened
        ));
        Ok(())
    }
}
