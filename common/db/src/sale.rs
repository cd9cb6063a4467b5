//! A sale in two statements: one reads the data for the decision under the lock of the departure, the other writes
//! everything.
//!
//! **Why the first read may be outdated.** A statement sees what was committed when it began. The one that takes the
//! lock of the departure may wait for it, and PostgreSQL then gives it the newest version of the locked row but of
//! nothing else (EvalPlanQual): the seats that it read are those before the wait. So the writing statement, which
//! begins when the lock is held, compares. It writes only if the published version and the held seats are those of the
//! decision, and reports it otherwise; the sale then reads again, under the lock that it has, and that read is
//! authoritative. A sale that did not wait needs two statements, and none writes on the basis of outdated data.

use chrono::{DateTime, Utc};
use domain::company::Permission;
use domain::id::{CompanyId, PartnerId, TicketId, TripId};
use domain::payment_window::PAYMENT_WINDOW;
use domain::seat::Hold;
use sqlx::PgConnection;

use super::journey::DepartureKey;
use super::{permission, publication};
use crate::error::AppResult;

mod columns;
mod write;

pub use columns::Sale;
pub use write::{References, Start, write};

/// A departure that carries tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Withdrawn from sale.
    pub closed: bool,
    /// Seats of its bus.
    pub seats: u16,
}

/// The data on which a sale depends, as one statement read it.
#[derive(Debug, Clone)]
pub struct SaleState {
    /// The version under which the sale is to be written.
    pub version: i64,
    /// The version of the published state ([`publication::version`]).
    pub published: i64,
    /// The partner's permissions with the company.
    pub permission: Permission,
    /// The departure, locked; `None` before its first sale, and then what is published is held in place until the end
    /// of the transaction ([`publication::hold`]).
    pub departure: Option<Stored>,
    /// Expired unpaid tickets of the departure, locked. They still hold their seats.
    pub due: Vec<TicketId>,
    /// Who holds which seat, in the order of the tickets' ids.
    pub holds: Vec<(TicketId, Hold)>,
}

/// Locks a departure and reads the data for a sale on it; see the module for what may be outdated.
///
/// The lock order is that of all changes of tickets: the departure, the publication, tickets.
///
/// # Errors
/// Database errors only.
pub async fn read(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    company_id: CompanyId,
    (trip_id, service_day): DepartureKey,
    now: DateTime<Utc>,
) -> AppResult<SaleState> {
    let row = sqlx::query!(
        r#"with departure as materialized (
               select bus_id, coalesce(closed_at, company_closed_at) is not null as closed from departures
               where trip_id = $1 and service_day = $2
               for no key update
           ), held as materialized (
               select pg_advisory_xact_lock_shared($6) where not exists (select from departure)
           ), due as materialized (
               select id from tickets
               where trip_id = $1 and service_day = $2 and status = 'Processing' and payment_status = 'Unpaid'
                 and created_at <= $3 and exists (select from departure)
               order by id for update
           )
           select p.version, p.version - p.unread as "published!", g.id as "grant_id?", g.accesses as "accesses?",
                  d.closed as "closed?", b.seats as "seats?",
                  array(select id from due) as "due!", (select count(*) from held) as "held!",
                  h.tickets as "tickets?", h.seats as "held_seats?", h.boardings as "boardings?",
                  h.alightings as "alightings?", h.fixed as "fixed?"
           from publication p
           left join departure d on true
           left join buses b on b.id = d.bus_id
           left join partner_permissions g on g.partner_id = $4 and g.company_id = $5
           cross join lateral (
               select array_agg(s.ticket_id) as tickets, array_agg(s.seat) as seats,
                      array_agg(lower(s.stretch)) as boardings, array_agg(upper(s.stretch)) as alightings,
                      array_agg(s.fixed) as fixed
               from (select h.ticket_id, h.seat, h.stretch, t.status <> 'Processing' as fixed
                     from seat_holds h join tickets t on t.id = h.ticket_id
                     where h.trip_id = $1 and h.service_day = $2
                     order by h.ticket_id) s
           ) h
           where p.singleton"#,
        trip_id as TripId,
        service_day,
        now - PAYMENT_WINDOW,
        partner_id as PartnerId,
        company_id as CompanyId,
        publication::PUBLISHING,
    )
    .fetch_one(conn)
    .await?;
    let position = |position: i32| u16::try_from(position).unwrap_or(u16::MAX);
    let hold = |((((ticket, seat), boarding), alighting), fixed): ((((_, i16), _), _), _)| {
        let hold = Hold {
            seat: seat.unsigned_abs(),
            segment: position(boarding)..position(alighting),
            fixed,
        };
        (TicketId(ticket), hold)
    };
    let holds = (row.tickets.unwrap_or_default().into_iter())
        .zip(row.held_seats.unwrap_or_default())
        .zip(row.boardings.unwrap_or_default())
        .zip(row.alightings.unwrap_or_default())
        .zip(row.fixed.unwrap_or_default())
        .map(hold);
    Ok(SaleState {
        version: row.version,
        published: row.published,
        permission: match (row.grant_id, row.accesses) {
            (Some(id), Some(accesses)) => permission::granted(id, &accesses),
            _ => Permission::everything(company_id),
        },
        departure: row.closed.zip(row.seats).map(|(closed, seats)| Stored {
            closed,
            seats: seats.unsigned_abs(),
        }),
        due: row.due.into_iter().map(TicketId).collect(),
        holds: holds.collect(),
    })
}
