//! The job ledger: what waits, what is parked as dead, and giving the dead another chance.

use std::fmt;

use app::jobs::queue::QueueName;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand};
use ledger::id::JobId;

use super::World;
use super::error::CliResult;
use super::output::line;

/// Arguments of `jobs`.
#[derive(Args)]
pub struct Jobs {
    #[command(subcommand)]
    command: JobsCommand,
}

#[derive(Subcommand)]
enum JobsCommand {
    /// Counts jobs per queue and state.
    Stats,
    /// Lists dead jobs, the latest first.
    Dead {
        /// Only of this queue.
        #[arg(long)]
        queue: Option<QueueName>,
        /// At most so many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// Shows everything that the ledger has about a job.
    Show {
        /// Id of the job, `job_...`.
        id: JobId,
    },
    /// Gives a dead job all its attempts again, from now on.
    Replay {
        /// Id of the job, `job_...`.
        id: JobId,
    },
    /// Gives all dead jobs their attempts again.
    ReplayAll {
        /// Only of this queue.
        #[arg(long)]
        queue: Option<QueueName>,
    },
}

impl Jobs {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        match self.command {
            JobsCommand::Stats => stats(world).await,
            JobsCommand::Dead { queue, limit } => dead(world, queue, limit).await,
            JobsCommand::Show { id } => show(world, id).await,
            JobsCommand::Replay { id } => {
                ledger::inspect::replay(&world.pool, world.clock.now(), id).await?;
                line("1 job will run again");
                Ok(())
            }
            JobsCommand::ReplayAll { queue } => {
                let replayed =
                    ledger::inspect::replay_all(&world.pool, world.clock.now(), queue.map(|name| name.0)).await?;
                line(format_args!("{replayed} jobs will run again"));
                Ok(())
            }
        }
    }
}

async fn stats(world: &World) -> CliResult<()> {
    line(format_args!(
        "{:<10}{:>10}{:>10}{:>10}{:>12}{:>8}",
        "queue", "ready", "sent", "running", "done", "dead"
    ));
    for counts in ledger::inspect::stats(&world.pool).await? {
        let (queue, ready, sent) = (&counts.queue, counts.ready, counts.sent);
        let (running, done, dead) = (counts.running, counts.done, counts.dead);
        line(format_args!(
            "{queue:<10}{ready:>10}{sent:>10}{running:>10}{done:>12}{dead:>8}"
        ));
    }
    Ok(())
}

async fn dead(world: &World, queue: Option<QueueName>, limit: u32) -> CliResult<()> {
    for job in ledger::inspect::list_dead(&world.pool, queue.map(|name| name.0), limit).await? {
        let (at, attempts, crashes) = (instant(job.finished_at), job.attempt, job.crashes);
        let error = job.last_error.unwrap_or_default();
        line(format_args!(
            "{}  {at}  {}  {attempts} attempts, {crashes} crashes: {error}",
            job.id, job.kind
        ));
    }
    Ok(())
}

async fn show(world: &World, id: JobId) -> CliResult<()> {
    let job = ledger::inspect::inspect(&world.pool, id).await?;
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
    field("finished", &instant(job.finished_at));
    Ok(())
}

fn instant(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Millis, true))
}
