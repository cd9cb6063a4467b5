//! Fetches the positions of the tracked buses of an account at a tracking provider.
//!
//! Cause: a bus is switched on; then as often as the account says (`scheduler/src/tracking.rs`).

use apalis_core::task::data::Data;
use chrono::{DateTime, Utc};
use domain::id::TrackingAccountId;
use ledger::id::JobId;
use ledger::{Cause, Job, NewJob, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::{outcome, queue, terms};
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
    const TERMS: Terms = terms::TRACKING;
    type Data = Tracking;
}

/// The key of the poll that is due at an instant. An account stores its latest key, so that it has one poll at a time.
#[must_use]
pub fn key(account_id: TrackingAccountId, due_at: DateTime<Utc>) -> String {
    format!("{}:{account_id}:{}", TrackingPoll::KIND, due_at.timestamp_micros())
}

/// A poll beside the scheduled ones, with its key, which is unique even at an instant that was used before.
///
/// # Errors
/// Never: a payload of ids encodes.
pub fn new_job(
    account_id: TrackingAccountId,
    now: DateTime<Utc>,
    run_at: DateTime<Utc>,
) -> ledger::Result<(String, NewJob)> {
    let key = format!("{}:{}", key(account_id, now), JobId::new());
    let job = NewJob::new(&TrackingPoll { account_id }, run_at)?.with_key(key.clone());
    Ok((key, job))
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
                outcome::alert(&reason);
            }
            tracing::warn!(%account_id, reason, failures, "could not poll a tracking provider");
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}
