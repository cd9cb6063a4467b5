//! Records outcomes in the ledger, in batches: outcomes that arrive while one batch is written form the next, with
//! those of jobs that are about to end.

use std::time::Duration;

use kernel::chain;
use kernel::clock::Clock;
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::gather::after_others;
use crate::claim;
use crate::db::delivery::Settlement;
use crate::id::ProcessId;

/// Outcomes that one statement records at most.
const BATCH: usize = 250;

/// Pause before a batch that the database refused is tried again.
pub const PAUSE: Duration = Duration::from_millis(250);

/// Records outcomes in a task of its own.
pub struct Settler {
    task: JoinHandle<()>,
    end: CancellationToken,
}

impl Settler {
    /// Begins to record what comes from `outcomes`.
    pub fn start(pool: PgPool, process_id: ProcessId, clock: Clock, mut outcomes: mpsc::Receiver<Settlement>) -> Self {
        let end = CancellationToken::new();
        let ending = end.clone();
        let task = tokio::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            loop {
                let received = tokio::select! {
                    biased;
                    received = outcomes.recv_many(&mut batch, BATCH) => received,
                    () = ending.cancelled(), if !outcomes.is_closed() => {
                        outcomes.close();
                        continue;
                    }
                };
                if received == 0 {
                    return;
                }
                after_others().await;
                while batch.len() < BATCH
                    && let Ok(outcome) = outcomes.try_recv()
                {
                    batch.push(outcome);
                }
                record(&pool, process_id, &clock, &batch).await;
                batch.clear();
            }
        });
        Self { task, end }
    }

    /// Waits until all outcomes that were passed on before are recorded.
    pub async fn end(self) {
        self.end.cancel();
        // It cannot panic, and is not aborted.
        let _ = self.task.await;
    }
}

/// Tries until the batch is recorded: the effects have happened, and a lost outcome would repeat them.
async fn record(pool: &PgPool, process_id: ProcessId, clock: &Clock, batch: &[Settlement]) {
    let mut failing = false;
    loop {
        match claim::settle(pool, process_id, clock.now(), batch).await {
            Ok(recorded) => {
                let lost = u64::try_from(batch.len()).unwrap_or_default().saturating_sub(recorded);
                if lost > 0 {
                    tracing::warn!(lost, "outcomes ignored: their jobs were taken over by other processes");
                }
                return;
            }
            Err(error) => {
                if !failing {
                    tracing::warn!(error = chain(&error), "could not record outcomes yet, will retry");
                }
                failing = true;
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
