//! How a purchase comes to its transaction: in the order of arrival on its departure, alone or with others.

use std::sync::Arc;

use db::journey::DepartureKey;
use domain::booking::Booking;
use domain::usage::Counts;
use tracing::Instrument;

use super::group::{self, Buyer};
use super::purchase::{Purchase, on_sale};
use super::transaction;
use crate::Platform;
use crate::error::AppResult;
use crate::published::Published;
use crate::work::Work;

/// Sells what was offered; `None` if `published` is no longer current, and the sale must be retried.
pub(super) async fn sell(
    platform: &Platform,
    work: &Work,
    purchase: &Arc<Purchase>,
    published: &Arc<Published>,
) -> AppResult<Option<Booking>> {
    let timetable = &published.timetable;
    let departure = match on_sale(timetable, &purchase.offer, platform.clock.now()) {
        Ok(wanted) => wanted.departure(),
        // The timetable in memory may be older than the offer.
        Err(_) if platform.published().await?.timetable.version() != timetable.version() => return Ok(None),
        Err(error) => return Err(error),
    };
    let sold = match work {
        Work::Own(_) if purchase.is_plain() => sell_with_others(platform, departure, purchase, published).await?,
        // The transaction of a request with an idempotency key belongs to that request.
        Work::Own(_) | Work::Idempotent(_) => sell_alone(platform, work, departure, purchase, published).await?,
    };
    if let Some(booking) = &sold {
        trace::note("booking", booking.id);
    }
    Ok(sold)
}

async fn sell_alone(
    platform: &Platform,
    work: &Work,
    departure: DepartureKey,
    purchase: &Purchase,
    published: &Published,
) -> AppResult<Option<Booking>> {
    // Before a database connection is taken: waiting requests must not occupy connections.
    let mut turn = platform.turns.take(departure).await?;
    let answers = transaction::sell(platform, work, &mut turn, published, &[purchase]).await?;
    let sold = answers.unwrap_or_default().into_iter().flatten().next().transpose()?;
    if let Some(booking) = &sold {
        let (usage, partner_id, now) = (
            Arc::clone(&platform.usage),
            purchase.offer.partner_id,
            booking.created_at,
        );
        // The turn ends with the transaction: until then, those who wait for it need no connection.
        work.after_commit(move || {
            drop(turn);
            usage.note(partner_id, now, Counts::booking());
        });
    }
    Ok(sold)
}

/// Waits for the turn, and then sells together with purchases that wait behind this one; or until a purchase before it
/// has taken this one along.
async fn sell_with_others(
    platform: &Platform,
    departure: DepartureKey,
    purchase: &Arc<Purchase>,
    published: &Arc<Published>,
) -> AppResult<Option<Booking>> {
    let (buyer, mut answer) = Buyer::new(purchase, published);
    let place = platform.turns.join(departure, buyer);
    let turn = tokio::select! {
        biased;
        answer = &mut answer => return group::outcome_of(answer),
        turn = place.turn() => turn,
    };
    match turn {
        Ok(turn) => {
            let buyers = place.take_along(group::MOST, |other| other.is_like(purchase, published));
            let sale = group::sell(platform.clone(), turn, buyers);
            // A task begins without a place in a trace: its spans would begin new ones.
            let sale = trace::sampling::in_place(purchase.actor.cause.traceparent, sale);
            // A task of its own: that a client gives up must not end the sales of the others.
            tokio::spawn(sale.in_current_span());
        }
        Err(error) if place.leave() => return Err(error),
        // Another purchase has taken it along in the meantime.
        Err(_) => {}
    }
    group::outcome_of(answer.await)
}
