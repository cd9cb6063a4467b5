//! Expired unpaid tickets.

use chrono::{DateTime, Utc};
use domain::id::{TicketId, TripId};
use domain::payment_window::PAYMENT_WINDOW;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;
use crate::journey::DepartureKey;

/// Locks expired unpaid tickets of one departure.
///
/// # Errors
/// Database errors only.
pub async fn lock_of(
    conn: &mut PgConnection,
    (trip_id, service_day): DepartureKey,
    now: DateTime<Utc>,
) -> AppResult<Vec<TicketId>> {
    let ids = sqlx::query_scalar!(
        "select id from tickets
         where trip_id = $1 and service_day = $2 and status = 'Processing' and payment_status = 'Unpaid' and created_at <= $3
         order by id for update",
        trip_id as TripId,
        service_day,
        now - PAYMENT_WINDOW,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

/// Locks the oldest expired unpaid tickets, at most `limit`, skipping those that are locked: concurrent sweeps share
/// the work.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, limit: i64, now: DateTime<Utc>) -> AppResult<Vec<TicketId>> {
    let ids = sqlx::query_scalar!(
        "select id from tickets
         where status = 'Processing' and payment_status = 'Unpaid' and created_at <= $1
         order by created_at limit $2 for update skip locked",
        now - PAYMENT_WINDOW,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(TicketId).collect())
}

/// Closes locked tickets as Uncompleted and frees their seats.
///
/// # Errors
/// Database errors only.
pub async fn expire(conn: &mut PgConnection, tickets: &[TicketId], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<Uuid> = tickets.iter().map(|ticket| ticket.0).collect();
    sqlx::query!(
        "with freed as (
             delete from seat_holds where ticket_id = any($1)
         )
         update tickets set status = 'Uncompleted', updated_at = $2 where id = any($1)",
        &ids,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether unpaid tickets are due, no job of this queue and kind waits that will close them, and fewer than `at_once` are
/// running.
///
/// # Errors
/// Database errors only.
pub async fn is_sweep_wanted(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    (queue, kind): (&str, &str),
    at_once: i64,
) -> AppResult<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (
               select from tickets
               where status = 'Processing' and payment_status = 'Unpaid' and created_at <= $1
           ) and not exists (select from jobs where queue = $2 and state = 'ready' and kind = $3)
             and not exists (select from jobs where queue = $2 and state = 'sent' and kind = $3)
             and (select count(*) from jobs where queue = $2 and state = 'running' and kind = $3) < $4 as "wanted!""#,
        now - PAYMENT_WINDOW,
        queue,
        kind,
        at_once,
    )
    .fetch_one(conn)
    .await?)
}
