//! Tickets as the company that sells the departure sees them.

mod all;
mod route;
mod search;
mod state;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::booking::{CompanyTicket, Seller};
use domain::id::{BookingId, CompanyId, PartnerId, RouteId, TicketId, TripId};
use domain::money::{Currency, Money};
use domain::payment_window::PAYMENT_WINDOW;
use domain::reference::Reference;
use domain::ticket::{PaymentStatus, State, Stored, TicketStatus};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::LockedTicket;
use super::whole::{Row, assemble};
use crate::error::AppResult;
use crate::journey::DepartureKey;
use crate::permission;

pub use search::SearchText;
use search::Wanted;

/// Which tickets a page shows.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Only those in one of these stored states.
    pub stored: Vec<Stored>,
    /// Only those that board from the first instant until before the second.
    pub boarding: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Only those of this route.
    pub route_id: Option<RouteId>,
    /// Only those in this booking.
    pub booking_id: Option<BookingId>,
    /// Only those that match this.
    pub text: Option<SearchText>,
    /// Page size.
    pub take: i64,
    /// Number of entries to skip.
    pub skip: i64,
}

/// A page of a company's tickets, newest first, and how many there are in all.
///
/// # Errors
/// Validation of `search`, when it finds more than a search may.
pub async fn page(
    conn: &mut PgConnection,
    company_id: CompanyId,
    filter: &Filter,
    now: DateTime<Utc>,
) -> AppResult<(Vec<TicketId>, i64)> {
    let found = match (&filter.text, filter.booking_id) {
        (None, None) => None,
        _ => Some(search::candidates(conn, company_id, filter).await?),
    };
    let (ids, total) = match (found, filter.boarding, filter.route_id) {
        (Some(found), _, _) => search::of_these(conn, company_id, filter, &found, now).await?,
        (None, Some(boarding), _) => of_day(conn, company_id, filter, boarding, now).await?,
        (None, None, Some(route_id)) => route::page(conn, company_id, route_id, filter, now).await?,
        (None, None, None) if filter.is_everything() => all::page(conn, company_id, filter.take, filter.skip).await?,
        (None, None, None) => state::page(conn, company_id, filter, now).await?,
    };
    Ok((ids.into_iter().map(TicketId).collect(), total))
}

/// A day is a range of `tickets_company_boarding_idx`; its tickets are few enough to be checked one by one.
async fn of_day(
    conn: &mut PgConnection,
    company_id: CompanyId,
    filter: &Filter,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> AppResult<(Vec<Uuid>, i64)> {
    let wanted = Wanted::of(&filter.stored);
    let row = sqlx::query!(
        r#"with hit as materialized (
               select t.id
               from tickets t
               join unnest($2::text[], $3::text[], $4::boolean[]) as wanted (status, payment_status, overdue)
                    on (t.status, t.payment_status) = (wanted.status, wanted.payment_status)
                    and (wanted.overdue is null or (t.created_at <= $5) = wanted.overdue)
               where t.company_id = $1 and t.boarding_at >= $6 and t.boarding_at < $7
                 and ($8::uuid is null or t.trip_id in (select id from trips where route_id = $8))
           )
           select array(select id from hit order by id desc limit $9 offset $10) as "ids!",
                  (select count(*) from hit) as "total!""#,
        company_id as CompanyId,
        &wanted.statuses,
        &wanted.payment_statuses,
        &wanted.overdue as &[Option<bool>],
        now - PAYMENT_WINDOW,
        from,
        until,
        filter.route_id.map(|id| id.0),
        filter.take,
        filter.skip,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.ids, row.total))
}

/// A company's tickets by id, in the given order, as they read at `now`. Unknown ids, those of other companies, and
/// tickets that cannot be read are left out; the last are logged with the reason.
///
/// # Errors
/// Database errors only.
pub async fn load(
    conn: &mut PgConnection,
    company_id: CompanyId,
    ids: &[TicketId],
    now: DateTime<Utc>,
) -> AppResult<Vec<CompanyTicket>> {
    let wanted: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query_as!(
        Row,
        r#"select t.id, t.reference as "reference: Reference", t.booking_id, t.company_id, t.partner_id, t.trip_id, t.service_day, t.boarding_position,
                  t.alighting_position, t.seat, t.status as "status: TicketStatus",
                  t.payment_status as "payment_status: PaymentStatus", t.price_id, t.price, t.currency, t.discount_id,
                  t.refund_amount, t.note, t.created_at, t.passenger_id, p.first_name, p.last_name, p.email
           from tickets t join passengers p on p.id = t.passenger_id
           where t.id = any($1) and t.company_id = $2"#,
        &wanted,
        company_id as CompanyId,
    )
    .fetch_all(&mut *conn)
    .await?;
    let partners: Vec<Uuid> = rows.iter().map(|row| row.partner_id).collect();
    let permissions = permission::of_company(conn, company_id, &partners).await?;
    let whole = assemble(conn, rows, |row| permissions.of(PartnerId(row.partner_id)), now).await?;
    let mut tickets: HashMap<TicketId, _> = whole.tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect();
    let rows = sqlx::query!(
        r#"select t.id as "id: TicketId", t.partner_id as "partner_id: PartnerId", t.prepaid, t.updated_at,
                  p.slug, p.name
           from tickets t join partners p on p.id = t.partner_id
           where t.id = any($1) and t.company_id = $2"#,
        &wanted,
        company_id as CompanyId,
    )
    .fetch_all(conn)
    .await?;
    let mut tickets: HashMap<TicketId, CompanyTicket> = rows
        .into_iter()
        .filter_map(|row| {
            let ticket = CompanyTicket {
                ticket: tickets.remove(&row.id)?,
                partner: Seller {
                    id: row.partner_id,
                    slug: row.slug,
                    name: row.name,
                },
                prepaid: row.prepaid,
                updated_at: row.updated_at,
            };
            Some((row.id, ticket))
        })
        .collect();
    Ok(ids.iter().filter_map(|id| tickets.remove(id)).collect())
}

/// The departure that a company's ticket is on.
///
/// # Errors
/// Database errors only.
pub async fn departure(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TicketId,
) -> AppResult<Option<DepartureKey>> {
    let row = sqlx::query!(
        "select trip_id, service_day from tickets where company_id = $1 and id = $2",
        company_id as CompanyId,
        id as TicketId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (TripId(row.trip_id), row.service_day)))
}

/// Locks a company's ticket, with what is recorded as prepaid; call it after its departure is locked.
///
/// # Errors
/// Database errors only.
pub async fn lock(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TicketId,
) -> AppResult<Option<(LockedTicket, Decimal)>> {
    let row = sqlx::query!(
        r#"select trip_id, service_day, boarding_position, alighting_position, boarding_at, seat,
                  status as "status: TicketStatus", payment_status as "payment_status: PaymentStatus",
                  price, currency as "currency: Currency", prepaid, created_at
           from tickets where company_id = $1 and id = $2 for update"#,
        company_id as CompanyId,
        id as TicketId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| {
        let ticket = LockedTicket {
            id,
            company_id,
            departure: (TripId(row.trip_id), row.service_day),
            segment: row.boarding_position.unsigned_abs()..row.alighting_position.unsigned_abs(),
            boarding_at: row.boarding_at,
            seat: row.seat.unsigned_abs(),
            state: State {
                status: row.status,
                payment_status: row.payment_status,
            },
            price: Money::new(row.price, row.currency),
            created_at: row.created_at,
        };
        (ticket, row.prepaid)
    }))
}
