//! Stories: events in chronological order.

use app::error::AppError;
use app::story::{self, StoryId};
use chrono::SecondsFormat;
use clap::Args;

use super::World;
use super::error::{CliError, CliResult};
use super::output::line;

/// Arguments of `story`.
#[derive(Args)]
pub struct Story {
    /// Id of a booking (bkg_), an order (ord_), a message (ntf_), a report (rpt_), an uploaded timetable (tup_), a job
    /// (job_) or a request, or the reference of a booking or an order.
    id: StoryId,
}

impl Story {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let story = match story::tell(&world.pool, world.clock.now(), &self.id).await {
            Err(AppError::NotFound(_)) => return Err(CliError::Failed(unknown(&self.id))),
            story => story?,
        };
        for entry in &story.entries {
            let at = entry.at.to_rfc3339_opts(SecondsFormat::Millis, true);
            let (kind, id, text) = (entry.kind.word(), &entry.id, &entry.text);
            let ids = match entry.ids.join(" ") {
                ids if ids.is_empty() => ids,
                ids => format!("  [{ids}]"),
            };
            line(format_args!("{at}  {kind:<10}  {id}  {text}{ids}"));
        }
        if story.is_cut {
            line("... and more: ask about a single order, message or job");
        }
        Ok(())
    }
}

/// That there is no story. A request that was refused, or that only read, has left nothing but its log line.
fn unknown(id: &StoryId) -> String {
    let nothing = format!("nothing is known of {id}");
    if matches!(id, StoryId::Request(_)) {
        format!("{nothing}: the request changed nothing; search the log for it")
    } else {
        nothing
    }
}
