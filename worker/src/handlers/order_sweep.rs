//! Closes unpaid orders whose time is over.

use common::app::order;
use common::jobs::{Cause, Outcome};

use super::Handlers;

/// Closes what is due; an order that is closed already is left alone.
pub async fn run(handlers: &Handlers, cause: &Cause) -> Outcome {
    match order::sweep(&handlers.pool, &handlers.clock, cause).await {
        Ok(closed) => {
            if closed > 0 {
                tracing::info!(closed, "unpaid orders closed");
            }
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
