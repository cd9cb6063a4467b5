//! Fetches the positions of the tracked buses of an account at a tracking provider.

use apalis_core::task::data::Data;
use chrono::{DateTime, Utc};
use domain::id::TrackingAccountId;
use ledger::{Cause, Job, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::queue;
use crate::tracking::{self, Polled, Tracking};

/// Poll one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackingPoll {
    /// The account.
    pub account_id: TrackingAccountId,
}

impl Job for TrackingPoll {
    const KIND: &'static str = "geolocation_poll";
    const QUEUE: Queue = queue::TRACKING;
    const TERMS: Terms = super::TRACKING;
    type Data = Tracking;
}

/// The key of the poll that is due at an instant. An account stores its latest key, so that it has one poll at a time.
#[must_use]
pub fn key(account_id: TrackingAccountId, due_at: DateTime<Utc>) -> String {
    super::account_key(TrackingPoll::KIND, account_id, due_at)
}

/// Polls the account. Failures of the provider are stored with the account, and the poll is repeated on schedule.
pub async fn run(job: TrackingPoll, cause: Cause, tracking: Data<Tracking>) -> Outcome {
    let account_id = job.account_id;
    match tracking::poll(&tracking, account_id, &cause).await {
        Ok(Polled::Positions { asked, stored, dropped }) => {
            tracing::debug!(%account_id, asked, stored, dropped, "positions fetched");
            Outcome::Done
        }
        Ok(Polled::Nothing) => Outcome::Done,
        Ok(Polled::TurnedAway { reason }) => {
            tracing::info!(%account_id, reason, "poll of a tracking provider postponed");
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
            tracing::warn!(%account_id, reason, failures, "could not poll a tracking provider");
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
