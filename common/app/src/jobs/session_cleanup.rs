//! Deletes sessions that ended long ago, in bounded batches.
//!
//! Cause: every hour (`scheduler/src/housekeeping.rs`).

use apalis_core::task::data::Data;
use ledger::{Job, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::outcome::cleared::cleared;
use super::{queue, terms};
use crate::housekeeping::{self, BUDGET, Housekeeping};

/// Delete old sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionCleanup {}

impl Job for SessionCleanup {
    const KIND: &'static str = "session_cleanup";
    const QUEUE: Queue = queue::SWEEP;
    const TERMS: Terms = terms::CLEANUP;
    type Data = Housekeeping;
}

/// Deletes what is due, as far as time allows; a repeat finds less to do.
pub async fn run(_: SessionCleanup, data: Data<Housekeeping>) -> Outcome {
    let deleted = housekeeping::delete_sessions(&data.pool, data.clock.now(), BUDGET).await;
    cleared("sessions", deleted)
}
