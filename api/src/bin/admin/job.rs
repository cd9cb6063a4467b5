//! The job ledger: its jobs, the errors of dead ones, and actions on them by id or by filter.

use std::fmt;

use app::jobs::queue::{ALL, QueueName};
use app::ops;
use app::work::Work;
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use kernel::duration::duration;
use ledger::handle::Act;
use ledger::id::JobId;
use ledger::inspect::{self, Filter, State};

use super::World;
use super::error::{CliError, CliResult};
use super::operator::Because;
use super::output::{instant, line};

mod list;

use list::{Errors, List};

/// Arguments of `jobs`.
#[derive(Args)]
pub struct Jobs {
    #[command(subcommand)]
    command: JobsCommand,
}

#[derive(Subcommand)]
enum JobsCommand {
    /// Lists jobs in a state, grouped by error: the latest finished jobs first, or the longest-waiting others.
    List(List),
    /// Lists the errors of jobs in a state with the number of jobs each; # stands for ids and numbers.
    Errors(Errors),
    /// Shows all that is stored about a job.
    Show {
        /// Id of the job, `job_...`.
        id: JobId,
    },
    /// Retries dead or canceled jobs immediately, with all their attempts.
    Retry(Handle),
    /// Cancels waiting jobs: they are not run.
    Cancel(Handle),
    /// Marks dead jobs that need no further attention as canceled.
    Discard(Handle),
}

/// Which jobs.
#[derive(Args)]
struct Selection {
    /// Only jobs of this queue.
    #[arg(long)]
    queue: Option<QueueName>,
    /// Only jobs of this kind.
    #[arg(long)]
    kind: Option<String>,
    /// Only jobs that have been in the state for longer than this (waiting jobs: due for longer): 90s, 15m, 2h, 7d.
    #[arg(long, value_parser = duration)]
    older_than: Option<TimeDelta>,
    /// Only jobs with this text in the last error; # may stand for ids and numbers, as `errors` prints them.
    #[arg(long)]
    error: Option<String>,
}

impl Selection {
    fn filter(self, state: State, now: DateTime<Utc>) -> Filter {
        let queues = self.queue.map_or_else(|| ALL.to_vec(), |name| vec![name.0]);
        Filter {
            kind: self.kind,
            error: self.error,
            before: self.older_than.map(|age| now - age),
            ..Filter::new(state, &queues)
        }
    }
}

/// Arguments of `jobs retry`, `cancel` and `discard`: ids, or a filter.
#[derive(Args)]
struct Handle {
    /// Ids of jobs, `job_...`. Without ids, the options name the jobs.
    #[arg(conflicts_with_all = ["state", "queue", "kind", "older_than", "error", "yes", "count"])]
    ids: Vec<JobId>,
    /// ready, sent, running, done, dead or canceled.
    #[arg(long)]
    state: Option<State>,
    #[command(flatten)]
    which: Selection,
    /// Act regardless of the number of jobs that match.
    #[arg(long)]
    yes: bool,
    /// Act only if exactly this number of jobs matches.
    #[arg(long, conflicts_with = "yes")]
    count: Option<usize>,
    #[command(flatten)]
    because: Because,
}

impl Jobs {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        match self.command {
            JobsCommand::List(arguments) => arguments.run(world).await,
            JobsCommand::Errors(arguments) => arguments.run(world).await,
            JobsCommand::Show { id } => show(world, id).await,
            JobsCommand::Retry(arguments) => handle(world, Act::Retry, arguments).await,
            JobsCommand::Cancel(arguments) => handle(world, Act::Cancel, arguments).await,
            JobsCommand::Discard(arguments) => handle(world, Act::Discard, arguments).await,
        }
    }
}

async fn handle(world: &World, act: Act, arguments: Handle) -> CliResult<()> {
    let by = arguments.because.operator()?;
    let work = Work::Own(world.pool.clone());
    if !arguments.ids.is_empty() {
        for id in arguments.ids {
            let job = ops::job::act(&work, world.clock.now(), &by, act, id).await?;
            line(format_args!("{id} is {}", job.state));
        }
        return Ok(());
    }
    let usual = match act {
        Act::Retry | Act::Discard => State::Dead,
        Act::Cancel => State::Ready,
    };
    let state = arguments.state.unwrap_or(usual);
    let filter = arguments.which.filter(state, world.clock.now());
    let matching = ops::job::count(&world.pool, &filter).await?;
    let or_more = if matching.may_be_more { " or more" } else { "" };
    let is_one = matching.jobs == 1 && !matching.may_be_more;
    let noun = if is_one { "job matches" } else { "jobs match" };
    line(format_args!("{}{or_more} {} {noun}", matching.jobs, filter.state));
    if matching.jobs == 0 && matching.may_be_more {
        let option = narrowing(state);
        let text = format!(
            "nothing was done: none of the first {state} jobs matches, and there are more; narrow it with {option}"
        );
        return Err(CliError::Failed(text));
    }
    match arguments.count {
        Some(expected) if expected == matching.jobs => {}
        Some(expected) => {
            let text = format!("{} {noun}, not {expected}: nothing was done", matching.jobs);
            return Err(CliError::Failed(text));
        }
        None if arguments.yes => {}
        None => {
            let text = format!("nothing was done; --yes does it, and so does --count {}", matching.jobs);
            return Err(CliError::Failed(text));
        }
    }
    // With --yes, jobs that begin to match meanwhile are included. Each batch has its own transaction and audit entry.
    let mut left = matching;
    let mut done = 0;
    while left.jobs > 0 {
        let batch = ops::job::act_on_all(&work, world.clock.now(), &by, act, &filter, arguments.count).await?;
        done += batch;
        if batch == 0 || !(arguments.yes && left.may_be_more) {
            break;
        }
        left = ops::job::count(&world.pool, &filter).await?;
    }
    line(format_args!("{act}: {done} {}", if done == 1 { "job" } else { "jobs" }));
    if arguments.yes && left.may_be_more {
        let option = narrowing(state);
        return Err(CliError::Failed(format!(
            "{done} done; more may match: narrow it with {option}"
        )));
    }
    Ok(())
}

/// The option that moves the start of a search among the jobs in a state.
const fn narrowing(state: State) -> &'static str {
    match state {
        State::Ready | State::Sent => "--queue",
        _ => "--older-than",
    }
}

async fn show(world: &World, id: JobId) -> CliResult<()> {
    let job = inspect::inspect(&world.pool, id).await?;
    let field = |name: &str, value: &dyn fmt::Display| line(format_args!("{name:<12}{value}"));
    field("id", &job.id);
    field("queue", &job.queue);
    field("kind", &job.kind);
    field("payload", &job.payload);
    field("state", &job.state);
    field(
        "attempts",
        &format_args!("{} of {}, {} crashes", job.attempt, job.max_attempts, job.crashes),
    );
    field("last error", &job.last_error.unwrap_or_default());
    field("request", &job.request_id.unwrap_or_default());
    field("trace", &job.trace_id.unwrap_or_default());
    field("created", &instant(Some(job.created_at)));
    field("not before", &instant(Some(job.run_at)));
    field("sent", &instant(job.sent_at));
    field("claimed", &instant(job.claimed_at));
    field("deadline", &instant(job.deadline_at));
    field("finished", &instant(job.finished_at));
    Ok(())
}
