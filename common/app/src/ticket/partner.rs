//! Reads tickets one by one, from any booking. Each is read with its booking, so that both views are identical.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
pub use db::ticket::page::Filter;
use domain::booking::Ticket;
use domain::id::{BookingId, PartnerId, TicketId};
use domain::language::Language;
use sqlx::PgConnection;

use crate::Platform;
use crate::error::{AppError, AppResult, Noun};

/// A ticket outside its booking.
#[derive(Debug, Clone)]
pub struct PartnerTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// Language of its booking.
    pub language: Language,
}

/// A page of a partner's tickets, newest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(platform: &Platform, partner_id: PartnerId, filter: Filter) -> AppResult<(Vec<PartnerTicket>, i64)> {
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let (page, total) = db::ticket::page::page(&mut snapshot, partner_id, filter).await?;
    let ids: Vec<TicketId> = page.iter().map(|(ticket, _)| *ticket).collect();
    let bookings: Vec<BookingId> = page.into_iter().map(|(_, booking)| booking).collect();
    let tickets = load(&mut snapshot, partner_id, &ids, bookings, platform.clock.now()).await?;
    snapshot.commit().await?;
    Ok((tickets, total))
}

/// A partner's tickets, in the order of `ids`.
///
/// # Errors
/// Not found, when one is unknown or another partner's.
pub async fn find(platform: &Platform, partner_id: PartnerId, ids: &[TicketId]) -> AppResult<Vec<PartnerTicket>> {
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let bookings = bookings(&mut snapshot, partner_id, ids).await?;
    let tickets = load(&mut snapshot, partner_id, ids, bookings, platform.clock.now()).await?;
    snapshot.commit().await?;
    // They all exist, so a failure to read one must not be reported as not found.
    if tickets.len() < ids.len() {
        return Err(AppError::Internal(format!("one of the tickets {ids:?} cannot be read")));
    }
    Ok(tickets)
}

/// The bookings that a partner's tickets are in, each once.
pub(crate) async fn bookings(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    ids: &[TicketId],
) -> AppResult<Vec<BookingId>> {
    let found: HashMap<TicketId, BookingId> = db::ticket::page::bookings(conn, partner_id, ids)
        .await?
        .into_iter()
        .collect();
    if ids.iter().any(|id| !found.contains_key(id)) {
        return Err(AppError::NotFound(Noun::Ticket));
    }
    let mut bookings: Vec<BookingId> = found.into_values().collect();
    bookings.sort_unstable();
    bookings.dedup();
    Ok(bookings)
}

async fn load(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    ids: &[TicketId],
    mut bookings: Vec<BookingId>,
    now: DateTime<Utc>,
) -> AppResult<Vec<PartnerTicket>> {
    bookings.sort_unstable();
    bookings.dedup();
    let bookings = db::booking::load(conn, partner_id, &bookings, now).await?;
    let tickets: HashMap<TicketId, PartnerTicket> = bookings
        .into_iter()
        .flat_map(|booking| {
            let language = booking.language;
            let tickets = booking.tickets.into_iter();
            tickets.map(move |ticket| (ticket.id, PartnerTicket { ticket, language }))
        })
        .collect();
    Ok(ids.iter().filter_map(|id| tickets.get(id).cloned()).collect())
}
