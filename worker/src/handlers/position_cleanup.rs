//! Drops positions that are past their retention.

use common::app::geolocation;
use common::jobs::Outcome;

use super::Handlers;

/// Drops whole days; a repeat finds nothing to drop.
pub async fn run(handlers: &Handlers) -> Outcome {
    match geolocation::clean_up(&handlers.pool, handlers.clock.now(), handlers.position_retention).await {
        Ok(days) => {
            if days > 0 {
                tracing::info!(days, "old positions dropped");
            }
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
