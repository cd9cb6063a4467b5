//! Fetches the list of an account's objects.

use common::app::geolocation::{self, Synced};
use common::id::FmsAccountId;
use common::jobs::Outcome;

use super::Handlers;

/// Syncs. What the provider does wrong is noted at the account, and the clock asks again.
pub async fn run(handlers: &Handlers, account_id: FmsAccountId) -> Outcome {
    let Some(fleet) = &handlers.fleet else {
        return super::misdirected();
    };
    match geolocation::sync(fleet, account_id).await {
        Ok(Synced::Objects { listed, buses }) => {
            tracing::info!(%account_id, listed, buses, "fleet provider objects listed");
            Outcome::Done
        }
        Ok(Synced::Nothing) => Outcome::Done,
        Ok(Synced::Failed { reason, needs_people }) => {
            if needs_people {
                super::alert(&reason);
            }
            tracing::warn!(%account_id, reason, "could not list the objects of a fleet provider");
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
