//! What the results of use cases mean for jobs, where several kinds of job share it. Each file below belongs to the use
//! cases whose results it knows, so that a job depends on no other use cases than its own.

use chrono::TimeDelta;
use clients::breaker::TurnedAway;
use ledger::Outcome;

pub mod cleared;
pub mod processed;
pub mod sent;

/// Alerts operators that they must fix something: credentials, an address, an account, a disk.
pub fn alert(reason: &str) {
    tracing::error!(reason, "provider refuses requests until our setup is fixed");
}

/// The outcome of a job that a client's breaker turned away.
pub fn postponed(turned_away: TurnedAway) -> Outcome {
    Outcome::Postponed {
        reason: turned_away.to_string(),
        after: TimeDelta::from_std(turned_away.after).unwrap_or_default(),
    }
}
