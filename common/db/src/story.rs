//! All that is known about a booking, a ticket, a message, a report, an upload of a timetable or a request, for
//! operators who ask what happened. Every statement is bounded and finds its rows by an index. Jobs are read by the
//! ledger (`ledger::db::story`).

use chrono::{DateTime, Utc};
use domain::id::{BookingId, NotificationId, PartnerId, TicketId};
use domain::notification::Channel;
use domain::reference::Reference;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

mod report;
mod upload;

pub use report::{Report, ReportMail, ReportRun, report_mails, report_of, report_runs, reports};
pub use upload::{Upload, uploads};

/// The tickets that a story is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor<'a> {
    /// Those that are or were in a booking.
    Booking(BookingId),
    /// One.
    Ticket(TicketId),
    /// That of a message, of whose history only the line of the message matters.
    Message(NotificationId),
    /// Those that a request changed, of whose history only the lines of the request matter.
    Request(&'a str),
}

/// The tickets, at most `limit`.
///
/// # Errors
/// Database errors only.
pub async fn ticket_ids(conn: &mut PgConnection, anchor: Anchor<'_>, limit: i64) -> AppResult<Vec<Uuid>> {
    let ids = match anchor {
        Anchor::Booking(id) => sqlx::query_scalar!(
            r#"select id as "id!" from (
                   select id from tickets where booking_id = $1
                   union select ticket_id from ticket_moves where from_booking_id = $1
               ) as of_booking order by id limit $2"#,
            id.0,
            limit,
        )
        .fetch_all(conn),
        Anchor::Ticket(id) => sqlx::query_scalar!("select id from tickets where id = $1", id.0).fetch_all(conn),
        Anchor::Message(id) => {
            sqlx::query_scalar!("select ticket_id from notifications where id = $1", id.0).fetch_all(conn)
        }
        Anchor::Request(id) => sqlx::query_scalar!(
            "select distinct ticket_id from ticket_history where request_id = $1 order by ticket_id limit $2",
            id,
            limit,
        )
        .fetch_all(conn),
    };
    Ok(ids.await?)
}

/// The booking and the ticket with this reference; only one of the two has it.
///
/// # Errors
/// Database errors only.
pub async fn of_reference(
    conn: &mut PgConnection,
    reference: &Reference,
) -> AppResult<(Option<BookingId>, Option<TicketId>)> {
    let row = sqlx::query!(
        r#"select (select id from bookings where reference = $1) as "booking?: BookingId",
                  (select id from tickets where reference = $1) as "ticket?: TicketId""#,
        reference as &Reference,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.booking, row.ticket))
}

/// A line of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// The ticket.
    pub ticket_id: TicketId,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub action: String,
    /// Status after it.
    pub status: String,
    /// Payment status after it.
    pub payment_status: String,
    /// Who: a prefixed id, or the word `system`.
    pub actor: String,
    /// The request.
    pub request_id: Option<String>,
    /// The reason, as entered by the operator.
    pub reason: Option<String>,
    /// Whether the passenger could be reached then as they can be now: nothing happened later, or neither a move nor
    /// another sending of the ticket may have replaced the passenger or an address.
    pub is_reach_known: bool,
}

