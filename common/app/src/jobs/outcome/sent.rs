//! What an attempt to send a message means for its job.

use chrono::TimeDelta;
use kernel::chain;
use ledger::Outcome;

use super::{alert, postponed};
use crate::notification::send::{SendError, Sent};

/// The outcome of an attempt to send a message.
pub fn sent(sent: Result<Sent, SendError>) -> Outcome {
    match sent {
        Ok(Sent::Now | Sent::Before) => Outcome::Done,
        Err(SendError::Retry {
            needs_people,
            after,
            source,
        }) => {
            if let postponed @ Outcome::Postponed { .. } = Outcome::of_failure(source.as_ref()) {
                return postponed;
            }
            let reason = chain(source.as_ref());
            if needs_people {
                alert(&reason);
            }
            Outcome::Held {
                reason,
                after: after.and_then(|after| TimeDelta::from_std(after).ok()),
            }
        }
        Err(SendError::TurnedAway(turned_away)) => postponed(turned_away),
        Err(error @ (SendError::Permanent { .. } | SendError::NotFound)) => Outcome::Fail(chain(&error)),
    }
}
