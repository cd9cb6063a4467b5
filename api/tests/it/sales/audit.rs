//! What must hold in the database whenever nobody is at work, whatever happened before.

use crate::sales::support::Shop;

impl Shop {
    /// What must hold whenever nobody is at work, whatever happened before.
    pub async fn audit(&self) {
        for (rule, sql) in RULES {
            let offenders: Vec<String> = sqlx::query_scalar(sql).fetch_all(self.pool()).await.unwrap();
            assert_eq!(offenders, [""; 0], "{rule}");
        }
    }
}

/// Rules of the database, each with a query for what breaks it.
const RULES: [(&str, &str); 6] = [
    (
        "no two tickets hold one seat on overlapping segments",
        "select a.ticket_id::text from seat_holds a join seat_holds b using (trip_id, service_day, seat)
         where a.ticket_id < b.ticket_id and a.stretch && b.stretch",
    ),
    (
        "a ticket holds its seat exactly while it is open or confirmed",
        "select t.id::text from tickets t left join seat_holds h on h.ticket_id = t.id
         where (t.status in ('Processing', 'Confirmed')) <> (h.ticket_id is not null)",
    ),
    (
        "seat, departure and segment of a hold are those of its ticket",
        "select t.id::text from tickets t join seat_holds h on h.ticket_id = t.id
         where (t.trip_id, t.service_day, t.seat) <> (h.trip_id, h.service_day, h.seat)
            or h.stretch <> int4range(t.boarding_position, t.alighting_position)",
    ),
    (
        "every held seat is on the bus",
        "select h.ticket_id::text from seat_holds h
         join departures d using (trip_id, service_day) join buses b on b.id = d.bus_id
         where h.seat not between 1 and b.seats",
    ),
    (
        "a ticket boards when and where the bus calls, and its booking says so",
        "select t.id::text from tickets t join bookings g on g.id = t.booking_id
         left join departure_calls c on (c.trip_id, c.service_day, c.position) = (t.trip_id, t.service_day, t.boarding_position)
         where c.departure_at is distinct from t.boarding_at or g.departure_at <> t.boarding_at",
    ),
    (
        "the last line of history is where the ticket stands",
        "select t.id::text from tickets t cross join lateral (
             select status, payment_status from ticket_history h where h.ticket_id = t.id order by number desc limit 1
         ) as last
         where (last.status, last.payment_status) <> (t.status, t.payment_status)",
    ),
];
