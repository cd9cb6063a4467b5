//! Operators' actions on jobs and queues. They run in the caller's transaction, so that a caller can record them
//! atomically in an audit trail.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::db;
use crate::error::Result;
use crate::id::JobId;
use crate::job::Queue;
use crate::scheduler::WINDOW;

/// Maximum number of jobs that one statement changes.
const BATCH: usize = 1000;

/// An action on a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// A dead or canceled job is due now, and its attempts count from zero again.
    Retry,
    /// A waiting job will not run.
    Cancel,
    /// A dead job that needs no further attention is marked as canceled.
    Discard,
}

impl Act {
    /// Every action.
    pub const ALL: [Self; 3] = [Self::Retry, Self::Cancel, Self::Discard];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Cancel => "cancel",
            Self::Discard => "discard",
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that is not an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown value, expected one of retry cancel discard")]
pub struct UnknownAct;

impl FromStr for Act {
    type Err = UnknownAct;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|act| act.name() == name).ok_or(UnknownAct)
    }
}

/// Applies an action to those of these jobs whose states allow it, in batches, and returns their ids. A job that
/// another transaction is changing counts as one whose state does not allow it.
///
/// # Errors
/// Database errors only.
pub async fn act(conn: &mut PgConnection, now: DateTime<Utc>, act: Act, ids: &[JobId]) -> Result<Vec<JobId>> {
    let mut moved = Vec::new();
    for batch in ids.chunks(BATCH) {
        moved.extend(match act {
            Act::Retry => db::handling::retry(conn, now, batch).await?,
            Act::Cancel => db::handling::cancel(conn, now, batch, &["ready", "sent"]).await?,
            Act::Discard => db::handling::cancel(conn, now, batch, &["dead"]).await?,
        });
    }
    Ok(moved)
}

/// Pauses a queue: the relay sends nothing into it until [`resume`], even if it is restarted, and jobs that were sent
/// and not claimed wait in the ledger again. Running jobs finish, and so may those that a relay or a worker is just
/// handling. False when it was paused already.
///
/// # Errors
/// Database errors only.
pub async fn pause(conn: &mut PgConnection, queue: Queue) -> Result<bool> {
    let is_new = db::queue::pause(conn, queue).await?;
    // Enough for both lists of the queue; with several relays each may exceed the window by a batch.
    db::queue::take_back(conn, queue, 4 * WINDOW).await?;
    Ok(is_new)
}

/// Lets the relay send into a queue again; false when it was not paused.
///
/// # Errors
/// Database errors only.
pub async fn resume(conn: &mut PgConnection, queue: Queue) -> Result<bool> {
    db::queue::resume(conn, queue).await
}
