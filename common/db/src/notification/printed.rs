//! Tickets that are requested as files.

use domain::id::{BookingId, TicketId};
use domain::ticket::{Event, TicketStatus};
use sqlx::PgConnection;

use super::Owner;
use crate::error::AppResult;

/// What decides whether a ticket is printed, and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// Its present booking.
    pub booking_id: BookingId,
    /// As stored: a ticket that is stored as confirmed does not become anything else with time.
    pub status: TicketStatus,
    /// The latest event that made it valid or changed it; `None` when there was none.
    pub event: Option<Event>,
}

/// What decides whether a ticket of this owner is printed; `None` when it is unknown or another owner's.
///
/// # Errors
/// Database errors only.
pub async fn printed(conn: &mut PgConnection, owner: Owner, id: TicketId) -> AppResult<Option<Printed>> {
    let (partner_id, company_id) = owner.ids();
    let events = Event::ALL.iter().filter(|event| event.carries_ticket());
    let events: Vec<String> = events.map(ToString::to_string).collect();
    let row = sqlx::query!(
        r#"select t.booking_id as "booking_id: BookingId", t.status as "status: TicketStatus",
                  (select action from ticket_history h where h.ticket_id = t.id and h.action = any($4)
                   order by number desc nulls last, id desc limit 1) as "event: Event"
           from tickets t
           where t.id = $3 and ($1::uuid is null or t.partner_id = $1) and ($2::uuid is null or t.company_id = $2)"#,
        partner_id,
        company_id,
        id as TicketId,
        &events,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Printed {
        booking_id: row.booking_id,
        status: row.status,
        event: row.event,
    }))
}
