//! Records the starts of handlers in the ledger, in batches: starts that arrive while one batch is written form the
//! next.
//!
//! A job has begun once its start is in the ledger. If its process ends or waits before that, nothing counts against
//! the job.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::chain;
use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};

use crate::claim;
use crate::db::delivery::{Begin, Claimed};
use crate::id::ProcessId;

/// Starts that one statement records at most.
const BATCH: usize = 250;

/// Pause before a batch that the database refused is tried again.
const PAUSE: Duration = Duration::from_millis(250);

/// A start that waits to be recorded.
#[derive(Debug)]
pub struct Start {
    job: Begin,
    may_run: oneshot::Sender<bool>,
}

/// Asks to begin `claimed` for as long as `lease`, or to extend its deadline, and waits for the answer. False when the
/// job was taken away; it must then not run.
pub async fn begin(starts: &mpsc::Sender<Start>, claimed: &Claimed, lease: TimeDelta) -> bool {
    let (may_run, answer) = oneshot::channel();
    let job = Begin {
        job_id: claimed.id,
        claimed_at: claimed.claimed_at,
        lease,
    };
    starts.send(Start { job, may_run }).await.is_ok() && answer.await.unwrap_or(false)
}

/// Records starts until every sender is gone.
pub async fn start(pool: PgPool, process_id: ProcessId, mut starts: mpsc::Receiver<Start>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut is_failing = false;
    while starts.recv_many(&mut batch, BATCH).await > 0 {
        loop {
            // A job whose caller has stopped waiting must not be recorded as started.
            batch.retain(|start| !start.may_run.is_closed());
            let jobs: Vec<Begin> = batch.iter().map(|start| start.job).collect();
            match claim::begin(&pool, process_id, &jobs).await {
                Ok(begun) => {
                    is_failing = false;
                    for start in batch.drain(..) {
                        let may_run = begun.contains(&start.job.job_id);
                        // It cannot be delivered if the caller has stopped waiting; the job then ends with its process.
                        let _ = start.may_run.send(may_run);
                    }
                    break;
                }
                Err(error) => {
                    if !is_failing {
                        tracing::warn!(error = chain(&error), "could not begin jobs yet, will retry");
                    }
                    is_failing = true;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}
