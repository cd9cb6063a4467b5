//! Lists of jobs and of their errors.

use std::str::FromStr;

use app::ops;
use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use ledger::inspect::{Filter, JobRow, State};

use super::super::World;
use super::super::error::CliResult;
use super::super::output::{instant, line};
use super::Selection;

/// Arguments of `jobs list`.
#[derive(Args)]
pub struct List {
    #[command(flatten)]
    states: States,
    #[command(flatten)]
    which: Selection,
    /// Maximum number of jobs.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

/// Arguments of `jobs errors`.
#[derive(Args)]
pub struct Errors {
    #[command(flatten)]
    states: States,
    #[command(flatten)]
    which: Selection,
}

/// The state of the jobs that are listed.
#[derive(Args)]
struct States {
    /// ready, sent, running, done, dead (the default), canceled; or stuck: past their deadline, or running longer than
    /// 99 of 100 jobs of their kind.
    #[arg(long)]
    state: Option<Listed>,
    /// Short for --state stuck.
    #[arg(long, conflicts_with = "state")]
    stuck: bool,
}

/// What can be listed.
#[derive(Debug, Clone, Copy)]
enum Listed {
    /// Jobs in a state.
    In(State),
    /// Stuck jobs.
    Stuck,
}

impl FromStr for Listed {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "stuck" => Ok(Self::Stuck),
            name => (name.parse().map(Self::In)).map_err(|error| format!("{error} stuck")),
        }
    }
}

impl States {
    fn filter(self, which: Selection, now: DateTime<Utc>) -> Filter {
        let (state, is_stuck) = match self.state {
            Some(Listed::Stuck) => (State::Running, true),
            Some(Listed::In(state)) => (state, false),
            None if self.stuck => (State::Running, true),
            None => (State::Dead, false),
        };
        Filter {
            is_stuck,
            ..which.filter(state, now)
        }
    }
}

impl List {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let (now, limit) = (world.clock.now(), self.limit);
        let filter = self.states.filter(self.which, now);
        let (mut jobs, mut next): (Vec<JobRow>, _) = (Vec::new(), None);
        loop {
            let shown = i64::try_from(jobs.len()).unwrap_or(i64::MAX);
            if shown >= limit {
                break;
            }
            let page = ops::job::list(&world.pool, &filter, next, limit - shown).await?;
            jobs.extend(page.jobs);
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        let patterns = ops::job::patterns(&world.pool, &jobs).await?;
        let mut groups: Vec<(&JobRow, &str, Vec<&JobRow>)> = Vec::new();
        for (job, error) in jobs.iter().zip(&patterns) {
            let is_in = |(first, of, _): &(&JobRow, &str, _)| {
                (first.queue.as_str(), first.kind.as_str(), *of) == (job.queue.as_str(), job.kind.as_str(), error)
            };
            match groups.iter_mut().find(|group| is_in(group)) {
                Some((.., members)) => members.push(job),
                None => groups.push((job, error, vec![job])),
            }
        }
        if !groups.is_empty() {
            line(format_args!(
                "{:<36}  {:<8}  {:<24}  {:>4}  {:>8}  {:>7}  {:<36}  error",
                "id", "state", "since", "age", "attempts", "crashes", "request"
            ));
        }
        for (first, error, members) in groups {
            let (number, error) = (members.len(), or_dash(error));
            line(format_args!(
                "{}, {}, {number} listed: {error}",
                first.queue, first.kind
            ));
            for job in members {
                print(job, filter.state, now);
            }
        }
        if next.is_some() {
            line("... and more; --limit lists them, and `jobs errors` counts them");
        }
        Ok(())
    }
}

fn print(job: &JobRow, state: State, now: DateTime<Utc>) {
    let state = if job.is_stuck { "STUCK" } else { state.name() };
    let (since, age) = (instant(Some(job.since)), age(now - job.since));
    let attempts = format!("{} of {}", job.attempt, job.max_attempts);
    let request = job.request_id.as_deref().unwrap_or("-");
    let error = or_dash(job.last_error.as_deref().unwrap_or_default());
    line(format_args!(
        "{:<36}  {state:<8}  {since:<24}  {age:>4}  {attempts:>8}  {:>7}  {request:<36}  {error}",
        job.id, job.crashes
    ));
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// How long a job has been in its state; the time until a job is due has a minus sign.
fn age(age: TimeDelta) -> String {
    let sign = if age < TimeDelta::zero() { "-" } else { "" };
    let seconds = age.num_seconds().unsigned_abs();
    let (number, unit) = match seconds {
        0..120 => (seconds, 's'),
        120..7_200 => (seconds / 60, 'm'),
        7_200..172_800 => (seconds / 3_600, 'h'),
        _ => (seconds / 86_400, 'd'),
    };
    format!("{sign}{number}{unit}")
}

impl Errors {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let filter = self.states.filter(self.which, world.clock.now());
        for group in ops::job::errors(&world.pool, &filter).await? {
            let (first, last) = (instant(Some(group.first_at)), instant(Some(group.last_at)));
            line(format_args!(
                "{:>6}  {}  {}  {first} .. {last}  {}: {}",
                group.jobs,
                group.queue,
                group.kind,
                group.latest,
                or_dash(&group.error)
            ));
        }
        Ok(())
    }
}
