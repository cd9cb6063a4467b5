//! The job ledger: which jobs are where, what the dead died of, and handling them by id or by filter.

use std::fmt;
use std::str::FromStr;

use app::jobs::queue::{ALL, QueueName};
use app::ops;
use app::work::Work;
use chrono::{DateTime, TimeDelta, Utc};
use clap::{Args, Subcommand};
use ledger::handle::Act;
use ledger::id::JobId;
use ledger::inspect::{self, Filter, JobRow, State};

use super::World;
use super::duration::duration;
use super::error::{CliError, CliResult};
use super::operator::Because;
use super::output::{instant, line};

/// Arguments of `jobs`.
#[derive(Args)]
pub struct Jobs {
    #[command(subcommand)]
    command: JobsCommand,
}

#[derive(Subcommand)]
enum JobsCommand {
    /// Lists jobs in a state: finished ones with the latest first, others with the one that waits longest first.
    List(List),
    /// Lists the errors of dead jobs with the number of jobs each; # stands for ids and numbers.
    Errors {
        /// Only of this queue.
        #[arg(long)]
        queue: Option<QueueName>,
    },
    /// Shows everything that the ledger has about a job.
    Show {
        /// Id of the job, `job_...`.
        id: JobId,
    },
    /// Gives jobs that are dead or canceled all their attempts again, from now on.
    Retry(Handle),
    /// Lets jobs that wait not be run.
    Cancel(Handle),
    /// Marks dead jobs as canceled, because they need no more attention.
    Discard(Handle),
}

/// Which jobs.
#[derive(Args)]
struct Selection {
    /// Only of this queue.
    #[arg(long)]
    queue: Option<QueueName>,
    /// Only of this kind.
    #[arg(long)]
    kind: Option<String>,
    /// Only those in the state for longer than this (for jobs that wait: due for longer): 90s, 15m, 2h, 7d.
    #[arg(long, value_parser = duration)]
    older_than: Option<TimeDelta>,
    /// Only with this text in the last error; # may stand for ids and numbers, as `errors` prints them.
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

/// Arguments of `jobs list`.
#[derive(Args)]
struct List {
    /// ready, sent, running, done, dead (the default), canceled; or stuck: running for longer than they should, past
    /// their deadline or longer than 99 of 100 of their kind.
    #[arg(long)]
    state: Option<Listed>,
    /// Short for --state stuck.
    #[arg(long, conflicts_with = "state")]
    stuck: bool,
    #[command(flatten)]
    which: Selection,
    /// Maximum number of jobs.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
    limit: i64,
}

/// What can be listed.
#[derive(Debug, Clone, Copy)]
enum Listed {
    /// Jobs in a state.
    In(State),
    /// Those that run for longer than they should.
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
    /// Do it, regardless of the number of jobs that match.
    #[arg(long)]
    yes: bool,
    /// Act only if this is the number of jobs that match.
    #[arg(long, conflicts_with = "yes")]
    count: Option<usize>,
    #[command(flatten)]
    because: Because,
}

impl Jobs {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        match self.command {
            JobsCommand::List(arguments) => list(world, arguments).await,
            JobsCommand::Errors { queue } => errors(world, queue).await,
            JobsCommand::Show { id } => show(world, id).await,
            JobsCommand::Retry(arguments) => handle(world, Act::Retry, arguments).await,
            JobsCommand::Cancel(arguments) => handle(world, Act::Cancel, arguments).await,
            JobsCommand::Discard(arguments) => handle(world, Act::Discard, arguments).await,
        }
    }
}

async fn list(world: &World, arguments: List) -> CliResult<()> {
    let List {
        state,
        stuck,
        which,
        limit,
    } = arguments;
    let (state, is_stuck) = match state {
        Some(Listed::Stuck) => (State::Running, true),
        Some(Listed::In(state)) => (state, false),
        None if stuck => (State::Running, true),
        None => (State::Dead, false),
    };
    let filter = Filter {
        is_stuck,
        ..which.filter(state, world.clock.now())
    };
    let (mut shown, mut next) = (0, None);
    loop {
        let page = ops::job::list(&world.pool, &filter, next, limit - shown).await?;
        for job in &page.jobs {
            print(job);
        }
        shown += i64::try_from(page.jobs.len()).unwrap_or(i64::MAX);
        next = page.next;
        if next.is_none() {
            return Ok(());
        }
        if shown >= limit {
            line("... and more; --limit lists them");
            return Ok(());
        }
    }
}

fn print(job: &JobRow) {
    let (since, attempts, most, crashes) = (instant(Some(job.since)), job.attempt, job.max_attempts, job.crashes);
    let stuck = if job.is_stuck { "  STUCK" } else { "" };
    let error = job.last_error.as_deref().unwrap_or("-");
    line(format_args!(
        "{}  {since}  {}  {}{stuck}  {attempts} of {most} attempts, {crashes} crashes: {error}",
        job.id, job.queue, job.kind
    ));
}

async fn errors(world: &World, queue: Option<QueueName>) -> CliResult<()> {
    let queues = queue.map_or_else(|| ALL.to_vec(), |name| vec![name.0]);
    for group in ops::job::errors(&world.pool, &queues).await? {
        let (first, last) = (instant(Some(group.first_at)), instant(Some(group.last_at)));
        line(format_args!(
            "{:>6}  {}  {}  {first} .. {last}  {}: {}",
            group.jobs, group.queue, group.kind, group.latest, group.error
        ));
    }
    Ok(())
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
    line(format_args!("{}{or_more} {} jobs match", matching.jobs, filter.state));
    match arguments.count {
        Some(expected) if expected == matching.jobs => {}
        Some(expected) => {
            let text = format!("{} jobs match, not {expected}: nothing was done", matching.jobs);
            return Err(CliError::Failed(text));
        }
        None if arguments.yes => {}
        None => {
            let text = format!("nothing was done; --yes does it, and so does --count {}", matching.jobs);
            return Err(CliError::Failed(text));
        }
    }
    // With --yes, all jobs that match by then, in batches, each with its own transaction and audit entry.
    let mut left = matching;
    let mut done = 0;
    while left.jobs > 0 {
        done += ops::job::act_on_all(&work, world.clock.now(), &by, act, &filter, left.jobs).await?;
        if !(arguments.yes && left.may_be_more) {
            break;
        }
        left = ops::job::count(&world.pool, &filter).await?;
    }
    line(format_args!("{act}: {done} jobs"));
    Ok(())
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
