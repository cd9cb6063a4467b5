//! Tickets as a partner pages over them, whatever booking they are in.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;
use crate::id::{BookingId, PartnerId, TicketId};

/// Which tickets a page shows.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Only those that were created on this UTC day.
    pub created_day: Option<NaiveDate>,
    /// At most so many.
    pub take: i64,
    /// After so many.
    pub skip: i64,
}

/// A page of a partner's tickets with their bookings, newest first, and how many there are in all.
///
/// # Errors
/// Database errors only.
pub async fn page(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    filter: Filter,
) -> AppResult<(Vec<(TicketId, BookingId)>, i64)> {
    let from: Option<DateTime<Utc>> = filter.created_day.map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let until = from.map(|from| from + TimeDelta::days(1));
    let rows = sqlx::query!(
        "select id, booking_id from tickets
         where partner_id = $1
           and ($2::timestamptz is null or created_at >= $2) and ($3::timestamptz is null or created_at < $3)
         order by id desc limit $4 offset $5",
        partner_id as PartnerId,
        from,
        until,
        filter.take,
        filter.skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from tickets
           where partner_id = $1
             and ($2::timestamptz is null or created_at >= $2) and ($3::timestamptz is null or created_at < $3)"#,
        partner_id as PartnerId,
        from,
        until,
    )
    .fetch_one(conn)
    .await?;
    let tickets = rows
        .into_iter()
        .map(|row| (TicketId(row.id), BookingId(row.booking_id)));
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
