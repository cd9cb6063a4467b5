//! Checks the invariants over the whole database, or prints the results of the last checks.

use app::invariant::{self, Checked};
use chrono::SecondsFormat;
use clap::Args;

use super::World;
use super::error::{CliError, CliResult};
use super::output::line;

/// Arguments of `check`.
#[derive(Args)]
pub struct Check {
    /// Print what schedulers and workers found last, at once, instead of looking at everything.
    #[arg(long)]
    latest: bool,
}

impl Check {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let began = world.clock.now();
        let results = if self.latest {
            invariant::latest(&world.pool).await?
        } else {
            invariant::check(&world.pool, &world.clock).await?
        };
        line(format_args!("{:<28}{:>10}  examples", "rule", "violations"));
        for result in &results {
            let age = match result.checked_at {
                Some(at) if !self.latest && at >= began => String::new(),
                Some(at) => format!("(at {})", at.to_rfc3339_opts(SecondsFormat::Secs, true)),
                None if result.rule.is_about_files() => {
                    "(never checked: the worker of the queue report does it each minute)".to_owned()
                }
                None => "(never checked: a scheduler does it each minute)".to_owned(),
            };
            let notes: Vec<&str> = result
                .examples
                .iter()
                .map(String::as_str)
                .chain([age.as_str()])
                .collect();
            let (rule, violations, notes) = (result.rule.name(), result.violations, notes.join(" "));
            line(
                format_args!("{rule:<28}{violations:>10}  {notes}")
                    .to_string()
                    .trim_end(),
            );
        }
        let broken: Vec<&Checked> = results.iter().filter(|result| result.violations > 0).collect();
        for result in &broken {
            line(format_args!("{}: {}", result.rule, result.rule.meaning()));
        }
        match broken.len() {
            0 => Ok(()),
            1 => Err(CliError::Failed("1 rule is broken".to_owned())),
            number => Err(CliError::Failed(format!("{number} rules are broken"))),
        }
    }
}
