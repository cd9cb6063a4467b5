//! Fetches the positions of the tracked buses of an account at a fleet provider.

use apalis_core::task::data::Data;
use chrono::{DateTime, Utc};
use domain::id::FmsAccountId;
use ledger::{Cause, Job, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::queue;
use crate::geolocation::{self, Fleet, Polled};

/// Poll one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeolocationPoll {
    /// Whose.
    pub account_id: FmsAccountId,
}

impl Job for GeolocationPoll {
    const KIND: &'static str = "geolocation_poll";
    const QUEUE: Queue = queue::GEO;
    const TERMS: Terms = super::FLEET;
    type Data = Fleet;
}

/// The key of the poll that is due at an instant. An account remembers its latest, so that it has one at a time.
#[must_use]
pub fn key(account_id: FmsAccountId, due_at: DateTime<Utc>) -> String {
    super::account_key(GeolocationPoll::KIND, account_id, due_at)
}

/// Polls. What the provider does wrong is noted at the account, and the clock asks again.
pub async fn run(job: GeolocationPoll, cause: Cause, fleet: Data<Fleet>) -> Outcome {
    let account_id = job.account_id;
    match geolocation::poll(&fleet, account_id, &cause).await {
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
