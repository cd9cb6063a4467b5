//! History of tickets: one line for everything that happens to them.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, HistoryId, TicketId};
use domain::ticket::{Event, PaymentStatus, State, TicketStatus};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A line of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: HistoryId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The event.
    pub event: Event,
    /// State of the ticket after it.
    pub state: State,
}

/// Who wrote lines of history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author<'a> {
    /// A prefixed id, or the word `system`.
    pub name: &'a str,
    /// `x-request-id` of the request.
    pub request_id: Option<&'a str>,
    /// The reason, as entered by the operator.
    pub reason: Option<&'a str>,
}

/// Writes history. The caller holds locks on the tickets' rows, so that the numbers that the database assigns increase
/// in the order of commits.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, rows: &[Line], now: DateTime<Utc>, author: Author<'_>) -> AppResult<()> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let tickets: Vec<Uuid> = rows.iter().map(|row| row.ticket_id.0).collect();
    let actions: Vec<String> = rows.iter().map(|row| row.event.to_string()).collect();
    let statuses: Vec<String> = rows.iter().map(|row| row.state.status.to_string()).collect();
    let payment_statuses: Vec<String> = rows.iter().map(|row| row.state.payment_status.to_string()).collect();
    sqlx::query!(
        "insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id, reason)
         select id, ticket_id, $1, action, status, payment_status, $2, $3, $9
         from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[])
              as new (id, ticket_id, action, status, payment_status)",
        now,
        author.name,
        author.request_id,
        &ids,
        &tickets,
        &actions,
        &statuses,
        &payment_statuses,
        author.reason,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When an event happened to a ticket since an instant: the latest times, at most `limit`, newest first.
///
/// # Errors
/// Database errors only.
pub async fn times(
    conn: &mut PgConnection,
    ticket_id: TicketId,
    event: Event,
    since: DateTime<Utc>,
    limit: i64,
) -> AppResult<Vec<DateTime<Utc>>> {
    let times = sqlx::query_scalar!(
        "select at from ticket_history where ticket_id = $1 and action = $2 and at > $3 order by at desc limit $4",
        ticket_id as TicketId,
        event as Event,
        since,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(times)
}

/// A line of history, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: HistoryId,
    /// When it was.
    pub at: DateTime<Utc>,
    /// The event.
    pub event: Event,
    /// State of the ticket after it.
    pub state: State,
    /// A prefixed id, or the word `system`.
    pub actor: String,
    /// Name of the person or the partner.
    pub actor_name: Option<String>,
    /// `x-request-id` of the request that did it.
    pub request_id: Option<String>,
    /// Why, in the words of the actor.
    pub reason: Option<String>,
}

/// The latest lines of a company's ticket, at most `limit`, oldest first: in the order of commits, independent of the
/// clocks of the processes.
///
/// # Errors
/// Database errors only.
pub async fn of_ticket(
    conn: &mut PgConnection,
    company_id: CompanyId,
    ticket_id: TicketId,
    limit: i64,
) -> AppResult<Vec<Entry>> {
    let rows = sqlx::query!(
        r#"select h.id as "id: HistoryId", h.at, h.action as "event: Event", h.status as "status: TicketStatus",
                  h.payment_status as "payment_status: PaymentStatus", h.actor,
                  coalesce(u.first_name || ' ' || u.last_name, p.name) as actor_name, h.request_id, h.reason
           from ticket_history h join tickets t on t.id = h.ticket_id
                left join users u on u.id = case when h.actor ~ '^usr_[0-9a-f]{32}$' then substr(h.actor, 5)::uuid end
                left join partners p on p.id = case when h.actor ~ '^prt_[0-9a-f]{32}$' then substr(h.actor, 5)::uuid end
           where t.company_id = $1 and h.ticket_id = $2
           order by h.number desc nulls last, h.id desc limit $3"#,
        company_id as CompanyId,
        ticket_id as TicketId,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .rev()
        .map(|row| Entry {
            id: row.id,
            at: row.at,
            event: row.event,
            state: State {
                status: row.status,
                payment_status: row.payment_status,
            },
            actor: row.actor,
            actor_name: row.actor_name,
            request_id: row.request_id,
            reason: row.reason,
        })
        .collect())
}
