//! Outcomes back into the ledger, in batches: what ends while one batch is written forms the next.

use std::time::Duration;

use common::app;
use common::clock::Clock;
use common::db::delivery::Settlement;
use common::id::ProcessId;
use sqlx::PgPool;
use tokio::sync::mpsc;

/// Outcomes that one statement records at most.
const BATCH: usize = 250;

/// Pause before a batch that the database refused is tried again.
pub const PAUSE: Duration = Duration::from_millis(250);

/// Records outcomes until every sender is gone.
pub async fn settle(pool: PgPool, process_id: ProcessId, clock: Clock, mut outcomes: mpsc::Receiver<Settlement>) {
    let mut batch = Vec::with_capacity(BATCH);
    while outcomes.recv_many(&mut batch, BATCH).await > 0 {
        record(&pool, process_id, &clock, &batch).await;
        batch.clear();
    }
}

/// Tries until the batch is recorded: the effects are there, and an outcome that is lost runs them again.
pub async fn record(pool: &PgPool, process_id: ProcessId, clock: &Clock, batch: &[Settlement]) {
    let mut failing = false;
    loop {
        match app::delivery::settle(pool, process_id, clock.now(), batch).await {
            Ok(recorded) => {
                let lost = u64::try_from(batch.len()).unwrap_or_default().saturating_sub(recorded);
                if lost > 0 {
                    tracing::warn!(lost, "outcomes ignored: their jobs were taken over by other processes");
                }
                return;
            }
            Err(error) => {
                if !failing {
                    tracing::warn!(
                        error = common::error::chain(&error),
                        "could not record outcomes yet, will retry"
                    );
                }
                failing = true;
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
