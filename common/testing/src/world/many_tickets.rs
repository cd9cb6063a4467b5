//! Very many tickets, in a few statements.

use domain::id::{CompanyId, PartnerId, TripId};

use super::{SoldTicket, World};

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl World<'_> {
    /// `number` paid tickets, each in a booking of its own, on the departure of one that was sold; created one second
    /// apart from now on. They hold no seats: no bus has that many.
    pub async fn many_tickets(&mut self, like: &SoldTicket, number: i32) {
        sqlx::query!(
            "with new as materialized (
                 select gen_random_uuid() as id, gen_random_uuid() as booking_id, gen_random_uuid() as passenger_id, n,
                     $1::timestamptz + make_interval(secs => n) as at
                 from generate_series(1, $2::integer) as n
             ), booked as (
                 insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
                 select booking_id, $3, 'UK', 'UAH', c.departure_at, at, at
                 from new, departure_calls c where c.trip_id = $4 and c.service_day = $5 and c.position = 0
             ), people as (
                 insert into passengers (id, first_name, last_name)
                 select passenger_id, 'Олена ' || n, 'Коваленко' from new
             ), phones as (
                 insert into passenger_phones (id, passenger_id, position, phone)
                 select gen_random_uuid(), passenger_id, 0, '+38067' || lpad(n::text, 7, '0') from new
             )
             insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
                 boarding_position, alighting_position, boarding_at, seat, status, payment_status, price_id, price,
                 full_price, currency, created_at, updated_at)
             select new.id, booking_id, $3, $6, passenger_id, $4, $5, 0, 1, c.departure_at, 1, 'Confirmed', 'Paid',
                 new.id, n / 100.0, n / 100.0, 'UAH', at, at
             from new, departure_calls c where c.trip_id = $4 and c.service_day = $5 and c.position = 0",
            self.now,
            number,
            like.partner_id as PartnerId,
            like.trip_id as TripId,
            like.service_day,
            like.company_id as CompanyId,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a crowd");
    }
}
