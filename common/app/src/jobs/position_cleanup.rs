//! Drops positions of buses that are past their retention.
//!
//! Cause: every hour (`scheduler/src/housekeeping.rs`).

use apalis_core::task::data::Data;
use ledger::{Job, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{queue, terms};
use crate::housekeeping::Housekeeping;
use crate::tracking;

/// Drop old positions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionCleanup {}

impl Job for PositionCleanup {
    const KIND: &'static str = "position_cleanup";
    const QUEUE: Queue = queue::SWEEP;
    const TERMS: Terms = terms::CLEANUP;
    type Data = Housekeeping;
}

/// Drops whole days; a repeat finds nothing to drop.
pub async fn run(_: PositionCleanup, data: Data<Housekeeping>) -> Outcome {
    match tracking::clean_up(&data.pool, data.clock.now(), data.position_retention).await {
        Ok(days) => {
            if days > 0 {
                tracing::info!(days, "old positions dropped");
            }
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
