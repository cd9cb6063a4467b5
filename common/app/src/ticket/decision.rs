//! Decisions of a company about its tickets: confirm, reject, record a prepayment (contract section 7).

use chrono::{DateTime, Utc};
use db::ticket::{LockedTicket, Update};
use domain::id::{CompanyId, TicketId};
use domain::ticket::Decision;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::company::{Record, read};
use super::{note_freed_seats, record};
use crate::error::{AppError, AppResult, Noun};
use crate::work::Work;
use crate::{Actor, Platform};

/// How often a decision is retried when the ticket moves meanwhile.
const ATTEMPTS: usize = 3;

/// Decides on a company's ticket, in one transaction that locks its departure and the ticket, so that of concurrent
/// decisions, payments and cancellations each sees the result of the one before it. `prepaid` is the amount paid in
/// advance; by default, the amount that the partner recorded at the sale. Returns the ticket after the decision, with
/// its history.
///
/// # Errors
/// Not found when it is unknown or another company's; [`AppError::TicketConflict`] when its state does not allow the
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
            note_freed_seats(platform, work);
            return read(work, company_id, id, platform.clock.now()).await;
        }
    }
    Err(AppError::Unavailable("the ticket was moved repeatedly"))
}

/// Carries out a decision in the caller's transaction; false when the ticket moved to another departure meanwhile.
async fn attempt(
    conn: &mut PgConnection,
    company_id: CompanyId,
    actor: &Actor,
    id: TicketId,
    decision: Decision,
    prepaid: Option<Decimal>,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let unknown = || AppError::NotFound(Noun::Ticket);
    let departure = db::ticket::company::departure(conn, company_id, id)
        .await?
        .ok_or_else(unknown)?;
    db::departure::lock(conn, &[departure]).await?;
    let (ticket, recorded) = db::ticket::company::lock(conn, company_id, id)
        .await?
        .ok_or_else(unknown)?;
    if ticket.departure != departure {
        return Ok(false);
    }
    let (state, event) = ticket
        .state
        .at(ticket.created_at, now)
        .decided(decision)
        .ok_or_else(|| AppError::TicketConflict(vec![id]))?;
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
        db::seat::free_seats(conn, &[id.0]).await?;
    }
    record(conn, actor, std::iter::once((id, event, state)), now).await?;
    Ok(true)
}

/// Checks a prepayment: above 0, and at most the price.
fn advance(ticket: &LockedTicket, given: Option<Decimal>, recorded: Decimal) -> AppResult<Decimal> {
    let amount = given.unwrap_or(recorded);
    let price = ticket.price.amount;
    if given.is_none() && recorded.is_zero() {
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
