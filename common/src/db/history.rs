//! History of tickets: one line for everything that happens to them.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::order::{Event, State};
use crate::error::AppResult;
use crate::id::{HistoryId, TicketId};

/// A line of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: HistoryId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// What happened.
    pub event: Event,
    /// Where the ticket stands after it.
    pub state: State,
}

/// Writes history.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    rows: &[Line],
    now: DateTime<Utc>,
    actor: &str,
    request_id: Option<&str>,
) -> AppResult<()> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let tickets: Vec<Uuid> = rows.iter().map(|row| row.ticket_id.0).collect();
    let actions: Vec<String> = rows.iter().map(|row| row.event.to_string()).collect();
    let statuses: Vec<String> = rows.iter().map(|row| row.state.status.to_string()).collect();
    let payment_statuses: Vec<String> = rows.iter().map(|row| row.state.payment_status.to_string()).collect();
    sqlx::query!(
        "insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id)
         select id, ticket_id, $1, action, status, payment_status, $2, $3
         from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[])
              as new (id, ticket_id, action, status, payment_status)",
        now,
        actor,
        request_id,
        &ids,
        &tickets,
        &actions,
        &statuses,
        &payment_statuses,
    )
    .execute(conn)
    .await?;
    Ok(())
}
