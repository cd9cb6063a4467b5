//! Closes expired tickets, in bounded batches.
//!
//! Cause: every second, when unpaid tickets are due, no sweep waits and fewer than two are running
//! (`scheduler/src/ticket_sweep.rs`).

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use ledger::{Cause, Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{queue, terms};
use crate::housekeeping::Housekeeping;
use crate::ticket;

/// Close what is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketSweep {}

impl Job for TicketSweep {
    const KIND: &'static str = "order_sweep";
    const QUEUE: Queue = queue::SWEEP;
    const TERMS: Terms = Terms {
        max_attempts: 5,
        timeout: TimeDelta::seconds(60),
        backoff: TimeDelta::seconds(1),
        hold_limit: terms::HOLD_LIMIT,
        priority: Priority::Urgent,
    };
    type Data = Housekeeping;
}

/// Closes what is due; a ticket that is already closed is left alone.
pub async fn run(_: TicketSweep, cause: Cause, housekeeping: Data<Housekeeping>) -> Outcome {
    match ticket::sweep(&housekeeping.pool, &housekeeping.clock, &cause).await {
        Ok(_) => Outcome::Done,
        Err(error) => Outcome::of_failure(&error),
    }
}
