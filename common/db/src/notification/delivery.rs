//! The delivery status of the messages about tickets, for the partner or company whose tickets they are.

use domain::id::{BookingId, CompanyId, PartnerId, TicketId};
use domain::language::Messenger;
use domain::notification::Channel;
use domain::notification::delivery::{Delivery, Reach, Recorded, judge};
use domain::provider::Fault;
use domain::ticket::Event;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// The owner of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Those that a partner sold.
    Partner(PartnerId),
    /// Those on the buses of a company.
    Company(CompanyId),
}

impl Owner {
    /// The id of the partner, or else of the company.
    pub(super) const fn ids(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Partner(id) => (Some(id.0), None),
            Self::Company(id) => (None, Some(id.0)),
        }
    }
}

/// The tickets of a partner's booking, in the order of their creation.
///
/// # Errors
/// Database errors only.
pub async fn of_booking(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    booking_id: BookingId,
) -> AppResult<Vec<TicketId>> {
    let ids = sqlx::query_scalar!(
        r#"select id as "id: TicketId" from tickets where partner_id = $1 and booking_id = $2 order by id limit 50"#,
        partner_id as PartnerId,
        booking_id as BookingId,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

/// The deliveries of tickets: a line for each channel of the latest `events` events of each ticket, by ticket and then
/// in the order of the events. A ticket that was sent to a corrected address has a line for that channel only. Tickets
/// of other owners are left out.
///
/// # Errors
/// Database errors only.
pub async fn deliveries(
    conn: &mut PgConnection,
    owner: Owner,
    tickets: &[TicketId],
    events: i64,
) -> AppResult<Vec<Delivery>> {
    let (partner_id, company_id) = owner.ids();
    let tickets: Vec<Uuid> = tickets.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select t.id as "ticket_id: TicketId", h.action as "event: Event", way.channel as "channel!: Channel",
                  n.id as "notification_id?", n.sent_at as "sent_at?", n.fault as "fault?",
                  n.last_error is not null as "has_failed!",
                  coalesce(j.state not in ('dead', 'done', 'canceled'), false) as "is_tried_again!",
                  coalesce(p.email <> '', false) as "has_email!",
                  array(select distinct messenger from passenger_phones f, unnest(f.messengers) as messenger
                        where f.passenger_id = p.id order by messenger) as "messengers!"
           from tickets t
           join passengers p on p.id = t.passenger_id
           cross join lateral (
               select id, action, number from ticket_history where ticket_id = t.id
               order by number desc nulls last, id desc limit $4
           ) h
           cross join (values (1, 'Email'), (2, 'Viber')) as way (position, channel)
           left join notifications n on n.history_id = h.id and n.channel = way.channel
           left join jobs j on j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '')
           where t.id = any($3) and ($1::uuid is null or t.partner_id = $1)
             and ($2::uuid is null or t.company_id = $2)
             and (h.action <> 'resent' or n.id is not null)
           order by t.id, h.number nulls first, h.id, way.position"#,
        partner_id,
        company_id,
        &tickets,
        events,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let recorded = row.notification_id.map(|_| Recorded {
                sent_at: row.sent_at,
                has_failed: row.has_failed,
                fault: row.fault.as_deref().and_then(Fault::of),
                is_tried_again: row.is_tried_again,
            });
            let messengers = row.messengers.iter().filter_map(|word| word.parse::<Messenger>().ok());
            let reach = Reach {
                has_email: row.has_email,
                messengers: messengers.collect(),
            };
            let (state, at, reason) = judge(row.channel, recorded, &reach);
            Delivery {
                ticket_id: row.ticket_id,
                event: row.event,
                channel: row.channel,
                state,
                at,
                reason,
            }
        })
        .collect())
}
