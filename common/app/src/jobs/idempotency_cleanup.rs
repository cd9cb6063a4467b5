//! Deletes responses to idempotency keys that are no longer replayed, in bounded batches.
//!
//! Cause: every hour (`scheduler/src/housekeeping.rs`).

use apalis_core::task::data::Data;
use ledger::{Job, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::outcome::cleared::cleared;
use super::{queue, terms};
use crate::housekeeping::{self, BUDGET, Housekeeping};

/// Delete old responses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdempotencyCleanup {}

impl Job for IdempotencyCleanup {
    const KIND: &'static str = "idempotency_cleanup";
    const QUEUE: Queue = queue::SWEEP;
    const TERMS: Terms = terms::CLEANUP;
    type Data = Housekeeping;
}

/// Deletes what is due, as far as time allows; a repeat finds less to do.
pub async fn run(_: IdempotencyCleanup, data: Data<Housekeeping>) -> Outcome {
    let deleted = housekeeping::delete_answers(&data.pool, data.clock.now(), BUDGET).await;
    cleared("idempotency keys", deleted)
}
