//! Pages of a partner's tickets, across all bookings.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::id::{BookingId, PartnerId, TicketId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;
use crate::list_count::{self, List, Paged};

/// Which tickets a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Only those that were created on this UTC day.
    pub created_day: Option<NaiveDate>,
    /// Page size.
    pub take: i64,
    /// Number of entries to skip.
    pub skip: i64,
}

/// A page of a partner's tickets with their bookings, newest first, and how many there are in all.
///
/// The total is maintained; the page is read from an index in its order. What is skipped costs index entries of one day
/// at most.
///
/// # Errors
/// Database errors only.
pub async fn page(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    filter: Filter,
) -> AppResult<(Vec<(TicketId, BookingId)>, i64)> {
    let total = list_count::of_day(conn, List::TicketsByCreation, partner_id.0, filter.created_day).await?;
    // From the index alone; then the bookings of the tickets shown are looked up.
    let ids = match filter.created_day {
        Some(day) => {
            sqlx::query_scalar!(
                "select id from tickets where partner_id = $1 and (created_at at time zone 'UTC')::date = $2
                 order by id desc limit $3 offset $4",
                partner_id as PartnerId,
                day,
                filter.take,
                filter.skip,
            )
            .fetch_all(&mut *conn)
            .await?
        }
        None => {
            let (first, skip) = list_count::page_start(conn, Paged::Tickets, partner_id.0, filter.skip).await?;
            sqlx::query_scalar!(
                "select id from tickets where partner_id = $1 and id <= $2 order by id desc limit $3 offset $4",
                partner_id as PartnerId,
                first,
                filter.take,
                skip,
            )
            .fetch_all(&mut *conn)
            .await?
        }
    };
    let ids: Vec<TicketId> = ids.into_iter().map(TicketId).collect();
    let in_bookings: HashMap<TicketId, BookingId> = bookings(conn, partner_id, &ids).await?.into_iter().collect();
    let tickets = ids.into_iter().filter_map(|id| Some((id, *in_bookings.get(&id)?)));
    Ok((tickets.collect(), total))
}

/// The bookings that a partner's tickets are in now. Unknown ids and those of other partners are left out.
///
/// # Errors
/// Database errors only.
pub async fn bookings(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    ids: &[TicketId],
) -> AppResult<Vec<(TicketId, BookingId)>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        "select id, booking_id from tickets where partner_id = $1 and id = any($2)",
        partner_id as PartnerId,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (TicketId(row.id), BookingId(row.booking_id)))
        .collect())
}
