//! Messages that could not be delivered: those that [`super::count`] counts, one by one.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TicketId};
use domain::notification::Channel;
use domain::order::{Event, PaymentStatus, State, TicketStatus};
use domain::provider::Fault;
use domain::reference::Reference;
use sqlx::PgConnection;

use super::{MOST, RECENT};
use crate::error::AppResult;

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDelivery {
    /// The ticket that it is about.
    pub ticket_id: TicketId,
    /// What people call that ticket.
    pub reference: Reference,
    /// State of the ticket at present.
    pub state: State,
    /// Given name of the passenger.
    pub first_name: String,
    /// Family name of the passenger.
    pub last_name: String,
    /// When the passenger boards.
    pub boarding_at: DateTime<Utc>,
    /// What the message tells of.
    pub event: Event,
    /// How it should have travelled.
    pub channel: Channel,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Whose fault it was, where that is known.
    pub fault: Option<Fault>,
}

/// A page (take, skip) of the messages of a company, newest first, and how many there are: [`MOST`] at most.
///
/// # Errors
/// Database errors only.
pub async fn failed_deliveries(
    conn: &mut PgConnection,
    company_id: CompanyId,
    (take, skip): (i64, i64),
    now: DateTime<Utc>,
) -> AppResult<(Vec<FailedDelivery>, i64)> {
    let rows = sqlx::query!(
        r#"with failed as materialized (
               select id, ticket_id, history_id, channel, created_at, fault
               from notifications where state = 'failed' and created_at >= $2
           ), unheard as materialized (
               select n.*
               from failed n
               cross join lateral (
                   select from tickets t
                   where t.id = n.ticket_id and t.company_id = $1 and t.boarding_at > $3
                   limit 1
               ) own
               where not exists (
                   select from notifications later
                   where later.ticket_id = n.ticket_id and later.channel = n.channel and later.state = 'sent'
                     and later.created_at > n.created_at
               )
               order by n.created_at desc, n.id desc
               limit $4
           )
           select t.id as "ticket_id: TicketId", t.reference as "reference: Reference", t.status as "status: TicketStatus",
                  t.payment_status as "payment_status: PaymentStatus", t.created_at as sold_at, p.first_name,
                  p.last_name, t.boarding_at, h.action as "event: Event", n.channel as "channel!: Channel",
                  n.created_at as "created_at!", n.fault
           from unheard n
           join tickets t on t.id = n.ticket_id
           join passengers p on p.id = t.passenger_id
           join ticket_history h on h.id = n.history_id
           order by n.created_at desc, n.id desc limit $5 offset $6"#,
        company_id as CompanyId,
        now - RECENT,
        now,
        MOST,
        take,
        skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    let deliveries = rows.into_iter().map(|row| {
        let stored = State {
            status: row.status,
            payment_status: row.payment_status,
        };
        FailedDelivery {
            ticket_id: row.ticket_id,
            reference: row.reference,
            state: stored.at(row.sold_at, now),
            first_name: row.first_name,
            last_name: row.last_name,
            boarding_at: row.boarding_at,
            event: row.event,
            channel: row.channel,
            created_at: row.created_at,
            fault: row.fault.as_deref().and_then(Fault::of),
        }
    });
    let deliveries = deliveries.collect();
    let total = sqlx::query_scalar!(
        r#"with failed as materialized (
               select ticket_id, channel, created_at from notifications where state = 'failed' and created_at >= $2
           )
           select count(*) as "total!" from (
               select from failed n
               cross join lateral (
                   select from tickets t
                   where t.id = n.ticket_id and t.company_id = $1 and t.boarding_at > $3
                   limit 1
               ) own
               where not exists (
                   select from notifications later
                   where later.ticket_id = n.ticket_id and later.channel = n.channel and later.state = 'sent'
                     and later.created_at > n.created_at
               )
               limit $4
           ) unheard"#,
        company_id as CompanyId,
        now - RECENT,
        now,
        MOST,
    )
    .fetch_one(conn)
    .await?;
    Ok((deliveries, total))
}
