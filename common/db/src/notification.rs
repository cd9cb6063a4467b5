//! Messages to passengers and their content.

mod content;
mod delivery;
mod printed;

use chrono::{DateTime, Utc};
use domain::id::{HistoryId, NotificationId, PartnerId, TicketId};
use domain::notification::Channel;
use domain::provider::Fault;
use domain::ticket::Event;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

pub use content::{Content, ContentCall, find_content};
pub use delivery::{Owner, deliveries, of_booking};
pub use printed::{Printed, printed};

/// A ticket event to record messages for, with an id for each channel that may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewNotifications {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The history row of the event.
    pub history_id: HistoryId,
    /// The event.
    pub event: Event,
    /// The id that a mail gets.
    pub email_id: Option<NotificationId>,
    /// The id that a Viber message gets.
    pub viber_id: Option<NotificationId>,
}

/// A message that was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// Its id.
    pub id: NotificationId,
    /// Its channel.
    pub channel: Channel,
    /// The event.
    pub event: Event,
    /// Who sold the ticket.
    pub partner_id: PartnerId,
}

/// Records a mail for each passenger with an address and a Viber message for each with a phone that lists Viber;
/// returns which of them were new, for the tickets that exist.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, now: DateTime<Utc>, new: &[NewNotifications]) -> AppResult<Vec<Recorded>> {
    let tickets: Vec<_> = new.iter().map(|n| n.ticket_id.0).collect();
    let histories: Vec<_> = new.iter().map(|n| n.history_id.0).collect();
    let events: Vec<_> = new.iter().map(|n| n.event.word().to_owned()).collect();
    let emails: Vec<_> = new.iter().map(|n| n.email_id.map(|id| id.0)).collect();
    let vibers: Vec<_> = new.iter().map(|n| n.viber_id.map(|id| id.0)).collect();
    Ok(sqlx::query_as!(
        Recorded,
        r#"with recorded as (
           insert into notifications (id, ticket_id, history_id, channel, event, created_at)
           select way.id, new.ticket_id, new.history_id, way.channel, new.event, $6
           from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[])
                as new (ticket_id, history_id, event, email_id, viber_id)
           join tickets t on t.id = new.ticket_id
           join passengers p on p.id = t.passenger_id
           cross join lateral (values
               (new.email_id, 'Email', p.email <> ''),
               (new.viber_id, 'Viber', exists (select from passenger_phones f
                                               where f.passenger_id = p.id and 'Viber' = any (f.messengers)))
           ) as way (id, channel, wanted)
           where way.wanted and way.id is not null
           on conflict (history_id, channel) do nothing
           returning id, ticket_id, channel, event
           )
           select r.id as "id: NotificationId", channel as "channel: Channel", event as "event: Event",
                  t.partner_id as "partner_id: PartnerId"
           from recorded r join tickets t on t.id = r.ticket_id"#,
        &tickets,
        &histories,
        &events,
        &emails as &[Option<Uuid>],
        &vibers as &[Option<Uuid>],
        now,
    )
    .fetch_all(conn)
    .await?)
}

/// Whether a message may be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Yes; the attempt is recorded.
    Begun {
        /// 1 for the first.
        attempt: i16,
        /// The ticket that it is about.
        ticket_id: TicketId,
        /// The event that it is about.
        event: Event,
    },
    /// No: it has been sent.
    Sent,
    /// There is no such message on this channel.
    Unknown,
}

/// Records that an attempt begins, unless the message has been sent.
///
/// # Errors
/// Database errors only.
pub async fn begin(
    conn: &mut PgConnection,
    id: NotificationId,
    channel: Channel,
    now: DateTime<Utc>,
) -> AppResult<Start> {
    let row = sqlx::query!(
        r#"with begun as (
               update notifications
               set state = 'sending', attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, $3)
               where id = $1 and channel = $2 and state <> 'sent'
               returning attempts
           )
           select (select attempts from begun) as attempt, ticket_id as "ticket_id: TicketId",
                  event as "event: Event"
           from notifications where id = $1 and channel = $2"#,
        id as NotificationId,
        channel as Channel,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(match row {
        Some(row) => match row.attempt {
            Some(attempt) => Start::Begun {
                attempt,
                ticket_id: row.ticket_id,
                event: row.event,
            },
            None => Start::Sent,
        },
        None => Start::Unknown,
    })
}

/// Records that a message was accepted by the mail system or the provider, and the reply, if that has words.
///
/// # Errors
/// Database errors only.
pub async fn mark_sent(conn: &mut PgConnection, id: NotificationId, now: DateTime<Utc>, reply: &str) -> AppResult<()> {
    sqlx::query!(
        "update notifications
         set state = 'sent', sent_at = $2, last_error = null, reply = nullif($3::text, '') where id = $1",
        id as NotificationId,
        now,
        reply,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back the beginning of an attempt for which no request was sent.
///
/// # Errors
/// Database errors only.
pub async fn take_back(conn: &mut PgConnection, id: NotificationId) -> AppResult<()> {
    sqlx::query!(
        "update notifications
         set attempts = attempts - 1, state = case when attempts > 1 then 'failed' else 'pending' end,
             first_attempt_at = case when attempts > 1 then first_attempt_at end
         where id = $1 and state = 'sending'",
        id as NotificationId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records that an attempt failed, and whose fault that was.
///
/// # Errors
/// Database errors only.
pub async fn mark_failed(conn: &mut PgConnection, id: NotificationId, fault: Fault, error: &str) -> AppResult<()> {
    sqlx::query!(
        "update notifications set state = 'failed', last_error = $2, fault = $3 where id = $1 and state <> 'sent'",
        id as NotificationId,
        error,
        fault.word(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
