//! An action on orders (tickets) that may lie in several bookings.

use super::{ATTEMPTS, Ordered, attempt, find, reading};
use crate::app::{Actor, Platform};
use crate::domain::order::Action;
use crate::error::{AppError, AppResult, Noun};
use crate::id::{PartnerId, TicketId};
use crate::jobs::Cause;

/// As [`act`](super::act), on tickets of a partner that may lie in several bookings: one transaction over all of them, all or
/// nothing. Returns them as they are then, in the order in which they were named.
///
/// # Errors
/// As [`act`](super::act); not found when a ticket is unknown or another partner's.
pub async fn act_on(
    platform: &Platform,
    partner_id: PartnerId,
    action: Action,
    orders: &[TicketId],
    cause: &Cause,
) -> AppResult<Vec<Ordered>> {
    let actor = Actor::new(partner_id, cause.clone());
    for _ in 0..ATTEMPTS {
        let mut tx = platform.pool.begin().await?;
        let bookings = reading::bookings(&mut tx, partner_id, orders).await?;
        match attempt(platform, tx, &actor, partner_id, &bookings, action, Some(orders)).await {
            // They were there a moment ago.
            Ok(false) | Err(AppError::NotFound(Noun::Order)) => {}
            Ok(true) => return find(platform, partner_id, orders).await,
            Err(error) => return Err(error),
        }
    }
    Err(AppError::Unavailable("the tickets keep moving"))
}
