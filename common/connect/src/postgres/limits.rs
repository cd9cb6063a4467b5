//! How long the server lets a connection hold what others wait for. A process that is stuck (stopped, swapped out, cut
//! off with its connections open) keeps the rows and seats that it has locked no longer than this.

use std::time::Duration;

use sqlx::PgConnection;

use super::Error;

/// The limits of a connection; the server ends what exceeds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For one statement, waiting for locks included; then it is cancelled.
    pub statement: Duration,
    /// For a transaction between two statements; then the connection is closed and the transaction rolled back.
    pub idle_in_transaction: Duration,
}

impl Limits {
    /// For the small statements that deliver jobs.
    pub const JOBS: Self = Self {
        statement: Duration::from_secs(20),
        idle_in_transaction: Duration::from_secs(10),
    };

    /// For the transaction that writes an uploaded timetable. It first waits until no other import runs; its job is stopped
    /// after 20 minutes.
    pub const IMPORT: Self = Self {
        statement: Duration::from_secs(20 * 60),
        idle_in_transaction: Duration::from_secs(2 * 60),
    };

    /// For the command line, whose imports and migrations take longer.
    pub const ADMIN: Self = Self {
        statement: Duration::from_secs(30 * 60),
        idle_in_transaction: Duration::from_secs(2 * 60),
    };

    /// Sets them for the life of a connection, or until the present transaction ends (`is_local`).
    pub(super) async fn set(self, conn: &mut PgConnection, is_local: bool) -> Result<(), Error> {
        let millis = |limit: Duration| limit.as_millis().to_string();
        sqlx::query!(
            "select set_config('statement_timeout', $1, $3) as statement,
                    set_config('idle_in_transaction_session_timeout', $2, $3) as idle_in_transaction",
            millis(self.statement),
            millis(self.idle_in_transaction),
            is_local,
        )
        .fetch_one(conn)
        .await?;
        Ok(())
    }
}
