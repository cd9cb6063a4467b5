//! Fetches the list of trackers of an account at a tracking provider.
//!
//! Cause: an account is new; then every hour (`scheduler/src/tracking.rs`).

use apalis_core::task::data::Data;
use chrono::{DateTime, Utc};
use domain::id::TrackingAccountId;
use ledger::{Job, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{outcome, queue, terms};
use crate::tracking::{self, Synced, Tracking};

/// Sync one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackingSync {
    /// The account.
    pub account_id: TrackingAccountId,
}

impl Job for TrackingSync {
    const KIND: &'static str = "geolocation_sync";
    const QUEUE: Queue = queue::TRACKING;
    const TERMS: Terms = terms::TRACKING;
    type Data = Tracking;
}

/// The key of the sync that is due at an instant. An account stores its latest key, so that it has one sync at a time.
#[must_use]
pub fn key(account_id: TrackingAccountId, due_at: DateTime<Utc>) -> String {
    format!("{}:{account_id}:{}", TrackingSync::KIND, due_at.timestamp_micros())
}

/// Syncs the account. Failures of the provider are stored with the account, and the sync is repeated on schedule.
pub async fn run(job: TrackingSync, tracking: Data<Tracking>) -> Outcome {
    let account_id = job.account_id;
    match tracking::sync(&tracking, account_id).await {
        Ok(Synced::Trackers { listed, buses }) => {
            tracing::info!(%account_id, listed, buses, "trackers of a tracking provider listed");
            Outcome::Done
        }
        Ok(Synced::Nothing) => Outcome::Done,
        Ok(Synced::Failed { reason, needs_people }) => {
            if needs_people {
                outcome::alert(&reason);
            }
            tracing::warn!(%account_id, reason, "could not list the trackers of a tracking provider");
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
