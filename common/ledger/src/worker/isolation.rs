//! Runs suspects in processes of their own. A job that was running when two processes died may have killed them, so its
//! next attempt runs in a child process: if the child dies, the job is the cause, and nothing else is lost.
//!
//! The parent holds the claim; the child begins the job, runs it and records how it ended, in the parent's name. The
//! child ends when its standard input is closed, which happens when the parent ends for any reason.

use std::io::Read;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use ::metrics::Name;
use chrono::TimeDelta;
use connect::SettingError;
use connect::postgres::{Limits, answered};
use kernel::chain;
use kernel::clock::Clock;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use tokio::process::{Child, Command};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{Instrument, Span};

use super::settler;
use crate::db::delivery::Claimed;
use crate::id::ProcessId;
use crate::metrics::worker::note_success;
use crate::metrics::{AttemptOutcome, count_outcome};
use crate::{Queue, claim, inspect};

/// Children at a time, beside the slots of the process. Each has a connection or two to the database.
const PLACES: usize = 4;

/// Wait before a suspect that found no place is tried again.
const LATER: TimeDelta = TimeDelta::seconds(2);

/// Wait before a suspect whose child could not be started is tried again.
const MUCH_LATER: TimeDelta = TimeDelta::seconds(30);

/// How long before the deadline in the ledger a child counts as stuck.
const BEFORE_DEADLINE: TimeDelta = TimeDelta::seconds(10);

/// How long a child may take to end after its input has ended.
const LEAVING: Duration = Duration::from_secs(3);

/// The environment variable that makes a worker a child: [`Settings::isolated_job`](super::Settings::isolated_job).
const VARIABLE: &str = "ISOLATED_JOB";

/// What a child is to do.
#[derive(Debug, Serialize, Deserialize)]
pub struct Assignment {
    /// The parent, which holds the claim.
    pub process_id: ProcessId,
    /// The job.
    pub claimed: Claimed,
}

impl Assignment {
    /// Reads what the parent wrote.
    ///
    /// # Errors
    /// When that is not an assignment.
    pub fn parse(text: &str) -> Result<Self, SettingError> {
        serde_json::from_str(text).map_err(|error| SettingError {
            setting: VARIABLE,
            problem: error.to_string(),
        })
    }
}

/// The parent's side.
pub struct Isolation {
    queue: Queue,
    pool: PgPool,
    process_id: ProcessId,
    clock: Clock,
    cut: CancellationToken,
    places: Arc<Semaphore>,
    children: TaskTracker,
}

impl Isolation {
    /// `cut` ends all children.
    pub fn new(queue: Queue, pool: PgPool, process_id: ProcessId, clock: Clock, cut: CancellationToken) -> Self {
        Self {
            queue,
            pool,
            process_id,
            clock,
            cut,
            places: Arc::new(Semaphore::new(PLACES)),
            children: TaskTracker::new(),
        }
    }

