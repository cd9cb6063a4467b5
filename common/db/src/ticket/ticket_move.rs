//! Moves of tickets to a new booking, and where they came from.

use chrono::{DateTime, Utc};
use domain::id::{BookingId, CompanyId, PartnerId, PassengerId, StopId, TicketId, TripId};
use domain::language::Language;
use domain::money::Currency;
use domain::seat::Segment;
use domain::ticket::{PaymentStatus, State, TicketStatus};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;
use crate::journey::DepartureKey;

/// A ticket that is to move.
#[derive(Debug, Clone)]
pub struct Movable {
    /// Its id.
    pub id: TicketId,
    /// Its booking.
    pub booking_id: BookingId,
    /// The partner of that booking.
    pub partner_id: PartnerId,
    /// Language of the booking.
    pub language: Language,
    /// Currency of the booking.
    pub currency: Currency,
    /// The departure it is on.
    pub departure: DepartureKey,
    /// Stop and position of boarding.
    pub from: (StopId, u16),
    /// Stop and position of alighting.
    pub to: (StopId, u16),
    /// Instant of boarding.
    pub boarding_at: DateTime<Utc>,
    /// Seat number.
    pub seat: u16,
    /// As stored.
    pub state: State,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Its passenger.
    pub passenger_id: PassengerId,
}

/// A company's tickets by id, with what a move needs to know.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, company_id: CompanyId, ids: &[TicketId]) -> AppResult<Vec<Movable>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select t.id, t.booking_id, t.partner_id, t.trip_id, t.service_day, t.boarding_position, t.alighting_position,
                  t.boarding_at, t.seat, t.created_at, t.passenger_id,
                  t.status as "status: TicketStatus", t.payment_status as "payment_status: PaymentStatus",
                  b.language as "language: Language", b.currency as "currency: Currency",
                  origin.stop_id as from_stop, destination.stop_id as to_stop
           from tickets t
           join bookings b on b.id = t.booking_id
           join departure_calls origin on (origin.trip_id, origin.service_day, origin.position) = (t.trip_id, t.service_day, t.boarding_position)
           join departure_calls destination
                on (destination.trip_id, destination.service_day, destination.position) = (t.trip_id, t.service_day, t.alighting_position)
           where t.id = any($1) and t.company_id = $2
           order by t.id"#,
        &ids,
        company_id as CompanyId,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Movable {
            id: TicketId(row.id),
            booking_id: BookingId(row.booking_id),
            partner_id: PartnerId(row.partner_id),
            language: row.language,
            currency: row.currency,
            departure: (TripId(row.trip_id), row.service_day),
            from: (StopId(row.from_stop), row.boarding_position.unsigned_abs()),
            to: (StopId(row.to_stop), row.alighting_position.unsigned_abs()),
            boarding_at: row.boarding_at,
            seat: row.seat.unsigned_abs(),
            state: State {
                status: row.status,
                payment_status: row.payment_status,
            },
            created_at: row.created_at,
            passenger_id: PassengerId(row.passenger_id),
        })
        .collect())
}

/// Locks tickets; call it after their departures are locked.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, ids: &[TicketId]) -> AppResult<()> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query!("select id from tickets where id = any($1) order by id for update", &ids)
        .fetch_all(conn)
        .await?;
    Ok(())
}

/// Where tickets go.
#[derive(Debug, Clone)]
pub struct Target {
    /// The new booking.
    pub booking_id: BookingId,
    /// The departure.
    pub departure: DepartureKey,
    /// Positions there.
    pub segment: Segment,
    /// Instant of boarding.
    pub boarding_at: DateTime<Utc>,
}

/// Moves tickets and records where they were.
///
/// # Errors
/// Database errors only.
pub async fn move_tickets(
    conn: &mut PgConnection,
    from: BookingId,
    target: &Target,
    seats: &[(TicketId, u16)],
    now: DateTime<Utc>,
) -> AppResult<()> {
    let small = |n: u16| i16::try_from(n).unwrap_or(i16::MAX);
    let (tickets, seats): (Vec<Uuid>, Vec<i16>) = seats.iter().map(|(ticket, seat)| (ticket.0, small(*seat))).unzip();
    let moves: Vec<Uuid> = tickets.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "with moved as (
             update tickets t
             set booking_id = $1, trip_id = $2, service_day = $3, boarding_position = $4, alighting_position = $5,
                 boarding_at = $6, seat = new.seat, updated_at = $7
             from unnest($8::uuid[], $9::smallint[]) as new (id, seat)
             where t.id = new.id
         ), left_behind as (
             update bookings set updated_at = $7 where id = $10
         )
         insert into ticket_moves (id, ticket_id, from_booking_id, to_booking_id, at)
         select id, ticket_id, $10, $1, $7 from unnest($11::uuid[], $8::uuid[]) as new (id, ticket_id)",
        target.booking_id as BookingId,
        target.departure.0 as TripId,
        target.departure.1,
        small(target.segment.start),
        small(target.segment.end),
        target.boarding_at,
        now,
        &tickets,
        &seats,
        from as BookingId,
        &moves,
    )
    .execute(conn)
    .await?;
    Ok(())
}
