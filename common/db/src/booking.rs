//! Bookings: writing, finding and reading them whole.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::booking::{Booking, Ticket};
use domain::id::{BookingId, CompanyId, PartnerId};
use domain::language::Language;
use domain::money::Currency;
use domain::reference::Reference;
use domain::ticket::{PaymentStatus, TicketStatus};
use sqlx::PgConnection;
use uuid::Uuid;

use super::list_count::{self, List, Paged};
use super::permission;
use super::ticket::whole::{self, Row, Whole};
use crate::error::AppResult;

/// Writes a booking; its tickets follow.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    id: BookingId,
    language: Language,
    currency: Currency,
    departure_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
        id as BookingId,
        partner_id as PartnerId,
        language as Language,
        currency as Currency,
        departure_at,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which bookings a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Only those whose boarding instant falls on this UTC day.
    pub departure_day: Option<NaiveDate>,
    /// Page size.
    pub take: i64,
    /// Number of entries to skip.
    pub skip: i64,
}

/// A page of a partner's bookings, newest first, and how many there are in all. A booking whose tickets were
/// all moved is not listed.
///
/// The cost does not depend on the number of bookings: the page is read from an index in its order, the total from
/// maintained counts. What is skipped costs index entries of one day at most (of departure with a day, else of
/// creation).
///
/// # Errors
/// Database errors only.
pub async fn page(conn: &mut PgConnection, partner_id: PartnerId, filter: Filter) -> AppResult<(Vec<BookingId>, i64)> {
    let total = list_count::of_day(conn, List::BookingsByDeparture, partner_id.0, filter.departure_day).await?;
    let ids = match filter.departure_day {
        Some(day) => {
            sqlx::query_scalar!(
                "select id from bookings
                 where partner_id = $1 and not emptied and (departure_at at time zone 'UTC')::date = $2
                 order by id desc limit $3 offset $4",
                partner_id as PartnerId,
                day,
                filter.take,
                filter.skip,
            )
            .fetch_all(conn)
            .await?
        }
        None => {
            let (first, skip) = list_count::page_start(conn, Paged::Bookings, partner_id.0, filter.skip).await?;
            sqlx::query_scalar!(
                "select id from bookings where partner_id = $1 and not emptied and id <= $2
                 order by id desc limit $3 offset $4",
                partner_id as PartnerId,
                first,
                filter.take,
                skip,
            )
            .fetch_all(conn)
            .await?
        }
    };
    Ok((ids.into_iter().map(BookingId).collect(), total))
}

/// The booking that has the tickets of a partner's booking now: itself while it has any, else the one other booking
/// that all of them are in. `None` when it is unknown, another partner's, or split.
///
/// # Errors
/// Database errors only.
pub async fn current(conn: &mut PgConnection, partner_id: PartnerId, id: BookingId) -> AppResult<Option<BookingId>> {
    let bookings = sqlx::query_scalar!(
        "with own as (select booking_id from tickets where booking_id = $1 and partner_id = $2 limit 1)
         select booking_id from own
         union
         select t.booking_id from ticket_moves m join tickets t on t.id = m.ticket_id
         where m.from_booking_id = $1 and t.partner_id = $2 and not exists (select from own)
         limit 2",
        id as BookingId,
        partner_id as PartnerId,
    )
    .fetch_all(conn)
    .await?;
    Ok(match bookings.as_slice() {
        [Some(only)] => Some(BookingId(*only)),
        _ => None,
    })
}

/// A partner's bookings with everything in them, in the given order, as they read at `now`. Unknown ids, those of other
/// partners, and bookings that cannot be read are left out; the last are logged with the reason.
///
/// # Errors
/// Database errors only.
pub async fn load(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    ids: &[BookingId],
    now: DateTime<Utc>,
) -> AppResult<Vec<Booking>> {
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let bookings = sqlx::query!(
        r#"select id, reference as "reference: Reference", language, departure_at, created_at,
                  greatest(updated_at, (select max(t.updated_at) from tickets t where t.booking_id = b.id)) as "updated_at!"
           from bookings b where id = any($1) and partner_id = $2"#,
        &wanted,
        partner_id as PartnerId,
    )
    .fetch_all(&mut *conn)
    .await?;
    let whole = tickets_of(conn, partner_id, &wanted, now).await?;
    let mut tickets: HashMap<BookingId, Vec<Ticket>> = HashMap::new();
    for ticket in whole.tickets {
        tickets.entry(ticket.booking_id).or_default().push(ticket);
    }
    let mut loaded: HashMap<BookingId, Booking> = bookings
        .into_iter()
        .filter_map(|row| {
            let id = BookingId(row.id);
            // A booking with some of its tickets would be wrong, not incomplete.
            if whole.unreadable.contains(&id) {
                return None;
            }
            let Ok(language) = row.language.parse::<Language>() else {
                tracing::error!(booking = %id, language = row.language, "could not read a booking: unknown language");
                return None;
            };
            let booking = Booking {
                id,
                reference: row.reference,
                language,
                created_at: row.created_at,
                updated_at: row.updated_at,
                departure_at: row.departure_at,
                tickets: tickets.remove(&id)?,
            };
            Some((id, booking))
        })
        .collect();
    Ok(ids.iter().filter_map(|id| loaded.remove(id)).collect())
}

async fn tickets_of(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    bookings: &[Uuid],
    now: DateTime<Utc>,
) -> AppResult<Whole> {
    let rows = sqlx::query_as!(
        Row,
        r#"select t.id, t.reference as "reference: Reference", t.booking_id, t.company_id, t.partner_id, t.trip_id, t.service_day, t.boarding_position,
                  t.alighting_position, t.seat, t.status as "status: TicketStatus",
                  t.payment_status as "payment_status: PaymentStatus", t.price_id, t.price, t.currency, t.discount_id,
                  t.refund_amount, t.note, t.created_at, t.passenger_id, p.first_name, p.last_name, p.email
           from tickets t join passengers p on p.id = t.passenger_id
           where t.booking_id = any($1) and t.partner_id = $2
           order by t.id"#,
        bookings,
        partner_id as PartnerId,
    )
    .fetch_all(&mut *conn)
    .await?;
    let permissions = permission::of_partner(conn, partner_id).await?;
    whole::assemble(conn, rows, |row| permissions.of(CompanyId(row.company_id)), now).await
}
