//! Queues: their status, pausing them, and the audit trail of what people did to queues and jobs.

use app::jobs::queue::QueueName;
use app::ops;
use app::ops::queue::QueueReport;
use app::work::Work;
use clap::Args;
use serde_json::Value;

use super::World;
use super::error::CliResult;
use super::operator::Because;
use super::output::{instant, line};

/// Arguments of `queues`.
#[derive(Args)]
pub struct Queues {}

impl Queues {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        print(&ops::queue::list(&world.pool, world.clock.now()).await?);
        Ok(())
    }
}

/// Arguments of `pause-queue` and `resume-queue`.
#[derive(Args)]
pub struct Queue {
    /// Name of the queue.
    queue: QueueName,
    #[command(flatten)]
    because: Because,
}

impl Queue {
    /// Runs `pause-queue`.
    pub async fn pause(self, world: &World) -> CliResult<()> {
        let (by, work) = (self.because.operator()?, Work::Own(world.pool.clone()));
        let report = ops::queue::pause(&work, world.clock.now(), &by, self.queue.0).await?;
        print(report.as_slice());
        Ok(())
    }

    /// Runs `resume-queue`.
    pub async fn resume(self, world: &World) -> CliResult<()> {
        let (by, work) = (self.because.operator()?, Work::Own(world.pool.clone()));
        let report = ops::queue::resume(&work, world.clock.now(), &by, self.queue.0).await?;
        print(report.as_slice());
        Ok(())
    }
}

fn print(queues: &[QueueReport]) {
    line(format_args!(
        "{:<10}{:>10}{:>10}{:>10}{:>10}{:>10}  {:<26}{}",
        "queue", "ready", "sent", "running", "dead", "workers", "oldest due", "paused"
    ));
    for QueueReport { status, .. } in queues {
        let (queue, ready, sent, running) = (&status.queue, status.ready, status.sent, status.running);
        let (dead, processes) = (status.dead, status.processes);
        let (oldest, paused) = (instant(status.oldest_due_at), instant(status.paused_at));
        line(format_args!(
            "{queue:<10}{ready:>10}{sent:>10}{running:>10}{dead:>10}{processes:>10}  {oldest:<26}{paused}"
        ));
    }
}

/// Arguments of `audit`.
#[derive(Args)]
pub struct Audit {
    /// Only entries about this: the id of a job, or the name of a queue.
    #[arg(long)]
    subject: Option<String>,
    /// Maximum number of entries, the latest first.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    limit: u16,
}

impl Audit {
    /// Runs the command.
    pub async fn run(self, world: &World) -> CliResult<()> {
        let subject = self.subject.as_deref();
        let (entries, has_more) = ops::audit::list(&world.pool, subject, None, self.limit.into()).await?;
        for entry in entries {
            let at = instant(Some(entry.at));
            let name = entry.actor_name.map(|name| format!(" ({name})")).unwrap_or_default();
            line(format_args!(
                "{at}  {}{name}  {}  {}  {}  {}",
                entry.actor,
                entry.action,
                entry.subject,
                entry.reason,
                Value::Object(entry.details.0)
            ));
        }
        if has_more {
            line("... and more; --limit lists them");
        }
        Ok(())
    }
}
