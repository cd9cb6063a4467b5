//! Checks the invariants over the whole database and all files, or prints the results of the last checks.

use std::sync::Arc;

use app::invariant::files::{self, FileCheck};
use app::invariant::{self, Checked, LASTING};
use chrono::SecondsFormat;
use clap::Args;
use storage::Storage;

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
        let (results, trouble) = if self.latest {
            (invariant::latest(&world.pool).await?, None)
        } else {
            let mut results = invariant::check(&world.pool, &world.clock, LASTING).await?;
            let trouble = check_files(world, &mut results).await;
            (results, trouble)
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
        let rules = match broken.len() {
            0 => None,
            1 => Some("1 rule is broken".to_owned()),
            number => Some(format!("{number} rules are broken")),
        };
        let files = trouble.map(|error| format!("the files could not be checked: {error}"));
        let problems: Vec<String> = rules.into_iter().chain(files).collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(CliError::Failed(problems.join("; ")))
        }
    }
}

/// Looks for all files if the settings name the store, and puts the results in place of those of the worker. Returns why
/// they could not be checked, be it a setting or the store: that does not hide the other results, which took minutes.
async fn check_files(world: &World, results: &mut [Checked]) -> Option<String> {
    if world.settings.storage_url.is_empty() {
        return None;
    }
    let storage = match Storage::new(&world.settings) {
        Ok(storage) => Arc::new(storage),
        Err(error) => return Some(error.to_string()),
    };
    let check = FileCheck {
        pool: world.pool.clone(),
        storage,
        clock: world.clock.clone(),
    };
    let checked = match files::check(&check, LASTING).await {
        Ok(checked) => checked,
        Err(error) => return Some(error.to_string()),
    };
    for new in checked {
        if let Some(old) = results.iter_mut().find(|old| old.rule == new.rule) {
            *old = new;
        }
    }
    None
}
