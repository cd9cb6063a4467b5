//! Tickets written straight into the tables, for tests of what happens to sold departures later.

use chrono::{NaiveDate, TimeDelta};
use sqlx::PgConnection;

use crate::domain::order::TicketStatus;
use crate::domain::zone::Zone;
use crate::id::{BookingId, PartnerId, PassengerId, PriceId, TicketId, TripId};

/// A ticket to write.
#[derive(Debug, Clone, Copy)]
pub struct Sale {
    /// On which trip.
    pub trip_id: TripId,
    /// On which service day.
    pub day: NaiveDate,
    /// From which position.
    pub from: i16,
    /// To which position.
    pub to: i16,
    /// Which seat.
    pub seat: i16,
    /// Where it stands; it holds its seat while it is Processing or Confirmed.
    pub status: TicketStatus,
}

/// Writes a booking of one ticket, and its departure with the calls of the present timetable if it is the first.
///
/// # Panics
/// When the trip does not exist or a constraint is violated.
#[expect(clippy::expect_used, reason = "a test harness may panic")]
pub async fn sell(conn: &mut PgConnection, sale: Sale) -> TicketId {
    let zone: String = sqlx::query_scalar("select time_zone from trips where id = $1")
        .bind(sale.trip_id)
        .fetch_one(&mut *conn)
        .await
        .expect("the trip exists");
    let start = Zone::named(&zone).expect("a time zone").service_day_start(sale.day);
    let statements = [
        "insert into departures (trip_id, service_day, bus_id, seats)
         select t.id, $2, b.id, b.seats from trips t join buses b on b.id = t.bus_id where t.id = $1
         on conflict do nothing",
        "insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
         select trip_id, $2, position, stop_id, $3 + arrival * interval '1 second', $3 + departure * interval '1 second'
         from stop_times where trip_id = $1
         on conflict do nothing",
    ];
    for (statement, binds) in statements.iter().zip([2, 3]) {
        let query = sqlx::query(*statement).bind(sale.trip_id).bind(sale.day);
        let query = if binds == 3 { query.bind(start) } else { query };
        query.execute(&mut *conn).await.expect("the departure is stored");
    }
    let (ticket_id, booking_id) = (TicketId::new(), BookingId::new());
    let (passenger_id, now) = (PassengerId::new(), start - TimeDelta::days(1));
    let written = sqlx::query(
        "with partner as (
             insert into partners (id, slug, name, created_at) values ($1, 'sales', 'Sales', $12)
             on conflict (slug) do update set name = excluded.name returning id
         ), call as (
             select departure_at from departure_calls where trip_id = $5 and service_day = $6 and position = $7
         ), booking as (
             insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
             select $2, partner.id, 'UK', 'UAH', call.departure_at, $12, $12 from partner, call returning id
         ), passenger as (
             insert into passengers (id, first_name, last_name) values ($3, 'Olena', 'Test') returning id
         ), ticket as (
             insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
                 boarding_position, alighting_position, boarding_at, seat, status, payment_status, price_id, price,
                 full_price, currency, created_at, updated_at)
             select $4, booking.id, partner.id, r.company_id, passenger.id, $5, $6, $7, $8, call.departure_at, $9, $10,
                 'Unpaid', $11, 760, 760, 'UAH', $12, $12
             from booking, partner, passenger, call, trips t join routes r on r.id = t.route_id where t.id = $5
             returning id
         )
         insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
         select id, $5, $6, $9, int4range($7, $8) from ticket where $10 in ('Processing', 'Confirmed')",
    )
    .bind(PartnerId::new())
    .bind(booking_id)
    .bind(passenger_id)
    .bind(ticket_id)
    .bind(sale.trip_id)
    .bind(sale.day)
    .bind(sale.from)
    .bind(sale.to)
    .bind(sale.seat)
    .bind(sale.status)
    .bind(PriceId::new())
    .bind(now)
    .execute(conn)
    .await;
    written.expect("the ticket is stored");
    ticket_id
}