/// The lines of history of these tickets that matter for the anchor, at most `limit`, in their order.
///
/// # Errors
/// Database errors only.
pub async fn lines(conn: &mut PgConnection, anchor: Anchor<'_>, tickets: &[Uuid], limit: i64) -> AppResult<Vec<Line>> {
    let request_id = match anchor {
        Anchor::Request(id) => Some(id),
        _ => None,
    };
    let message_id = match anchor {
        Anchor::Message(id) => Some(id.0),
        _ => None,
    };
    Ok(sqlx::query_as!(
        Line,
        r#"select id, ticket_id as "ticket_id: TicketId", at, action, status, payment_status, actor, request_id, reason,
                  (id = (select o.id from ticket_history o where o.ticket_id = h.ticket_id
                         order by o.number desc nulls last, o.id desc limit 1)
                   or not exists (select from ticket_history o
                                  where o.ticket_id = h.ticket_id and o.action in ('moved', 'resent')))
                      as "is_reach_known!"
           from ticket_history h
           where ticket_id = any($1) and ($2::text is null or request_id = $2)
             and ($3::uuid is null or id = (select history_id from notifications where id = $3))
           order by number nulls first, id limit $4"#,
        tickets,
        request_id,
        message_id,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// A ticket as it is now, and how its passenger can be reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Its id.
    pub id: TicketId,
    /// Its reference.
    pub reference: Reference,
    /// Its booking.
    pub booking_id: BookingId,
    /// The partner.
    pub partner_id: PartnerId,
    /// Short name of the partner.
    pub partner: String,
    /// Short name of the company.
    pub company: String,
    /// Status.
    pub status: String,
    /// Payment status.
    pub payment_status: String,
    /// Seat number.
    pub seat: i16,
    /// Whether it holds that seat.
    pub holds_seat: bool,
    /// Boarding instant.
    pub boarding_at: DateTime<Utc>,
    /// Price.
    pub price: Decimal,
    /// Its currency.
    pub currency: String,
    /// What was refunded.
    pub refund_amount: Option<Decimal>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// Address of the passenger: personal data, to be masked.
    pub email: Option<String>,
    /// Phones of the passenger.
    pub phones: i64,
    /// Messengers of these phones.
    pub messengers: Vec<String>,
}

/// These tickets.
///
/// # Errors
/// Database errors only.
pub async fn tickets(conn: &mut PgConnection, ids: &[Uuid]) -> AppResult<Vec<Ticket>> {
    Ok(sqlx::query_as!(
        Ticket,
        r#"select t.id as "id: TicketId", t.reference as "reference: Reference",
                  t.booking_id as "booking_id: BookingId", t.partner_id as "partner_id: PartnerId",
                  partner.slug as partner, c.slug as company, t.status, t.payment_status, t.seat,
                  exists (select from seat_holds h where h.ticket_id = t.id) as "holds_seat!", t.boarding_at, t.price,
                  t.currency, t.refund_amount, t.updated_at, p.email,
                  (select count(*) from passenger_phones f where f.passenger_id = p.id) as "phones!",
                  array(select distinct m from passenger_phones f, unnest(f.messengers) as m
                        where f.passenger_id = p.id order by m) as "messengers!"
           from tickets t join passengers p on p.id = t.passenger_id
           join partners partner on partner.id = t.partner_id join companies c on c.id = t.company_id
           where t.id = any($1) order by t.id"#,
        ids,
    )
    .fetch_all(conn)
    .await?)
}

/// A message to a passenger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: NotificationId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The line of history that it is about.
    pub history_id: Uuid,
    /// How it travels.
    pub channel: Channel,
    /// `pending`, `sending`, `sent` or `failed`.
    pub state: String,
    /// Attempts to send it.
    pub attempts: i16,
    /// When it was sent.
    pub sent_at: Option<DateTime<Utc>>,
    /// Reply of the provider that accepted it.
    pub reply: Option<String>,
    /// Response to the latest attempt.
    pub last_error: Option<String>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

/// The messages of these lines of history.
///
/// # Errors
/// Database errors only.
pub async fn messages(conn: &mut PgConnection, lines: &[Uuid]) -> AppResult<Vec<Message>> {
    Ok(sqlx::query_as!(
        Message,
        r#"select id as "id: NotificationId", ticket_id as "ticket_id: TicketId", history_id, channel as "channel: Channel",
                  state, attempts, sent_at, reply, last_error, created_at
           from notifications where history_id = any($1) order by created_at, id"#,
        lines,
    )
    .fetch_all(conn)
    .await?)
}

/// A move of a ticket to another booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The booking before the move.
    pub from: BookingId,
    /// The booking after the move.
    pub to: BookingId,
    /// When it was made.
    pub at: DateTime<Utc>,
}

/// The moves of these tickets, at most `limit`.
///
/// # Errors
/// Database errors only.
pub async fn moves(conn: &mut PgConnection, tickets: &[Uuid], limit: i64) -> AppResult<Vec<Move>> {
    Ok(sqlx::query_as!(
        Move,
        r#"select ticket_id as "ticket_id: TicketId", from_booking_id as "from: BookingId", to_booking_id as "to: BookingId", at
           from ticket_moves where ticket_id = any($1) order by at, id limit $2"#,
        tickets,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
