//! Fetches the positions of an account's enabled objects.

use common::app::geolocation::{self, Polled};
use common::id::FmsAccountId;
use common::jobs::{Cause, Outcome};

use super::Handlers;

/// Polls. What the provider does wrong is noted at the account, and the clock asks again.
pub async fn run(handlers: &Handlers, account_id: FmsAccountId, cause: &Cause) -> Outcome {
    let Some(fleet) = &handlers.fleet else {
        return super::misdirected();
    };
    match geolocation::poll(fleet, account_id, cause).await {
        Ok(Polled::Positions { asked, stored, dropped }) => {
            tracing::debug!(%account_id, asked, stored, dropped, "positions fetched");
            Outcome::Done
        }
        Ok(Polled::Nothing) => Outcome::Done,
        Ok(Polled::TurnedAway { reason }) => {
            tracing::info!(%account_id, reason, "poll of a fleet provider postponed");
            Outcome::Done
        }
        Ok(Polled::Failed {
            reason,
            failures,
            needs_people,
        }) => {
            if needs_people {
                super::alert(&reason);
            }
            tracing::warn!(%account_id, reason, failures, "could not poll a fleet provider");
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
