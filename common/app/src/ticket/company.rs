//! Tickets as their company reads them: list, search, and one with its history (contract section 7).

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
pub use db::history::Entry;
use db::notification::Owner;
use db::ticket::company::Filter;
use domain::booking::CompanyTicket;
use domain::id::{BookingId, CompanyId, RouteId, TicketId};
use domain::notification::delivery::Delivery;
use domain::ticket::{PaymentStatus, TicketStatus, stored};
use domain::zone::Zone;
use sqlx::PgConnection;

use super::search_text::parse;
use crate::Platform;
use crate::error::{AppError, AppResult, Noun};
use crate::work::Work;

/// Maximum number of history rows that are shown with a ticket, the latest ones. Usually there are only a few.
const HISTORY: i64 = 500;

/// Maximum number of events of a ticket whose messages are shown with it, the latest ones.
const EVENTS: i64 = 100;

/// A ticket and what is recorded about it.
#[derive(Debug, Clone)]
pub struct Record {
    /// The ticket.
    pub ticket: CompanyTicket,
    /// What happened to it, oldest first.
    pub history: Vec<Entry>,
    /// The delivery status of the messages about it, oldest first.
    pub deliveries: Vec<Delivery>,
}

/// A search for tickets; all given criteria must match.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The text that the user entered: a name, a phone number, an address, an id.
    pub text: Option<String>,
    /// The booking.
    pub booking_id: Option<BookingId>,
    /// Its current status.
    pub status: Option<TicketStatus>,
    /// Payment status.
    pub payment_status: Option<PaymentStatus>,
    /// Day of boarding, in the time zone of the company.
    pub departure_day: Option<NaiveDate>,
    /// The route.
    pub route_id: Option<RouteId>,
    /// Page size.
    pub take: i64,
    /// Number of entries to skip.
    pub skip: i64,
}

/// A page of a company's tickets, newest first, and how many there are.
///
/// # Errors
/// Validation of `search`, when it finds more than a search may.
pub async fn list(platform: &Platform, company_id: CompanyId, search: Search) -> AppResult<(Vec<CompanyTicket>, i64)> {
    let text = match search.text.as_deref().map(parse) {
        None => None,
        // A text without letters and digits finds nothing.
        Some(None) => return Ok((Vec::new(), 0)),
        Some(found) => found,
    };
    let now = platform.clock.now();
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let boarding = match search.departure_day {
        Some(day) => {
            let zone = zone(&mut snapshot, company_id).await?;
            let start = |day: NaiveDate| zone.instant(day.and_time(NaiveTime::MIN));
            Some((start(day), start(day.succ_opt().unwrap_or(day))))
        }
        None => None,
    };
    let filter = Filter {
        stored: stored(search.status, search.payment_status),
        boarding,
        route_id: search.route_id,
        booking_id: search.booking_id,
        text,
        take: search.take,
        skip: search.skip,
    };
    let (ids, total) = db::ticket::company::page(&mut snapshot, company_id, &filter, now).await?;
    let tickets = db::ticket::company::load(&mut snapshot, company_id, &ids, now).await?;
    snapshot.commit().await?;
    Ok((tickets, total))
}

/// The time zone of a company.
pub(crate) async fn zone(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<Zone> {
    let name = db::company::time_zone(conn, company_id).await?;
    Zone::named(&name).map_err(|error| AppError::Internal(format!("{company_id}: {error}")))
}

/// A company's ticket and what is recorded about it.
///
/// # Errors
/// Not found, when it is unknown or another company's.
pub async fn get(platform: &Platform, company_id: CompanyId, id: TicketId) -> AppResult<Record> {
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let ticket = load(&mut snapshot, company_id, id, platform.clock.now()).await?;
    snapshot.commit().await?;
    Ok(ticket)
}

/// As [`get`], at `now`, after the use case of this work has committed.
pub(super) async fn read(work: &Work, company_id: CompanyId, id: TicketId, now: DateTime<Utc>) -> AppResult<Record> {
    let mut after = work.read().await?;
    let ticket = load(&mut after, company_id, id, now).await?;
    after.commit().await?;
    Ok(ticket)
}

pub(super) async fn load(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TicketId,
    now: DateTime<Utc>,
) -> AppResult<Record> {
    let ticket = db::ticket::company::load(conn, company_id, &[id], now).await?.pop();
    let Some(ticket) = ticket else {
        // A ticket that exists but cannot be read is not reported as unknown.
        return Err(match db::ticket::company::departure(conn, company_id, id).await? {
            Some(_) => AppError::Internal(format!("ticket {id} cannot be read")),
            None => AppError::NotFound(Noun::Ticket),
        });
    };
    let history = db::history::of_ticket(conn, company_id, id, HISTORY).await?;
    let deliveries = db::notification::deliveries(conn, Owner::Company(company_id), &[id], EVENTS).await?;
    Ok(Record {
        ticket,
        history,
        deliveries,
    })
}