    /// Starts a child for a suspect and does not wait for it. When all places are taken the suspect is given back,
    /// uncounted, so that it delays no other job.
    pub async fn admit(self: &Arc<Self>, claimed: Claimed, kind: Name, lease: TimeDelta) {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => {
                let isolation = Arc::clone(self);
                let span = Span::current();
                self.children
                    .spawn(async move { isolation.isolate((claimed, kind), lease, place).await }.instrument(span));
            }
            Err(_) => self.give_back(&claimed, LATER).await,
        }
    }

    /// Whether suspects are running.
    pub fn has_jobs(&self) -> bool {
        !self.children.is_empty()
    }

    /// Waits until every child has ended; no more may be admitted.
    pub async fn end(&self) {
        self.children.close();
        self.children.wait().await;
    }

    async fn isolate(&self, (claimed, kind): (Claimed, Name), lease: TimeDelta, _place: OwnedSemaphorePermit) {
        tracing::warn!(crashes = claimed.crashes, "running a suspect in a separate process");
        match self.spawn(&claimed) {
            Ok(child) => {
                if let Some(status) = self.wait(child, lease).await {
                    self.judge(&claimed, kind, status).await;
                }
            }
            Err(error) => {
                tracing::error!(%error, "could not start a process for a suspect");
                self.give_back(&claimed, MUCH_LATER).await;
            }
        }
    }

    fn spawn(&self, claimed: &Claimed) -> std::io::Result<Child> {
        let mut assignment = Assignment {
            process_id: self.process_id,
            claimed: claimed.clone(),
        };
        // The attempt of the child continues the trace of the one here.
        if let Some(here) = trace::current() {
            assignment.claimed.cause.traceparent = Some(here);
        }
        let mut arguments = std::env::args_os();
        let mut command = Command::new(program()?);
        if let Some(name) = arguments.next() {
            command.arg0(name);
        }
        command
            .args(arguments)
            .env(VARIABLE, serde_json::to_string(&assignment)?)
            .stdin(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }

    /// How the child ended; `None` when it was asked to end.
    async fn wait(&self, mut child: Child, lease: TimeDelta) -> Option<ExitStatus> {
        // Taken out, because waiting for a child closes its input, and a child ends when its input is closed.
        let input = child.stdin.take();
        let limit = (lease - BEFORE_DEADLINE).to_std().unwrap_or_default();
        tokio::select! {
            ended = tokio::time::timeout(limit, child.wait()) => {
                if ended.is_err() {
                    tracing::error!("suspect did not end in time; killing its process");
                    let _ = child.start_kill();
                }
            }
            () = self.cut.cancelled() => {
                drop(input);
                let _ = tokio::time::timeout(LEAVING, child.wait()).await;
                return None;
            }
        }
        child.wait().await.ok()
    }

    /// A child that ended successfully has recorded the outcome of the job. Any other was killed by the job, unless it
    /// had not begun it.
    async fn judge(&self, claimed: &Claimed, kind: Name, status: ExitStatus) {
        if status.success() {
            return self.count(claimed, kind).await;
        }
        trace::fail(&Span::current(), "crash");
        loop {
            match claim::convict(&self.pool, self.process_id, claimed, self.clock.now()).await {
                Ok(Some(true)) => {
                    count_outcome(self.queue.name().into(), kind, AttemptOutcome::Dead);
                    return tracing::error!(%status, "job crashed its process and is dead");
                }
                Ok(Some(false)) => {
                    count_outcome(self.queue.name().into(), kind, AttemptOutcome::Crash);
                    return tracing::error!(%status, "job crashed its process");
                }
                Ok(None) => {
                    tracing::error!(%status, "the process of a suspect could not begin the job");
                    return self.give_back(claimed, MUCH_LATER).await;
                }
                Err(error) => {
                    tracing::warn!(error = chain(&error), "could not record a crash yet, will retry");
                    tokio::time::sleep(settler::PAUSE).await;
                }
            }
        }
    }

    /// Counts the outcome that a child has recorded, since the metrics of a child are not read.
    async fn count(&self, claimed: &Claimed, kind: Name) {
        let Ok(job) = answered(Limits::JOBS, inspect::inspect(&self.pool, claimed.id)).await else {
            return;
        };
        let outcome = recorded(&job.state, job.attempt, claimed.attempt);
        if let (AttemptOutcome::Done, Some(at)) = (outcome, job.finished_at) {
            note_success(self.queue, at - claimed.created_at);
        }
        count_outcome(self.queue.name().into(), kind, outcome);
    }

    /// If this fails, the reconciler takes the job back, uncounted, since it has not begun.
    async fn give_back(&self, claimed: &Claimed, after: TimeDelta) {
        let run_at = self.clock.now() + after;
        if let Err(error) = claim::release(&self.pool, self.process_id, claimed, run_at).await {
            tracing::warn!(error = chain(&error), "could not give back a suspect");
        }
    }
}

/// How an attempt ended, by the state and the attempts of its job afterwards. One that took too long counts as `Retry`.
fn recorded(state: &str, attempts: i16, attempt: i16) -> AttemptOutcome {
    match state {
        "done" => AttemptOutcome::Done,
        "dead" => AttemptOutcome::Dead,
        _ if attempts < attempt => AttemptOutcome::Deferred,
        _ => AttemptOutcome::Retry,
    }
}

/// This program, even if its file has been replaced since it started.
fn program() -> std::io::Result<PathBuf> {
    match cfg!(target_os = "linux") {
        true => Ok(PathBuf::from("/proc/self/exe")),
        false => std::env::current_exe(),
    }
}

/// The side of the child: cancels `cut` when standard input ends, and ends the process if that has no effect. It is a
/// thread, so that it works even if the job blocks the runtime.
pub fn end_with_parent(cut: CancellationToken) -> std::io::Result<()> {
    std::thread::Builder::new().name("parent".to_owned()).spawn(move || {
        let mut ignored = [0; 64];
        while std::io::stdin().read(&mut ignored).is_ok_and(|read| read > 0) {}
        cut.cancel();
        std::thread::sleep(LEAVING);
        std::process::exit(1);
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::recorded;
    use crate::metrics::AttemptOutcome;

    #[test]
    fn an_outcome_is_known_by_what_the_ledger_says_afterwards() {
        for (state, attempts, outcome) in [
            ("done", 3, AttemptOutcome::Done),
            ("dead", 3, AttemptOutcome::Dead),
            ("ready", 3, AttemptOutcome::Retry),
            ("ready", 2, AttemptOutcome::Deferred),
        ] {
            assert_eq!(recorded(state, attempts, 3), outcome, "{state} {attempts}");
        }
    }
}
