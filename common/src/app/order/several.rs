//! An action on orders (tickets) that may lie in several bookings.

use super::{ATTEMPTS, Ordered, attempt, reading};
use crate::app::work::Work;
use crate::app::{Actor, Platform};
use crate::domain::order::Action;
use crate::domain::usage::Counts;
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
    work: &Work,
    partner_id: PartnerId,
    action: Action,
    orders: &[TicketId],
    cause: &Cause,
) -> AppResult<Vec<Ordered>> {
    let actor = Actor::new(partner_id, cause.clone());
    for _ in 0..ATTEMPTS {
        let now = platform.clock.now();
        let mut tx = work.begin().await?;
        let bookings = reading::bookings(&mut tx, partner_id, orders).await?;
        match attempt(&mut tx, &actor, partner_id, &bookings, action, Some(orders), now).await {
            // They were there a moment ago.
            Ok(None) | Err(AppError::NotFound(Noun::Order)) => {}
            Ok(Some(count)) => {
                tx.commit().await?;
                platform.usage.note(partner_id, now, Counts::action(action, count));
                let mut after = work.read().await?;
                let orders = reading::read(&mut after, partner_id, orders, platform.clock.now()).await?;
                after.commit().await?;
                return Ok(orders);
            }
            Err(error) => return Err(error),
        }
    }
    Err(AppError::Unavailable("the tickets keep moving"))
}
