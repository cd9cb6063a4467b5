//! Closes expired tickets.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use db::journey::DepartureKey;
use domain::id::TicketId;
use domain::ticket::{Event, State, TicketStatus};
use kernel::clock::Clock;
use ledger::Cause;
use sqlx::{PgConnection, PgPool};
use tracing::Instrument;
use tracing::field::Empty;

use super::record;
use crate::Actor;
use crate::error::AppResult;

/// Tickets that one sweep transaction closes. It holds their rows for about a tenth of a second; a sale on one of their
/// departures waits that long.
const SWEEP_BATCH: i64 = 500;

/// Longest duration of one sweep: a worker that is stopped waits for it. The next job continues.
const BUDGET: Duration = Duration::from_secs(10);

/// Closes locked expired unpaid tickets, in the caller's transaction.
///
/// # Errors
/// Database errors only.
pub async fn expire(conn: &mut PgConnection, cause: &Cause, due: &[TicketId], now: DateTime<Utc>) -> AppResult<()> {
    if due.is_empty() {
        return Ok(());
    }
    db::ticket::expiry::expire(conn, due, now).await?;
    let state = State {
        status: TicketStatus::Uncompleted,
        ..State::NEW
    };
    let events = due.iter().map(|ticket| (*ticket, Event::Uncompleted, state));
    record(conn, &Actor::system(cause.clone()), events, now).await
}

/// Closes the expired unpaid tickets of a locked departure, except `spared`, so that their seats are free for what the
/// caller's transaction does next.
///
/// # Errors
/// Database errors only.
pub async fn expire_on(
    conn: &mut PgConnection,
    cause: &Cause,
    departure: DepartureKey,
    spared: &[TicketId],
    now: DateTime<Utc>,
) -> AppResult<()> {
    let mut due = db::ticket::expiry::lock_of(conn, departure, now).await?;
    due.retain(|ticket| !spared.contains(ticket));
    expire(conn, cause, &due, now).await
}

/// Closes expired unpaid tickets in batches, until none is due or ten seconds are spent; several sweeps may run at once.
/// Returns how many it closed. Each batch has a line in the log, with its tickets.
///
/// # Errors
/// Database errors only; what earlier batches closed stays closed.
pub async fn sweep(pool: &PgPool, clock: &Clock, cause: &Cause) -> AppResult<usize> {
    let start = Instant::now();
    let mut total = 0;
    while start.elapsed() < BUDGET {
        // A span of its own: in the job's span, the tickets of all batches would accumulate.
        let span = tracing::info_span!("batch", orders = Empty);
        let batch = trace::with_log_span(span.clone(), close_batch(pool, clock, cause)).instrument(span);
        let closed = batch.await?;
        total += closed;
        if closed < usize::try_from(SWEEP_BATCH).unwrap_or(usize::MAX) {
            break;
        }
    }
    Ok(total)
}

/// One transaction of a sweep; returns how many tickets it closed.
async fn close_batch(pool: &PgPool, clock: &Clock, cause: &Cause) -> AppResult<usize> {
    let now = clock.now();
    let mut tx = begin(pool).await?;
    let due = db::ticket::expiry::lock(&mut tx, SWEEP_BATCH, now).await?;
    expire(&mut tx, cause, &due, now).await?;
    tx.commit().await?;
    let closed = due.len();
    if closed > 0 {
        tracing::info!(closed, "unpaid tickets closed");
    }
    Ok(closed)
}
