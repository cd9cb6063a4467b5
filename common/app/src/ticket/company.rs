//! Reading of and decisions about orders by their company (contract section 7).

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
pub use db::history::Entry;
use db::notification::Owner;
use db::order::Filter;
use db::ticket::{LockedTicket, Update};
use domain::booking::Order;
use domain::id::{BookingId, CompanyId, RouteId, TicketId};
use domain::notification::delivery::Delivery;
use domain::order::{Decision, PaymentStatus, TicketStatus, stored};
use domain::zone::Zone;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::needle::needle;
use super::record;
use crate::error::{AppError, AppResult, Noun};
use crate::work::Work;
use crate::{Actor, Platform};

/// Most history rows that are shown with an order, the latest ones. Usually there is only a handful.
const HISTORY: i64 = 500;

/// Most events of an order whose messages are shown with it, the latest ones.
const EVENTS: i64 = 100;

/// How often a decision looks again when the order moves under it.
const ATTEMPTS: usize = 3;

/// An order and what is recorded about it.
#[derive(Debug, Clone)]
pub struct Record {
    /// The order.
    pub order: Order,
    /// What happened to it, oldest first.
    pub history: Vec<Entry>,
    /// What became of the messages about it, oldest first.
    pub deliveries: Vec<Delivery>,
}

/// A search for orders; all given criteria must match.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// What the user typed: a name, a phone number, an address, an id.
    pub text: Option<String>,
    /// The booking.
    pub booking_id: Option<BookingId>,
    /// Its status at present.
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

/// A page of a company's orders, newest first, and how many there are.
///
/// # Errors
/// Validation of `search`, when it finds more than a search may.
pub async fn list(platform: &Platform, company_id: CompanyId, search: Search) -> AppResult<(Vec<Order>, i64)> {
    let needle = match search.text.as_deref().map(needle) {
        None => None,
        // Nothing to look for finds nothing.
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
        needle,
        take: search.take,
        skip: search.skip,
    };
    let (ids, total) = db::order::page(&mut snapshot, company_id, &filter, now).await?;
    let orders = db::order::load(&mut snapshot, company_id, &ids, now).await?;
    snapshot.commit().await?;
    Ok((orders, total))
}

/// The time zone of a company.
pub(crate) async fn zone(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<Zone> {
    let name = db::company::time_zone(conn, company_id).await?;
    Zone::named(&name).map_err(|error| AppError::Internal(format!("{company_id}: {error}")))
}

/// A company's order and what is recorded about it.
///
/// # Errors
/// Not found, when it is unknown or another company's.
pub async fn get(platform: &Platform, company_id: CompanyId, id: TicketId) -> AppResult<Record> {
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let order = load(&mut snapshot, company_id, id, platform.clock.now()).await?;
    snapshot.commit().await?;
    Ok(order)
}

/// As [`get`], at `now`, after the use case of this work has committed.
pub(super) async fn read(work: &Work, company_id: CompanyId, id: TicketId, now: DateTime<Utc>) -> AppResult<Record> {
    let mut after = work.read().await?;
    let order = load(&mut after, company_id, id, now).await?;
    after.commit().await?;
    Ok(order)
}

pub(super) async fn load(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TicketId,
    now: DateTime<Utc>,
) -> AppResult<Record> {
    let order = db::order::load(conn, company_id, &[id], now).await?.pop();
    let Some(order) = order else {
        // An order that exists but cannot be read is not reported as unknown.
        return Err(match db::order::departure(conn, company_id, id).await? {
            Some(_) => AppError::Internal(format!("order {id} cannot be read")),
            None => AppError::NotFound(Noun::Order),
        });
    };
    let history = db::history::of_ticket(conn, company_id, id, HISTORY).await?;
    let deliveries = db::notification::deliveries(conn, Owner::Company(company_id), &[id], EVENTS).await?;
    Ok(Record {
        order,
        history,
        deliveries,
    })
}

/// Decides on a company's order, in one transaction that holds its departure and itself: of parallel decisions,
/// payments and cancellations each sees what the one before it left. `prepaid` is what was paid in advance; left out,
/// it is what the partner recorded at the sale. Returns the order as the decision left it, and what happened to it.
///
/// # Errors
/// Not found when it is unknown or another company's; [`AppError::OrderConflict`] when its state does not allow the
/// decision; validation of `amount`, for [`Decision::Prepaid`].
pub async fn decide(
    platform: &Platform,
    work: &Work,
    company_id: CompanyId,
    actor: &Actor,
    id: TicketId,
    decision: Decision,
    prepaid: Option<Decimal>,
) -> AppResult<Record> {
    for _ in 0..ATTEMPTS {
        let now = platform.clock.now();
        let mut tx = work.begin().await?;
        if attempt(&mut tx, company_id, actor, id, decision, prepaid, now).await? {
            tx.commit().await?;
            platform.turns.freed_somewhere();
            return read(work, company_id, id, platform.clock.now()).await;
        }
    }
    Err(AppError::Unavailable("the order keeps moving"))
}

/// Carries out a decision in the caller's transaction; false when the order moved to another departure meanwhile.
async fn attempt(
    conn: &mut PgConnection,
    company_id: CompanyId,
    actor: &Actor,
    id: TicketId,
    decision: Decision,
    prepaid: Option<Decimal>,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let unknown = || AppError::NotFound(Noun::Order);
    let departure = db::order::departure(conn, company_id, id).await?.ok_or_else(unknown)?;
    db::departure::lock(conn, &[departure]).await?;
    let (ticket, recorded) = db::order::lock(conn, company_id, id).await?.ok_or_else(unknown)?;
    if ticket.departure != departure {
        return Ok(false);
    }
    let (state, event) = ticket
        .state
        .at(ticket.created_at, now)
        .decided(decision)
        .ok_or_else(|| AppError::OrderConflict(vec![id]))?;
    let prepaid = match decision {
        Decision::Prepaid => Some(advance(&ticket, prepaid, recorded)?),
        Decision::Confirm | Decision::Reject => None,
    };
    let update = Update {
        id,
        state,
        seat: ticket.seat,
        refund_amount: None,
        prepaid,
    };
    db::ticket::update(conn, &[update], now).await?;
    if !state.holds_seat() {
        db::departure::free_seats(conn, &[id.0]).await?;
    }
    record(conn, actor, std::iter::once((id, event, state)), now).await?;
    Ok(true)
}

/// Checks a prepayment: above 0, and at most the price.
fn advance(ticket: &LockedTicket, told: Option<Decimal>, recorded: Decimal) -> AppResult<Decimal> {
    let amount = told.unwrap_or(recorded);
    let price = ticket.price.amount;
    if told.is_none() && recorded.is_zero() {
        Err(AppError::field(
            "amount",
            "required",
            "is required: nothing was recorded at the sale",
        ))
    } else if amount <= Decimal::ZERO {
        Err(AppError::field("amount", "min", "must be more than 0"))
    } else if amount > price {
        let message = format!("must be at most the price, {}", price.normalize());
        Err(AppError::field("amount", "max", message))
    } else {
        Ok(amount)
    }
}
