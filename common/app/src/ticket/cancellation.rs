//! Cancels a ticket on behalf of its company, and previews the refund.

use db::error::AppResult;
use domain::id::{CompanyId, TicketId};
use domain::money::Money;
use domain::refund_rule::Basis;
use domain::ticket::{Action, PaymentStatus};

use super::action_request::{ATTEMPTS, Request, Side};
use super::company::{self, Record};
use super::note_freed_seats;
use crate::error::{AppError, Noun};
use crate::work::Work;
use crate::{Actor, Platform};

/// The refund if a paid ticket is canceled now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refund {
    /// The amount.
    pub amount: Money,
    /// The rule from which it follows.
    pub basis: Basis,
}

/// What would be refunded of a company's ticket if it were canceled now; `None` when nothing was paid.
///
/// # Errors
/// Not found when it is unknown or another company's; [`AppError::TicketConflict`] when it cannot be canceled any more.
pub async fn preview(platform: &Platform, company_id: CompanyId, id: TicketId) -> AppResult<Option<Refund>> {
    let now = platform.clock.now();
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let ticket = company::load(&mut snapshot, company_id, id, now).await?.ticket.ticket;
    let found = db::ticket::ticket_move::find(&mut snapshot, company_id, &[id]).await?;
    let boarding_at = found.first().ok_or(AppError::NotFound(Noun::Ticket))?.boarding_at;
    let rules = db::refund_rule::of_companies(&mut snapshot, &[company_id]).await?;
    let rates = db::published::rates(&mut snapshot).await?;
    snapshot.commit().await?;
    if ticket.state.after(Action::Cancel).is_none() {
        return Err(AppError::TicketConflict(vec![id]));
    }
    if ticket.state.payment_status != PaymentStatus::Paid {
        return Ok(None);
    }
    let rules = rules.get(&company_id).map(Vec::as_slice).unwrap_or_default();
    let basis = Basis::of(rules, ticket.created_at, boarding_at, now);
    let amount = Money::new(basis.amount(ticket.price, &rates), ticket.price.currency);
    Ok(Some(Refund { amount, basis }))
}

/// Cancels a ticket on behalf of its company, regardless of the partner's permissions and of the cancellation cutoff.
/// Returns the ticket with its history.
///
/// # Errors
/// As [`preview`].
pub async fn cancel(
    platform: &Platform,
    work: &Work,
    company_id: CompanyId,
    actor: &Actor,
    id: TicketId,
) -> AppResult<Record> {
    let unknown = || AppError::NotFound(Noun::Ticket);
    for _ in 0..ATTEMPTS {
        let now = platform.clock.now();
        let mut tx = work.begin().await?;
        let found = db::ticket::ticket_move::find(&mut tx, company_id, &[id]).await?;
        let ticket = found.first().ok_or_else(unknown)?;
        let request = Request {
            platform,
            actor,
            partner_id: ticket.partner_id,
            action: Action::Cancel,
            tickets: Some(&[id]),
            side: Side::Company,
        };
        match request.attempt(&mut tx, &[ticket.booking_id], now).await {
            // It existed a moment ago, so it has moved.
            Ok(None) | Err(AppError::NotFound(Noun::Ticket)) => tx.rollback().await?,
            Ok(Some(_)) => {
                tx.commit().await?;
                note_freed_seats(platform, work);
                return company::read(work, company_id, id, platform.clock.now()).await;
            }
            Err(error) => return Err(error),
        }
    }
    Err(AppError::Unavailable("the ticket was moved repeatedly"))
}
