//! What happens to orders (tickets): pay, book, cancel, and the end of their time (contract section 5).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::notification::{self, Announcement};
use super::seating::Seating;
use super::work::Work;
use super::{Actor, Platform, booking};
use crate::db;
use crate::db::departure::Locked;
use crate::db::history::{Author, Line};
use crate::db::journey::DepartureKey;
use crate::db::ticket::{LockedTicket, Update};
use crate::domain::booking::Booking;
use crate::domain::company::PartnerAccess;
use crate::domain::order::{Action, Event, PaymentStatus, State};
use crate::domain::refund_rule::{refund, within_grace};
use crate::domain::usage::Counts;
use crate::error::{AppError, AppResult, Noun};
use crate::id::{BookingId, HistoryId, PartnerId, TicketId};
use crate::jobs::Cause;

pub mod carrier;
mod expiry;
mod reading;
mod several;
pub mod transfer;

pub use expiry::{expire, sweep};
pub use reading::{Ordered, find, list, refund_rules};
pub use several::act_on;

/// How often an action looks again when the carrier moves the tickets under it.
const ATTEMPTS: usize = 3;

/// Pays, books or cancels tickets of a partner's booking: all of them, or those of `orders`. All or nothing; of
/// parallel duplicates one succeeds. As with [`booking::get`], a booking whose tickets all moved to one other booking
/// is that one; the second value then is `true`.
///
/// # Errors
/// Not found when the booking is not the partner's or an order is not in it; [`AppError::OrderConflict`] with the
/// offenders; seats unavailable or departure closed when an uncompleted ticket cannot be revived; cancellation closed
/// inside the carrier's cut-off; forbidden when the company does not let the partner cancel, or book what is revived.
pub async fn act(
    platform: &Platform,
    work: &Work,
    partner_id: PartnerId,
    booking_id: BookingId,
    action: Action,
    orders: Option<&[TicketId]>,
    cause: &Cause,
) -> AppResult<(Booking, bool)> {
    let actor = Actor::new(partner_id, cause.clone());
    for _ in 0..ATTEMPTS {
        let now = platform.clock.now();
        let mut tx = work.begin().await?;
        let current = db::booking::current(&mut tx, partner_id, booking_id)
            .await?
            .ok_or(AppError::NotFound(Noun::Booking))?;
        if let Some(count) = attempt(&mut tx, &actor, partner_id, &[current], action, orders, now).await? {
            tx.commit().await?;
            platform.usage.note(partner_id, now, Counts::action(action, count));
            let mut after = work.read().await?;
            let booking = booking::read(&mut after, partner_id, booking_id, platform.clock.now()).await?;
            after.commit().await?;
            return Ok(booking);
        }
    }
    Err(AppError::Unavailable("the booking keeps moving"))
}

/// Carries out an action in the caller's transaction; returns how many tickets it changed, or `None` when they moved to
/// another booking meanwhile.
async fn attempt(
    conn: &mut PgConnection,
    actor: &Actor,
    partner_id: PartnerId,
    bookings: &[BookingId],
    action: Action,
    orders: Option<&[TicketId]>,
    now: DateTime<Utc>,
) -> AppResult<Option<usize>> {
    let keys = db::ticket::departures(conn, partner_id, bookings).await?;
    let departures = db::departure::lock(conn, &keys).await?;
    let tickets = db::ticket::lock(conn, partner_id, bookings).await?;
    if tickets.is_empty() {
        return Ok(None);
    }
    let targets = targets(tickets, orders)?;
    let changes = changes(&targets, action, now)?;
    if action == Action::Cancel {
        may_cancel(conn, partner_id, &targets, now).await?;
    }
    let refunds = if action == Action::Cancel {
        refunds(conn, &targets, now).await?
    } else {
        HashMap::new()
    };
    let seats = match action {
        Action::Cancel => HashMap::new(),
        Action::Pay | Action::Book => revive(conn, actor, partner_id, &departures, &targets, now).await?,
    };
    let updates: Vec<Update> = targets
        .iter()
        .zip(&changes)
        .map(|(ticket, (state, _))| Update {
            id: ticket.id,
            state: *state,
            seat: seats.get(&ticket.id).copied().unwrap_or(ticket.seat),
            refund_amount: refunds.get(&ticket.id).copied(),
            prepaid: None,
        })
        .collect();
    db::ticket::update(conn, &updates, now).await?;
    if action == Action::Cancel {
        let freed: Vec<_> = targets.iter().map(|ticket| ticket.id.0).collect();
        db::departure::free_seats(conn, &freed).await?;
    }
    let events = targets
        .iter()
        .zip(changes)
        .map(|(ticket, (state, event))| (ticket.id, event, state));
    record(conn, actor, events, now).await?;
    Ok(Some(updates.len()))
}

fn targets(tickets: Vec<LockedTicket>, orders: Option<&[TicketId]>) -> AppResult<Vec<LockedTicket>> {
    let Some(orders) = orders else { return Ok(tickets) };
    if orders
        .iter()
        .any(|order| !tickets.iter().any(|ticket| ticket.id == *order))
    {
        return Err(AppError::NotFound(Noun::Order));
    }
    Ok(tickets
        .into_iter()
        .filter(|ticket| orders.contains(&ticket.id))
        .collect())
}

