//! Deletes answers to idempotency keys that are not replayed any more.

use common::app::housekeeping::{self, BUDGET};
use common::jobs::Outcome;

use super::Handlers;

/// Deletes what is due, or as much of it as there is time for; a repeat finds less to do.
pub async fn run(handlers: &Handlers) -> Outcome {
    let cleared = housekeeping::delete_answers(&handlers.pool, handlers.clock.now(), BUDGET).await;
    super::cleared("idempotency keys", cleared)
}
