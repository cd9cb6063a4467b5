//! Seat holds: which seats of a departure are held, and holding, moving and freeing seats. A sale and an action on a ticket
//! write theirs in statements of their own ([`sale`](super::sale), [`ticket::action`](super::ticket::action)).

use chrono::{DateTime, Utc};
use domain::id::{TicketId, TripId};
use domain::seat::{Hold, Segment};
use sqlx::PgConnection;
use sqlx::postgres::types::PgRange;
use uuid::Uuid;

use super::journey::DepartureKey;
use crate::error::{AppError, AppResult};

/// How many seats the bus of a departure has, and who holds which. The departure must be locked first: the bus may have
/// changed while the caller waited for the lock.
///
/// # Errors
/// Database errors only.
pub async fn occupancy(
    conn: &mut PgConnection,
    (trip_id, service_day): DepartureKey,
) -> AppResult<(u16, Vec<(TicketId, Hold)>)> {
    let rows = sqlx::query!(
        r#"select b.seats, h.ticket_id as "ticket_id?", h.seat as "seat?", h.stretch as "stretch?",
                  t.status <> 'Processing' as "fixed?"
           from departures d
           join buses b on b.id = d.bus_id
           left join (seat_holds h join tickets t on t.id = h.ticket_id)
                on (h.trip_id, h.service_day) = (d.trip_id, d.service_day)
           where d.trip_id = $1 and d.service_day = $2
           order by h.ticket_id"#,
        trip_id as TripId,
        service_day,
    )
    .fetch_all(conn)
    .await?;
    let seats = rows.first().map_or(0, |row| row.seats.unsigned_abs());
    let mut holds = Vec::with_capacity(rows.len());
    for row in rows {
        if let (Some(ticket), Some(seat), Some(range), Some(fixed)) = (row.ticket_id, row.seat, row.stretch, row.fixed)
        {
            let hold = Hold {
                seat: seat.unsigned_abs(),
                segment: segment(&range)?,
                fixed,
            };
            holds.push((TicketId(ticket), hold));
        }
    }
    Ok((seats, holds))
}

/// Gives tickets their seats on a departure.
///
/// # Errors
/// Database errors; the constraint `seat_holds_no_overlap` if the lock was not taken.
pub async fn take_seats(
    conn: &mut PgConnection,
    (trip_id, service_day): DepartureKey,
    taken: &[(TicketId, u16, Segment)],
) -> AppResult<()> {
    let tickets: Vec<Uuid> = taken.iter().map(|(ticket, ..)| ticket.0).collect();
    let seats: Vec<i16> = taken.iter().map(|(_, seat, _)| small(*seat)).collect();
    let starts: Vec<i32> = taken.iter().map(|(.., segment)| segment.start.into()).collect();
    let ends: Vec<i32> = taken.iter().map(|(.., segment)| segment.end.into()).collect();
    sqlx::query!(
        "insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
         select ticket_id, $1, $2, seat, int4range(boarding, alighting)
         from unnest($3::uuid[], $4::smallint[], $5::int[], $6::int[]) as taken (ticket_id, seat, boarding, alighting)",
        trip_id as TripId,
        service_day,
        &tickets,
        &seats,
        &starts,
        &ends,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves unconfirmed tickets to other seats, all at once: two may swap.
///
/// # Errors
/// Database errors only.
pub async fn move_seats(conn: &mut PgConnection, moves: &[(TicketId, u16)], now: DateTime<Utc>) -> AppResult<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let (tickets, seats): (Vec<Uuid>, Vec<i16>) = moves.iter().map(|(ticket, seat)| (ticket.0, small(*seat))).unzip();
    sqlx::query!("set constraints seat_holds_no_overlap deferred")
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "with moved as (
             update seat_holds h set seat = new.seat
             from unnest($1::uuid[], $2::smallint[]) as new (ticket_id, seat)
             where h.ticket_id = new.ticket_id
             returning h.ticket_id, h.seat
         )
         update tickets t set seat = moved.seat, updated_at = $3 from moved where t.id = moved.ticket_id",
        &tickets,
        &seats,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("set constraints seat_holds_no_overlap immediate")
        .execute(conn)
        .await?;
    Ok(())
}

/// Frees the seats of tickets.
///
/// # Errors
/// Database errors only.
pub async fn free_seats(conn: &mut PgConnection, tickets: &[Uuid]) -> AppResult<()> {
    sqlx::query!("delete from seat_holds where ticket_id = any($1)", tickets)
        .execute(conn)
        .await?;
    Ok(())
}

fn segment(range: &PgRange<i32>) -> AppResult<Segment> {
    use std::ops::Bound::{Excluded, Included};
    match (range.start, range.end) {
        (Included(start), Excluded(end)) => Ok(cut(start)..cut(end)),
        _ => Err(AppError::Internal(format!("segment of a seat hold: {range:?}"))),
    }
}

fn cut(position: i32) -> u16 {
    u16::try_from(position).unwrap_or(u16::MAX)
}

fn small(seat: u16) -> i16 {
    i16::try_from(seat).unwrap_or(i16::MAX)
}