fn changes(targets: &[LockedTicket], action: Action, now: DateTime<Utc>) -> AppResult<Vec<(State, Event)>> {
    let after: Vec<_> = targets
        .iter()
        .map(|ticket| ticket.state.at(ticket.created_at, now).after(action))
        .collect();
    let offenders: Vec<TicketId> = targets
        .iter()
        .zip(&after)
        .filter(|(_, after)| after.is_none())
        .map(|(ticket, _)| ticket.id)
        .collect();
    if offenders.is_empty() {
        Ok(after.into_iter().flatten().collect())
    } else {
        Err(AppError::OrderConflict(offenders))
    }
}

async fn may_cancel(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    targets: &[LockedTicket],
    now: DateTime<Utc>,
) -> AppResult<()> {
    let permissions = db::permission::of_partner(conn, partner_id).await?;
    if targets
        .iter()
        .any(|t| !permissions.of(t.company_id).allows(PartnerAccess::Cancel))
    {
        return Err(AppError::Forbidden("the company does not let this partner cancel"));
    }
    let companies: Vec<_> = targets.iter().map(|ticket| ticket.company_id).collect();
    let cutoffs = db::company::cancellation_cutoffs(conn, &companies).await?;
    let closed = |ticket: &LockedTicket| {
        ticket.state.payment_status == PaymentStatus::Paid
            && !within_grace(ticket.created_at, now)
            && cutoffs
                .get(&ticket.company_id)
                .is_some_and(|cutoff| ticket.boarding_at - now < *cutoff)
    };
    if targets.iter().any(closed) {
        Err(AppError::CancellationClosed)
    } else {
        Ok(())
    }
}

async fn refunds(
    conn: &mut PgConnection,
    targets: &[LockedTicket],
    now: DateTime<Utc>,
) -> AppResult<HashMap<TicketId, Decimal>> {
    let paid: Vec<&LockedTicket> = targets
        .iter()
        .filter(|t| t.state.payment_status == PaymentStatus::Paid)
        .collect();
    let companies: Vec<_> = paid.iter().map(|ticket| ticket.company_id).collect();
    let rules = db::refund_rule::of_companies(conn, &companies).await?;
    let rates = db::published::rates(conn).await?;
    let amount = |ticket: &LockedTicket| {
        let rules = rules.get(&ticket.company_id).map(Vec::as_slice).unwrap_or_default();
        refund(rules, ticket.price, ticket.created_at, ticket.boarding_at, &rates, now)
    };
    Ok(paid.into_iter().map(|ticket| (ticket.id, amount(ticket))).collect())
}

/// Sees to it that every target holds a seat: those that lost theirs (uncompleted, rejected) take it again, else
/// another one. Returns the seats that all targets hold then.
async fn revive(
    conn: &mut PgConnection,
    actor: &Actor,
    partner_id: PartnerId,
    departures: &HashMap<DepartureKey, Locked>,
    targets: &[LockedTicket],
    now: DateTime<Utc>,
) -> AppResult<HashMap<TicketId, u16>> {
    let lapsed = |t: &&LockedTicket| !t.state.at(t.created_at, now).holds_seat();
    if !targets.iter().any(|ticket| lapsed(&ticket)) {
        return Ok(HashMap::new());
    }
    let permissions = db::permission::of_partner(conn, partner_id).await?;
    if targets
        .iter()
        .filter(lapsed)
        .any(|t| !permissions.of(t.company_id).allows(PartnerAccess::Book))
    {
        return Err(AppError::Forbidden("the company does not let this partner book"));
    }
    let mut keys: Vec<DepartureKey> = targets.iter().map(|ticket| ticket.departure).collect();
    keys.sort_unstable();
    keys.dedup();
    let ids: Vec<TicketId> = targets.iter().map(|ticket| ticket.id).collect();
    let mut seats = HashMap::new();
    // A booking's tickets are on one departure, unless a carrier moved some.
    for key in keys {
        let locked = *departures
            .get(&key)
            .ok_or(AppError::Unavailable("the booking changed meanwhile"))?;
        let mut seating = Seating::open(conn, actor, key, &ids, now).await?;
        for ticket in targets.iter().filter(|ticket| ticket.departure == key).filter(lapsed) {
            if locked.closed || ticket.boarding_at <= now {
                return Err(AppError::DepartureClosed);
            }
            if seating.seat_of(ticket.id).is_none() {
                seating
                    .take_again(conn, ticket.id, ticket.seat, &ticket.stretch)
                    .await?;
            }
        }
        let held = targets
            .iter()
            .filter_map(|ticket| Some((ticket.id, seating.seat_of(ticket.id)?)));
        seats.extend(held);
    }
    Ok(seats)
}

/// Writes history for what happened to tickets and announces it to their passengers, in the caller's transaction.
///
/// # Errors
/// Database errors only.
pub async fn record(
    conn: &mut PgConnection,
    actor: &Actor,
    events: impl Iterator<Item = (TicketId, Event, State)>,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let lines: Vec<Line> = events
        .map(|(ticket_id, event, state)| Line {
            id: HistoryId::new(),
            ticket_id,
            event,
            state,
        })
        .collect();
    let author = Author {
        name: &actor.name,
        request_id: actor.cause.request_id.as_deref(),
        reason: actor.reason.as_deref(),
    };
    db::history::insert(conn, &lines, now, author).await?;
    let announcements: Vec<Announcement> = lines
        .iter()
        .map(|line| Announcement {
            ticket_id: line.ticket_id,
            history_id: line.id,
            event: line.event,
        })
        .collect();
    notification::announce(conn, now, &actor.cause, &announcements).await
}
